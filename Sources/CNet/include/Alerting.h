/* What running a program needs of Linux and Swift's Glibc does not show. */
#include <stddef.h>
#include <sys/types.h>

/* Starts argv[0], looked up on PATH unless it has a slash, in a process group of its own, with `input` as standard
 * input, `output` as standard output and error, no other descriptor, and every signal at its default.
 * Gives back 0 and sets *pid, or the errno of what failed. */
int alerting_spawn(pid_t *pid, char *const argv[], char *const environment[], int input, int output);
/* A descriptor that becomes readable when the child ends; -1 and errno when there is none. */
int alerting_open_pid(pid_t pid);
/* A file in memory that holds `bytes`, at its start; -1 and errno when there is none. */
int alerting_memory_file(const void *bytes, size_t count);
/* Both ends close on exec, and reading never blocks; -1 and errno on failure. */
int alerting_pipe(int ends[2]);
/* A timer that becomes readable once, `nanoseconds` (more than 0) from now; -1 and errno on failure. */
int alerting_timer(long long nanoseconds);
/* Names the calling thread in ps and top; what is longer than 15 bytes is cut. */
void alerting_name_thread(const char *name);
