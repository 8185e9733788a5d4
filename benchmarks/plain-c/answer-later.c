/* A target that takes its time: answers every request on 127.0.0.1 DELAY_US microseconds after it has read it, or never
 * when that is 0. To be exact it never sleeps while somebody waits, and keeps a processor busy: an idle one takes a tenth
 * of a millisecond to wake, and for a timer as long again. It says in X-Took-Us how many microseconds they really were: a
 * machine whose processors are shared lets it wait now and then. Prints its port, serves until its standard input
 * ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char page[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Took-Us: %llu\r\nContent-Length: 5\r\n\r\npong\n";

/* Requests that wait, in the order of their answers: the delay is the same for all. */
#define WAITING 65536
static struct { int socket; uint64_t read, at; } waiting[WAITING];
static unsigned first, last;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void add(int epoll_set, int socket) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(epoll_set, EPOLL_CTL_ADD, socket, &event);
}

static void answer(void) {
    while (first != last && waiting[first % WAITING].at <= now()) {
        int socket = waiting[first % WAITING].socket;
        char text[256];
        unsigned long long took = (now() - waiting[first++ % WAITING].read) / 1000;
        if (write(socket, text, (size_t)snprintf(text, sizeof text, page, took)) < 0) close(socket);
    }
}

int main(int count, char **words) {
    uint64_t delay = count > 1 ? strtoull(words[1], NULL, 10) * 1000 : 0;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)) {
        perror("answer-later");
        return 1;
    }
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int epoll_set = epoll_create1(EPOLL_CLOEXEC);
    add(epoll_set, listener);
    add(epoll_set, STDIN_FILENO);
    struct epoll_event events[256];
    for (;;) {
        int ready_count = epoll_wait(epoll_set, events, 256, first == last ? -1 : 0);
        for (int i = 0; i < ready_count; i++) {
            int ready = events[i].data.fd;
            if (ready == STDIN_FILENO) return 0;
            if (ready != listener) {
                char request[4096];
                if (read(ready, request, sizeof request) <= 0) {
                    close(ready);
                } else if (delay && last - first < WAITING) {
                    waiting[last % WAITING].socket = ready;
                    waiting[last % WAITING].read = now();
                    waiting[last % WAITING].at = waiting[last % WAITING].read + delay;
                    last++;
                }
                continue;
            }
            int accepted;
            while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                add(epoll_set, accepted);
            }
        }
        answer();
    }
}
