/* What is known of a host: its state, and its robots.txt. */
#include <stdio.h>

#include "core/arena.h"
#include "crawler/job.h"

int gate_save_host(struct fetch *f, const struct host *h, struct diag *d)
{
    return f->opt.save_host ? f->opt.save_host(f->opt.ctx, &h->state, d) : 0;
}

static void parse_robots(struct fetch *f, struct host *h)
{
    h->robots = robots_parse(&h->mem, h->state.robots, f->opt.user_agent);
    h->unreachable = false;
}

int gate_load_host(struct fetch *f, struct host *h, struct diag *d)
{
    struct host_state got = { 0 };
    int r;

    if (h->loaded || !f->opt.load_host)
        return 0;
    r = f->opt.load_host(f->opt.ctx, h->state.host, &h->mem, &got, d);
    if (r < 0)
        return r;
    h->loaded = true;
    if (r > 0)
        return 0;
    got.host = h->state.host;
    h->state = got;
    if (host_robots_fresh(&h->state, fetch_now(f)))
        parse_robots(f, h);
    return 0;
}

/*
 * RFC 9309 2.3.1: an answer is obeyed, 4xx and too many redirects mean there are no rules;
 * anything else means that nothing may be asked until the file can be had.
 */
static void robots_took(struct fetch *f, struct job *j)
{
    struct host *h = j->robots_for;
    int status = j->answer.status;
    bool none = (status >= 400 && status < 500 && status != 429) || j->lost;
    bool whole = status >= 200 && status < 300 && status != 206; /* a part may lack the rule */

    arena_reset(&h->mem);
    h->robots = NULL;
    h->state.robots = (struct str){ 0 };
    h->state.robots_at = fetch_now(f);
    h->state.robots_status = status;
    if (none || (j->answer.outcome == ANSWER_OK && whole)) {
        if (!none)
            h->state.robots = str_dup(&h->mem, j->answer.body);
        parse_robots(f, h);
        return;
    }
    if (status == 429 || status == 503)
        return; /* asked again when the host's own wait is over */
    h->unreachable = true;
    if (status < 400)
        h->state.robots_status = 0;
    if (j->answer.error[0])
        snprintf(h->why, sizeof(h->why), "%.*s", (int)sizeof(h->why) - 1, j->answer.error);
    else
        snprintf(h->why, sizeof(h->why), "status %d", status);
}

int gate_take_robots(struct fetch *f, struct job *j, struct diag *d)
{
    struct host *h = j->robots_for;

    robots_took(f, j);
    h->robots_job = NULL;
    job_free(f, j);
    queue_unblock(&f->queue);
    return gate_save_host(f, h, d);
}
