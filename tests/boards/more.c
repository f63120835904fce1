#include "boards/more.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_NINE = 9, WAITING = 128, TICK_MS = 100 };

struct more {
    struct pollfd *sockets;
    nfds_t n;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    bool serving;
    atomic_bool stopping;
};

static bool is_further(struct arena *a, struct str host, struct in_addr *ret)
{
    uint32_t at;

    if (inet_pton(AF_INET, str_cstr(a, host), ret) != 1)
        return false;
    at = ntohl(ret->s_addr);
    return at >> 24 == 127 && (at < INADDR_LOOPBACK || at >= INADDR_LOOPBACK + FIRST_NINE);
}

static int listener(struct in_addr address, uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = address };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) || listen(fd, WAITING)) {
        close(fd);
        return -1;
    }
    return fd;
}

struct more *more_listen(struct arena *a, const struct sites *sites, uint16_t port)
{
    struct more *m = calloc(1, sizeof(*m));
    struct in_addr address;

    if (!m)
        abort();
    m->sockets = calloc(sites->n + 1, sizeof(*m->sockets));
    if (!m->sockets)
        abort();
    for (size_t i = 0; i < sites->n; i++) {
        if (!is_further(a, sites->items[i].host, &address))
            continue;
        m->sockets[m->n] = (struct pollfd){ .fd = listener(address, port), .events = POLLIN };
        if (m->sockets[m->n++].fd < 0)
            more_stop(&m);
        if (!m)
            return NULL;
    }
    return m;
}

static void *serve(void *user)
{
    struct more *m = user;

    while (!atomic_load(&m->stopping)) {
        if (poll(m->sockets, m->n, TICK_MS) <= 0)
            continue;
        for (nfds_t i = 0; i < m->n; i++) {
            struct sockaddr_in from;
            socklen_t size = sizeof(from);
            int fd = m->sockets[i].revents & POLLIN
                         ? accept4(m->sockets[i].fd, (struct sockaddr *)&from, &size, SOCK_CLOEXEC)
                         : -1;

            if (fd >= 0)
                MHD_add_connection(m->daemon, fd, (const struct sockaddr *)&from, size);
        }
    }
    return NULL;
}

bool more_serve(struct more *m, struct MHD_Daemon *daemon)
{
    m->daemon = daemon;
    m->serving = !pthread_create(&m->thread, NULL, serve, m);
    return m->serving;
}

void more_stop(struct more **more)
{
    struct more *m = *more;

    if (!m)
        return;
    atomic_store(&m->stopping, true);
    if (m->serving)
        pthread_join(m->thread, NULL);
    if (m->daemon)
        MHD_stop_daemon(m->daemon);
    for (nfds_t i = 0; i < m->n; i++)
        if (m->sockets[i].fd >= 0)
            close(m->sockets[i].fd);
    free(m->sockets);
    free(m);
    *more = NULL;
}
