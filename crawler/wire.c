/* The sockets of libcurl's transfers, and its timer, on one epoll: what waits costs nothing. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "crawler/job.h"

enum { EVENTS = 256, WAIT_MAX_MS = 1000, US_PER_MS = 1000 };

int64_t wire_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int watch(CURL *easy, curl_socket_t s, int what, void *user, void *known)
{
    struct wire *w = user;
    struct epoll_event e = { .data.fd = s };
    int r;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(w->epoll, EPOLL_CTL_DEL, s, NULL); /* a closed one has left already */
        return 0;
    }
    e.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    r = epoll_ctl(w->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, s, &e);
    if (r && errno == EEXIST)
        r = epoll_ctl(w->epoll, EPOLL_CTL_MOD, s, &e);
    else if (r && errno == ENOENT)
        r = epoll_ctl(w->epoll, EPOLL_CTL_ADD, s, &e);
    curl_multi_assign(w->multi, s, w);
    return r;
}

static int set_timer(CURLM *multi, long ms, void *user)
{
    struct wire *w = user;

    (void)multi;
    if (ms < 0)
        w->timer_us = PACE_NEVER;
    else
        w->timer_us = ms ? wire_now_us() + (int64_t)ms * US_PER_MS : 0;
    return 0;
}

int wire_open(struct wire *w, struct diag *d)
{
    *w = (struct wire){ .epoll = epoll_create1(EPOLL_CLOEXEC), .timer_us = PACE_NEVER };
    if (w->epoll < 0)
        return diag_fail(d, ERR_NET, "epoll: %s", strerror(errno));
    w->multi = curl_multi_init();
    if (!w->multi)
        return diag_fail(d, ERR_NET, "libcurl: no multi handle");
    curl_multi_setopt(w->multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(w->multi, CURLMOPT_SOCKETDATA, w);
    curl_multi_setopt(w->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(w->multi, CURLMOPT_TIMERDATA, w);
    return 0;
}

void wire_close(struct wire *w)
{
    if (w->multi)
        curl_multi_cleanup(w->multi);
    if (w->epoll >= 0)
        close(w->epoll);
}

static int act(struct wire *w, curl_socket_t s, int what, struct diag *d)
{
    int running;

    if (curl_multi_socket_action(w->multi, s, what, &running) != CURLM_OK)
        return diag_fail(d, ERR_NET, "libcurl: the transfers cannot go on");
    return 0;
}

int wire_kick(struct wire *w, struct diag *d)
{
    if (w->timer_us == PACE_NEVER || (w->timer_us && w->timer_us > wire_now_us()))
        return 0;
    w->timer_us = PACE_NEVER; /* it is set anew where there is more to wait for */
    return act(w, CURL_SOCKET_TIMEOUT, 0, d);
}

/* In whole milliseconds, so that nothing is woken before its time. */
static int nap_ms(const struct wire *w, int64_t until_us)
{
    int64_t until = w->timer_us < until_us ? w->timer_us : until_us, now, ms;

    if (until == PACE_NEVER)
        return WAIT_MAX_MS;
    now = wire_now_us();
    ms = until > now ? (until - now + US_PER_MS - 1) / US_PER_MS : 0;
    return ms > WAIT_MAX_MS ? WAIT_MAX_MS : (int)ms;
}

int wire_wait(struct wire *w, int64_t until_us, struct diag *d)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(w->epoll, events, EVENTS, nap_ms(w, until_us));
    int r = 0;

    if (n < 0 && errno != EINTR)
        return diag_fail(d, ERR_NET, "epoll: %s", strerror(errno));
    for (int i = 0; i < n && !r; i++)
        r = act(w, events[i].data.fd,
                (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0)
                    | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                    | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
                d);
    return r ? r : wire_kick(w, d);
}
