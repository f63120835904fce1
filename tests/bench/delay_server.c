/*
 * delay_server DELAY_US [WHAT FILE]...: a server that takes its time and little else. Every request
 * is answered DELAY_US later with the bytes of the first FILE whose WHAT stands in the request's
 * line, status line included. Where a file has "########", an answer has eight hex digits that
 * are the address's own, so that no two answers are alike and each is the same tomorrow. It prints
 * its port and listens on all of 127.0.0.0/8 until it is killed. To each line on its standard input
 * it says how many requests it answered since the last, how late the latest answer was, and what
 * CPU that took, both in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/cleanup.h"
#include "core/hash.h"

enum { FDS = 8192, EVENTS = 256, HEAD_MAX = 8192, NS = 1000, PAGES = 8, MARKS = 1024, MARK = 8 };

struct page {
    struct str what;
    struct buf bytes;
    size_t marks[MARKS], n_marks;
};

/* The delay is the same for all, so answers are due in the order in which they were asked for. */
struct due {
    int64_t at_us;
    int fd;
    uint32_t life; /* of the descriptor: the one that asked may be closed by then */
    struct page *page;
    uint64_t address;
};

struct server {
    int listener, epoll;
    int64_t delay_us, late_us, cpu_us;
    uint64_t answered;
    struct page pages[PAGES];
    size_t n_pages;
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

static void read_page(struct page *p, const char *what, const char *path)
{
    CLEANUP(file_close) FILE *f = fopen(path, "rb");
    char part[4096];
    size_t n;

    must(f, path);
    while ((n = fread(part, 1, sizeof(part), f)))
        buf_add(&p->bytes, (struct str){ part, n });
    p->what = str_of(what);
    for (size_t i = 0; i + MARK <= p->bytes.n && p->n_marks < MARKS; i++)
        if (memcmp(p->bytes.p + i, "########", MARK) == 0)
            p->marks[p->n_marks++] = i;
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

static struct page *page_of(struct server *s, struct str line)
{
    for (size_t i = 0; i < s->n_pages; i++)
        if (str_find(line, s->pages[i].what) >= 0)
            return &s->pages[i];
    return NULL;
}

/* Host and target: all else differs from client to client. */
static uint64_t address_of(struct str line, struct str rest)
{
    ptrdiff_t at = str_find_fold(rest, STR("\nHost:"));
    struct str host = at < 0 ? STR("") : str_from(rest, (size_t)at + 1);
    const uint64_t both[] = { hash64_of(line), hash64_of(str_cut(&host, '\r')) };

    return hash64_of((struct str){ (const char *)both, sizeof(both) });
}

static void take(struct server *s, int fd)
{
    char head[HEAD_MAX];
    ssize_t n = recv(fd, head, sizeof(head), 0);
    struct str rest = { head, n > 0 ? (size_t)n : 0 }, line;
    struct page *page;

    if (n <= 0) {
        s->lives[fd]++;
        close(fd);
        return;
    }
    line = str_cut(&rest, '\r');
    page = page_of(s, line);
    errno = EINVAL;
    must(page && s->n < FDS, "a request that no file answers");
    s->queue[(s->first + s->n) % FDS] =
        (struct due){ now_us() + s->delay_us, fd, s->lives[fd], page, address_of(line, rest) };
    s->n++;
}

static void answer(struct server *s, const struct due *q)
{
    struct page *page = q->page;
    char name[MARK + 1];

    if (q->life != s->lives[q->fd])
        return;
    snprintf(name, sizeof(name), "%08x", (unsigned)q->address);
    for (size_t i = 0; i < page->n_marks; i++)
        memcpy(page->bytes.p + page->marks[i], name, MARK);
    if (send(q->fd, page->bytes.p, page->bytes.n, MSG_NOSIGNAL) != (ssize_t)page->bytes.n)
        fprintf(stderr, "delay_server: send: %s\n", strerror(errno));
    s->answered++;
}

static void answer_due(struct server *s)
{
    int64_t now = now_us();

    while (s->n && s->queue[s->first].at_us <= now) {
        if (now - s->queue[s->first].at_us > s->late_us)
            s->late_us = now - s->queue[s->first].at_us;
        answer(s, &s->queue[s->first]);
        s->first = (s->first + 1) % FDS;
        s->n--;
        now = now_us();
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
    watch(s, STDIN_FILENO);
}

/* False: nobody listens any more. */
static bool tell(struct server *s)
{
    struct timespec t;
    int64_t cpu_us;
    char line[64];

    if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
        return false;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    cpu_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / NS;
    printf("%" PRIu64 " %" PRId64 " %" PRId64 "\n", s->answered, s->late_us, cpu_us - s->cpu_us);
    fflush(stdout);
    s->answered = 0;
    s->late_us = 0;
    s->cpu_us = cpu_us;
    return true;
}

static void serve(struct server *s)
{
    struct epoll_event events[EVENTS];
    bool on = true;

    while (on) {
        int64_t wait = s->n ? s->queue[s->first].at_us - now_us() : INT32_MAX;
        struct timespec t = { wait > 0 ? wait / 1000000 : 0, wait > 0 ? wait % 1000000 * NS : 0 };
        int n = epoll_pwait2(s->epoll, events, EVENTS, &t, NULL);

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == STDIN_FILENO)
                on = tell(s);
            else if (events[i].data.fd == s->listener)
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

    if (argc < 4 || argc % 2 || argc > 2 + 2 * PAGES || !str_int(str_of(argv[1]), &s.delay_us)) {
        fputs("usage: delay_server DELAY_US [WHAT FILE]...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i += 2)
        read_page(&s.pages[s.n_pages++], argv[i], argv[i + 1]);
    listen_anywhere(&s);
    serve(&s);
}
