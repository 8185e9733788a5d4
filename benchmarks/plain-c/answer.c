/* The target of the benchmarks: answers every request on 127.0.0.1 with the same small page and leaves closing to the
 * client. Prints its port, serves until its standard input ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char page[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nServer: answer\r\nContent-Length: 5\r\n\r\npong\n";

static void add(int epoll_set, int socket) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(epoll_set, EPOLL_CTL_ADD, socket, &event);
}

static void serve(int socket) {
    char request[4096];
    ssize_t count = read(socket, request, sizeof request);
    /* A request without a body comes in one piece here. */
    if (count <= 0 || write(socket, page, sizeof page - 1) < 0) close(socket);
}

int main(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)) {
        perror("answer");
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
        int count = epoll_wait(epoll_set, events, 256, -1);
        for (int i = 0; i < count; i++) {
            int ready = events[i].data.fd;
            if (ready == STDIN_FILENO) return 0;
            if (ready != listener) {
                serve(ready);
                continue;
            }
            int accepted;
            while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                add(epoll_set, accepted);
            }
        }
    }
}
