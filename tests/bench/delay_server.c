/*
 * delay_server DELAY_US ROBOTS BOARD: a server that takes its time and little else. Every request
 * is answered DELAY_US later with the bytes of a file, ROBOTS for /robots.txt and BOARD for all
 * else, status line included. It prints its port and listens on all of 127.0.0.0/8 until it is
 * killed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cleanup.h"

enum { FDS = 4096, EVENTS = 256, HEAD_MAX = 8192, NS = 1000 };

/* The delay is the same for all, so answers are due in the order in which they were asked for. */
struct due {
    int64_t at_us;
    int fd;
    uint32_t life; /* of the descriptor: the one that asked may be closed by then */
    bool robots;
};

struct server {
    int listener, epoll;
    int64_t delay_us;
    struct buf robots, board;
    uint32_t lives[FDS];
    struct due queue[FDS]; /* a connection asks once at a time, so one a descriptor is enough */
    size_t first, n;
};

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / NS;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "delay_server: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void read_file(const char *path, struct buf *to)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    char part[4096];
    size_t n;

    must(f, path);
    while ((n = fread(part, 1, sizeof(part), f)))
        buf_add(to, (struct str){ part, n });
}

static void watch(struct server *s, int fd)
{
    struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };

    must(!epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e), "epoll");
}

static void let_in(struct server *s)
{
    int fd, on = 1;

    while ((fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        errno = EMFILE;
        must(fd < FDS, "connections");
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        s->lives[fd]++;
        watch(s, fd);
    }
}

static void take(struct server *s, int fd)
{
    char head[HEAD_MAX];
    ssize_t n = recv(fd, head, sizeof(head), 0);
    struct str line = { head, n > 0 ? (size_t)n : 0 };

    if (n <= 0) {
        s->lives[fd]++;
        close(fd);
        return;
    }
    line = str_cut(&line, '\n');
    s->queue[(s->first + s->n) % FDS] = (struct due){ now_us() + s->delay_us, fd, s->lives[fd],
                                                      str_find(line, STR(" /robots.txt")) > 0 };
    s->n++;
}

static void answer_due(struct server *s)
{
    int64_t now = now_us();

    while (s->n && s->queue[s->first].at_us <= now) {
        const struct due *q = &s->queue[s->first];
        struct str answer = buf_str(q->robots ? &s->robots : &s->board);

        if (q->life == s->lives[q->fd] && send(q->fd, answer.p, answer.n, MSG_NOSIGNAL) < 0)
            fprintf(stderr, "delay_server: send: %s\n", strerror(errno));
        s->first = (s->first + 1) % FDS;
        s->n--;
    }
}

static void listen_anywhere(struct server *s)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof(at);

    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    must(s->epoll >= 0 && s->listener >= 0, "socket");
    must(!bind(s->listener, (struct sockaddr *)&at, n) && !listen(s->listener, SOMAXCONN),
         "listen");
    must(!getsockname(s->listener, (struct sockaddr *)&at, &n), "port");
    printf("%u\n", ntohs(at.sin_port));
    fflush(stdout);
    watch(s, s->listener);
}

static void serve(struct server *s)
{
    struct epoll_event events[EVENTS];

    for (;;) {
        int64_t wait = s->n ? s->queue[s->first].at_us - now_us() : INT32_MAX;
        struct timespec t = { wait > 0 ? wait / 1000000 : 0, wait > 0 ? wait % 1000000 * NS : 0 };
        int n = epoll_pwait2(s->epoll, events, EVENTS, &t, NULL);

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == s->listener)
                let_in(s);
            else
                take(s, events[i].data.fd);
        }
        answer_due(s);
    }
}

int main(int argc, char **argv)
{
    static struct server s;

    if (argc != 4 || !str_int(str_of(argv[1]), &s.delay_us)) {
        fputs("usage: delay_server DELAY_US ROBOTS BOARD\n", stderr);
        return 2;
    }
    read_file(argv[2], &s.robots);
    read_file(argv[3], &s.board);
    listen_anywhere(&s);
    serve(&s);
}
