// What SQLite pays for the same work: a row a sample, WAL, one transaction a tick, synchronous=NORMAL.
// Usage: sqlite-tick FILE SERIES TICKS. Prints CPU us and bytes written per sample, and a month of one series in ms.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static void must(int code, sqlite3 *db) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc < 4) return 64;
    long series = atol(argv[2]), ticks = atol(argv[3]);
    unlink(argv[1]);
    sqlite3 *db;
    must(sqlite3_open(argv[1], &db), db);
    must(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE sample (series INTEGER, time INTEGER, word0 INTEGER, word1 INTEGER,"
        " PRIMARY KEY (series, time)) WITHOUT ROWID", 0, 0, 0), db);
    sqlite3_stmt *insert;
    must(sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?)", -1, &insert, 0), db);
    long long before_bytes = written();
    double before = cpu_ns();
    for (long tick = 0; tick < ticks; tick++) {
        must(sqlite3_exec(db, "BEGIN", 0, 0, 0), db);
        for (long s = 0; s < series; s++) {
            sqlite3_bind_int64(insert, 1, s);
            sqlite3_bind_int64(insert, 2, 1795305600 + tick * 60);
            sqlite3_bind_int64(insert, 3, 0x123456789abcLL + tick);
            sqlite3_bind_int64(insert, 4, 34567 + s);
            must(sqlite3_step(insert), db);
            sqlite3_reset(insert);
        }
        must(sqlite3_exec(db, "COMMIT", 0, 0, 0), db);
    }
    double samples = (double)series * ticks;
    double us = (cpu_ns() - before) / samples / 1e3;
    sqlite3_wal_checkpoint_v2(db, 0, SQLITE_CHECKPOINT_TRUNCATE, 0, 0);
    printf("sqlite: CPU %.3f us/sample, written %.1f bytes/sample\n", us, (written() - before_bytes) / samples);
    // A month of one series.
    must(sqlite3_exec(db, "BEGIN", 0, 0, 0), db);
    for (long m = 0; m < 43200; m++) {
        sqlite3_bind_int64(insert, 1, series + 1);
        sqlite3_bind_int64(insert, 2, 1795305600 + m * 60);
        sqlite3_bind_int64(insert, 3, 1 << 22);
        sqlite3_bind_int64(insert, 4, 30000 + m % 977);
        must(sqlite3_step(insert), db);
        sqlite3_reset(insert);
    }
    must(sqlite3_exec(db, "COMMIT", 0, 0, 0), db);
    sqlite3_stmt *read;
    must(sqlite3_prepare_v2(db, "SELECT word0, word1 FROM sample WHERE series = ? AND time >= ?", -1, &read, 0), db);
    double best = 1e18;
    static unsigned times[50000];
    for (int run = 0; run < 20; run++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        sqlite3_bind_int64(read, 1, series + 1);
        sqlite3_bind_int64(read, 2, 1795305600);
        long count = 0;
        unsigned long long sum = 0;
        while (sqlite3_step(read) == SQLITE_ROW) {
            times[count++] = sqlite3_column_int64(read, 1);
            sum += times[count - 1];
        }
        sqlite3_reset(read);
        clock_gettime(CLOCK_MONOTONIC, &b);
        double ms = (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6;
        if (count == 43200 && sum && ms < best) best = ms;
    }
    printf("sqlite: a month of one series, read and summed, %.3f ms\n", best);
    return 0;
}
