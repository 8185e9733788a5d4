#define _GNU_SOURCE
#include "CNet.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

int cnet_note_arrivals(int socket) {
    int on = 1;
    return setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

int64_t cnet_arrived_ago_ns(int socket) {
    /* Never written: with MSG_TRUNC the kernel copies nothing. */
    static __thread char nowhere[64 << 10];
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec room = {.iov_base = nowhere, .iov_len = sizeof nowhere};
    struct msghdr message = {
        .msg_iov = &room, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(socket, &message, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT) <= 0) return -1;
    const struct cmsghdr *note = CMSG_FIRSTHDR(&message);
    if (!note || note->cmsg_level != SOL_SOCKET || note->cmsg_type != SCM_TIMESTAMPNS) return -1;
    struct timespec then, now;
    memcpy(&then, CMSG_DATA(note), sizeof then);
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t ago = (now.tv_sec - then.tv_sec) * 1000000000LL + (now.tv_nsec - then.tv_nsec);
    return ago < 0 ? 0 : ago;
}
