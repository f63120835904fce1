/*
 * bare_curl HOW CONNECTIONS FILE: the least that libcurl can do for the same answers. FILE has the
 * URLs of each host in a run, a line each, and an empty line between hosts. Those of a host are
 * asked one after the other, of as many hosts at once as there are CONNECTIONS, and thrown away.
 * HOW is `poll` (curl_multi_perform and curl_multi_poll) or `epoll` (curl_multi_socket_action).
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/str.h"

enum { LINE_MAX_BYTES = 512, POLL_MS = 1000, CONNECTIONS_KEPT = 512, EVENTS = 256 };

struct work {
    struct strs urls; /* an empty one ends a host's */
    size_t next, running;
    CURLM *multi;
    int epoll;
    long timeout_ms; /* libcurl's own; -1: none */
};

static size_t drop(char *p, size_t size, size_t n, void *user)
{
    (void)p;
    (void)user;
    return size * n;
}

static void ask(struct work *w, CURL *e, size_t i)
{
    curl_easy_setopt(e, CURLOPT_URL, w->urls.items[i].p);
    curl_easy_setopt(e, CURLOPT_PRIVATE, (void *)i);
    curl_multi_add_handle(w->multi, e);
    w->running++;
}

/* The next page of the host, else the first of the next host. */
static void go_on(struct work *w, CURL *e)
{
    char *private = NULL;
    size_t i;

    curl_easy_getinfo(e, CURLINFO_PRIVATE, &private);
    i = (size_t) private + 1;
    curl_multi_remove_handle(w->multi, e);
    w->running--;
    if (w->urls.items[i].n) {
        ask(w, e, i);
        return;
    }
    if (w->next == w->urls.n) {
        curl_easy_cleanup(e);
        return;
    }
    ask(w, e, w->next);
    while (w->urls.items[w->next++].n)
        continue;
}

static int reap(struct work *w)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(w->multi, &left))) {
        if (m->msg != CURLMSG_DONE)
            continue;
        if (m->data.result)
            return 1;
        go_on(w, m->easy_handle);
    }
    return 0;
}

static int run_poll(struct work *w)
{
    int running;

    while (w->running) {
        if (curl_multi_perform(w->multi, &running) || reap(w))
            return 1;
        if (w->running && curl_multi_poll(w->multi, NULL, 0, POLL_MS, NULL))
            return 1;
    }
    return 0;
}

static int watch(CURL *e, curl_socket_t s, int what, void *user, void *known)
{
    struct work *w = user;
    struct epoll_event v = { .events = (what & CURL_POLL_IN ? EPOLLIN : 0u)
                                       | (what & CURL_POLL_OUT ? EPOLLOUT : 0u),
                             .data.fd = s };

    (void)e;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(w->epoll, EPOLL_CTL_DEL, s, NULL);
        return 0;
    }
    curl_multi_assign(w->multi, s, w);
    return epoll_ctl(w->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, s, &v);
}

static int set_timer(CURLM *m, long ms, void *user)
{
    (void)m;
    ((struct work *)user)->timeout_ms = ms;
    return 0;
}

static int act(struct work *w, curl_socket_t s, int what)
{
    int running;

    return curl_multi_socket_action(w->multi, s, what, &running) || reap(w);
}

static int run_epoll(struct work *w)
{
    struct epoll_event events[EVENTS];

    while (w->running) {
        long ms = w->timeout_ms < 0 || w->timeout_ms > POLL_MS ? POLL_MS : w->timeout_ms;
        int n = epoll_wait(w->epoll, events, EVENTS, (int)ms);

        for (int i = 0; i < n; i++)
            if (act(w, events[i].data.fd,
                    (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0)
                        | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                        | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0)))
                return 1;
        if (n > 0 && w->timeout_ms)
            continue;
        w->timeout_ms = -1; /* it fires once */
        if (n < 0 || act(w, CURL_SOCKET_TIMEOUT, 0))
            return 1;
    }
    return 0;
}

static int begin(struct work *w, int64_t connections)
{
    curl_multi_setopt(w->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    if (w->epoll >= 0) {
        curl_multi_setopt(w->multi, CURLMOPT_SOCKETFUNCTION, watch);
        curl_multi_setopt(w->multi, CURLMOPT_SOCKETDATA, w);
        curl_multi_setopt(w->multi, CURLMOPT_TIMERFUNCTION, set_timer);
        curl_multi_setopt(w->multi, CURLMOPT_TIMERDATA, w);
    }
    for (int64_t i = 0; i < connections && w->next < w->urls.n; i++) {
        CURL *e = curl_easy_init();

        if (!e)
            return 1;
        curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L); /* as the crawl, for its reason */
        ask(w, e, w->next);
        while (w->urls.items[w->next++].n)
            continue;
    }
    return 0;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(file_close) FILE *f = argc == 4 ? fopen(argv[3], "r") : NULL;
    struct work w = { .epoll = -1, .timeout_ms = -1 };
    char line[LINE_MAX_BYTES];
    int64_t connections;
    int failed;

    if (!f || !str_int(str_of(argv[2]), &connections)) {
        fputs("usage: bare_curl poll|epoll CONNECTIONS FILE\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof(line), f))
        *ARENA_PUSH(&a, &w.urls) = str_dup(&a, str_trim(str_of(line)));
    (void)ARENA_PUSH(&a, &w.urls);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) || !w.urls.items[0].n)
        return 1;
    if (strcmp(argv[1], "epoll") == 0)
        w.epoll = epoll_create1(EPOLL_CLOEXEC);
    w.multi = curl_multi_init();
    failed = begin(&w, connections);
    if (!failed)
        failed = w.epoll >= 0 ? run_epoll(&w) : run_poll(&w);
    curl_multi_cleanup(w.multi);
    curl_global_cleanup();
    return failed;
}
