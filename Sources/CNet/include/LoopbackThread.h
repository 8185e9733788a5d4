// What the servers on loopback need of Linux and Swift's Glibc does not show.
#include <sys/eventfd.h>

/// Names the calling thread in ps and top; what is longer than 15 bytes is cut.
void loopback_name_thread(const char *name);
