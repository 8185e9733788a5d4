// What librrd pays: one update a sample of two values into a file a series (rrd_update_r).
// Usage: rrd-tick FOLDER SERIES TICKS. Prints CPU us and bytes written per sample, and a month of one series in ms.
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

static double cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static long long written(void) {
    FILE *f = fopen("/proc/self/io", "r");
    char line[128];
    long long bytes = 0;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "write_bytes: %lld", &bytes) == 1) break;
    if (f) fclose(f);
    return bytes;
}

int main(int argc, char **argv) {
    if (argc < 4) return 64;
    long series = atol(argv[2]), ticks = atol(argv[3]);
    const char *layout[] = {"DS:up:GAUGE:120:0:1", "DS:ms:GAUGE:120:0:U", "RRA:AVERAGE:0.5:1:43200"};
    mkdir(argv[1], 0700);
    char name[512], value[64];
    const char *values[] = {value};
    time_t begin = 1795305600;
    for (long s = 0; s < series; s++) {
        snprintf(name, sizeof name, "%s/%ld.rrd", argv[1], s);
        if (rrd_create_r(name, 60, begin - 60, 3, layout)) { fprintf(stderr, "%s\n", rrd_get_error()); return 1; }
    }
    long long before_bytes = written();
    double before = cpu_ns();
    for (long tick = 0; tick < ticks; tick++)
        for (long s = 0; s < series; s++) {
            snprintf(name, sizeof name, "%s/%ld.rrd", argv[1], s);
            snprintf(value, sizeof value, "%ld:1:%ld", (long)begin + tick * 60, 34 + (tick + s) % 97);
            if (rrd_update_r(name, NULL, 1, values)) { fprintf(stderr, "%s\n", rrd_get_error()); return 1; }
        }
    double samples = (double)series * ticks;
    printf("librrd: CPU %.3f us/sample, written %.1f bytes/sample\n", (cpu_ns() - before) / samples / 1e3,
        (written() - before_bytes) / samples);
    snprintf(name, sizeof name, "%s/0.rrd", argv[1]);
    double best = 1e18;
    for (int run = 0; run < 20; run++) {
        struct timespec a, b;
        time_t from = begin + ticks * 60 - 30 * 86400, to = begin + ticks * 60;
        unsigned long step = 60, count;
        char **names;
        rrd_value_t *data;
        clock_gettime(CLOCK_MONOTONIC, &a);
        if (rrd_fetch_r(name, "AVERAGE", &from, &to, &step, &count, &names, &data)) return 1;
        clock_gettime(CLOCK_MONOTONIC, &b);
        for (unsigned long i = 0; i < count; i++) free(names[i]);
        free(names);
        free(data);
        double ms = (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6;
        if (ms < best) best = ms;
    }
    printf("librrd: a month of one series, fetched, %.3f ms\n", best);
    return 0;
}
