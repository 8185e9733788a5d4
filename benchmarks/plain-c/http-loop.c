/* The measure: the same HTTP probes as Sonde's reactor, in plain C. libcurl's multi interface, socket_action, one epoll
 * set, one timer, pooled easy handles, a fresh connection for each probe.
 *
 * http-loop URL PROBES IN_FLIGHT [RATE [parts]]: prints the CPU microseconds of this process per probe. RATE: starts so
 * many a second, evenly spaced, instead of one whenever another has ended, which is 0. parts: with the two options that
 * Sonde found to save libcurl work, the URL in parts and no search of the environment for hosts without a proxy. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

struct probe {
    CURL *easy;
    size_t body_bytes;
    size_t header_bytes;
    long long start_ns;
};

static int epoll_set;
static CURLM *multi;
static long long timer_ns = -1;
/* 0: as fast as they end. Otherwise nanoseconds between two starts, when the next is due, and who waits for it. */
static long long pace_ns, next_ns;
static struct probe **idle;
static long idle_count;
static long total, started, finished, failed;
static unsigned long long checksum;

static long long now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static size_t body_arrived(char *bytes, size_t size, size_t count, void *user) {
    (void)bytes;
    ((struct probe *)user)->body_bytes += size * count;
    return size * count;
}

static size_t header_arrived(char *bytes, size_t size, size_t count, void *user) {
    (void)bytes;
    ((struct probe *)user)->header_bytes += size * count;
    return size * count;
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *user, void *socket_user) {
    (void)easy;
    (void)user;
    struct epoll_event event = {.data.fd = socket};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(epoll_set, EPOLL_CTL_DEL, socket, &event);
        curl_multi_assign(multi, socket, NULL);
        return 0;
    }
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    epoll_ctl(epoll_set, socket_user ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    if (!socket_user) curl_multi_assign(multi, socket, &epoll_set);
    return 0;
}

static int set_timer(CURLM *handle, long wait_ms, void *user) {
    (void)handle;
    (void)user;
    timer_ns = wait_ms < 0 ? -1 : now_ns() + wait_ms * 1000000LL;
    return 0;
}

static void start(struct probe *probe) {
    probe->body_bytes = 0;
    probe->header_bytes = 0;
    probe->start_ns = now_ns();
    started++;
    curl_multi_add_handle(multi, probe->easy);
}

/* `parts`: of the URL, or NULL. */
static void prepare(struct probe *probe, const char *url, CURLU *parts) {
    CURL *easy = probe->easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, parts ? NULL : url);
    curl_easy_setopt(easy, CURLOPT_CURLU, parts);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, parts ? "*" : NULL);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, probe);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sonde/0.1.0");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_arrived);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, probe);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_arrived);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, probe);
}

/* Takes what a prober takes: status, legs, total. */
static void finish(CURL *easy, CURLcode result) {
    struct probe *probe;
    long status = 0;
    curl_off_t resolve, connect, handshake, first_byte, whole;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&probe);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolve);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect);
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &handshake);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &whole);
    checksum += (unsigned long long)(resolve + connect + handshake + first_byte + whole);
    curl_multi_remove_handle(multi, easy);
    finished++;
    if (result != CURLE_OK || status != 200) failed++;
    if (pace_ns) idle[idle_count++] = probe;
    else if (started < total) start(probe);
}

/* Starts what is due; gives back how long until the next, in nanoseconds, -1 for never. */
static long long keep_pace(void) {
    if (!pace_ns || started == total) return -1;
    while (started < total && idle_count && next_ns <= now_ns()) {
        start(idle[--idle_count]);
        next_ns += pace_ns;
    }
    long long left_ns = next_ns - now_ns();
    return left_ns > 0 ? left_ns : 0;
}

static void turn(void) {
    struct epoll_event events[256];
    int running = 0, left = 0;
    long long left_ns = keep_pace();
    if (timer_ns >= 0) {
        long long timer_left_ns = timer_ns - now_ns();
        if (timer_left_ns < 0) timer_left_ns = 0;
        if (left_ns < 0 || timer_left_ns < left_ns) left_ns = timer_left_ns;
    }
    int wait_ms = left_ns < 0 ? -1 : (int)((left_ns + 999999) / 1000000);
    int count = epoll_wait(epoll_set, events, 256, wait_ms);
    for (int i = 0; i < count; i++) {
        int what = 0;
        if (events[i].events & EPOLLIN) what |= CURL_CSELECT_IN;
        if (events[i].events & EPOLLOUT) what |= CURL_CSELECT_OUT;
        if (events[i].events & (EPOLLERR | EPOLLHUP)) what |= CURL_CSELECT_ERR;
        curl_multi_socket_action(multi, events[i].data.fd, what, &running);
    }
    if (timer_ns >= 0 && timer_ns <= now_ns()) {
        timer_ns = -1;
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) finish(message->easy_handle, message->data.result);
}

static double cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int count, char **words) {
    if (count < 4 || count > 6) {
        fprintf(stderr, "usage: http-loop URL PROBES IN_FLIGHT [RATE [parts]]\n");
        return 64;
    }
    total = atol(words[2]);
    long in_flight = atol(words[3]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    epoll_set = epoll_create1(EPOLL_CLOEXEC);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    struct probe *probes = calloc((size_t)in_flight, sizeof *probes);
    CURLU *parts = count > 5 ? curl_url() : NULL;
    if (parts && curl_url_set(parts, CURLUPART_URL, words[1], 0)) return 64;
    for (long i = 0; i < in_flight; i++) prepare(&probes[i], words[1], parts);
    double before = cpu_us();
    if (count > 4 && atol(words[4]) > 0) {
        idle = calloc((size_t)in_flight, sizeof *idle);
        for (long i = 0; i < in_flight; i++) idle[idle_count++] = &probes[i];
        pace_ns = 1000000000LL / atol(words[4]);
        next_ns = now_ns();
    }
    for (long i = 0; !pace_ns && i < in_flight && started < total; i++) start(&probes[i]);
    while (finished < total) turn();
    double each = (cpu_us() - before) / (double)total;
    for (long i = 0; i < in_flight; i++) curl_easy_cleanup(probes[i].easy);
    curl_multi_cleanup(multi);
    curl_url_cleanup(parts);
    free(probes);
    free(idle);
    if (failed || !checksum) {
        fprintf(stderr, "%ld of %ld probes failed\n", failed, total);
        return 1;
    }
    printf("%.2f\n", each);
    return 0;
}
