#include <stdio.h>

#include "core/date.h"
#include "crawler/job.h"

static void ask_for_robots(struct fetch *f, struct host *h, struct job *asker)
{
    struct job *j = job_new(f);

    j->robots_for = h;
    j->req.method = STR("GET");
    j->req.pace_group = str_dup(&j->mem, asker->req.pace_group);
    job_aim_beside(j, asker, "/robots.txt");
    j->req.url = j->at.url;
    h->robots_job = j;
    queue_push_front(&f->queue, j);
}

/* A copy too old is dropped; one that could not be had is tried again after a rest. */
static void forget_old_robots(struct fetch *f, struct host *h)
{
    int64_t now = fetch_now(f), age = now - h->state.robots_at;

    if (h->robots && !host_robots_fresh(&h->state, now))
        h->robots = NULL;
    if (h->unreachable && (age < 0 || age >= f->opt.breaker_s))
        h->unreachable = false;
}

uint32_t gate_gap_ms(const struct fetch *f, const struct job *j)
{
    uint32_t gap = j->req.gap_ms ? j->req.gap_ms : f->opt.gap_ms;
    double delay =
        j->host->robots && !j->req.robots_exempt ? robots_crawl_delay(j->host->robots) : -1;

    if (delay > f->opt.max_crawl_delay_s) /* only on the way to being refused */
        delay = f->opt.max_crawl_delay_s;
    return delay * 1000 > gap ? (uint32_t)(delay * 1000) : gap;
}

static int refuse_head(struct fetch *f, struct job *j, enum answer_outcome outcome, const char *why,
                       struct diag *d)
{
    int r = job_refuse(f, queue_pop(&f->queue, j->group), outcome, why, d);

    return r ? r : GATE_REFUSED;
}

static int ask_patience(struct fetch *f, struct job *j, struct diag *d)
{
    enum host_gate gate = host_gate(&j->host->state, fetch_now(f));
    char until[DATE_TEXT], why[160];

    if (gate == HOST_OPEN)
        return GATE_OPEN;
    date_format_iso(gate == HOST_PATIENT ? j->host->state.next_ok : j->host->state.breaker_until,
                    until);
    snprintf(why, sizeof(why),
             gate == HOST_PATIENT ? "the host asked to be left alone until %s"
                                  : "the host failed too often; left alone until %s",
             until);
    return refuse_head(f, j, ANSWER_DEFERRED, why, d);
}

static void note_robots(struct job *j, const char *word, uint32_t line)
{
    snprintf(j->line.robots, sizeof(j->line.robots), "%s", word);
    j->line.robots_line = line;
}

static int ask_robots(struct fetch *f, struct job *j, struct diag *d)
{
    struct host *h = j->host;
    struct robots_verdict v;
    char why[200];

    if (h->unreachable) {
        note_robots(j, "unreachable", 0);
        snprintf(why, sizeof(why), "robots.txt could not be had, so all is disallowed: %s", h->why);
        return refuse_head(f, j, ANSWER_DENIED, why, d);
    }
    if (!h->robots) {
        if (h->robots_job)
            return GATE_WAIT;
        ask_for_robots(f, h, j);
        return GATE_REFUSED;
    }
    v = robots_ask(h->robots, j->at.url);
    note_robots(j, !v.allow ? "disallow" : v.line ? "allow" : "none", v.line);
    if (!v.allow) {
        snprintf(why, sizeof(why), "robots.txt line %u disallows it", v.line);
        return refuse_head(f, j, ANSWER_DENIED, why, d);
    }
    if (robots_crawl_delay(h->robots) > f->opt.max_crawl_delay_s) {
        snprintf(why, sizeof(why), "robots.txt asks for %.0f s between requests; the limit is %u",
                 robots_crawl_delay(h->robots), f->opt.max_crawl_delay_s);
        return refuse_head(f, j, ANSWER_DENIED, why, d);
    }
    return GATE_OPEN;
}

int gate_ask(struct fetch *f, struct job *j, struct diag *d)
{
    int r = gate_load_host(f, j->host, d);

    if (r)
        return r;
    r = ask_patience(f, j, d);
    if (r != GATE_OPEN)
        return r;
    if (j->robots_for)
        note_robots(j, "none", 0);
    else if (j->req.robots_exempt)
        note_robots(j, "exempt", 0);
    else {
        forget_old_robots(f, j->host);
        return ask_robots(f, j, d);
    }
    return GATE_OPEN;
}

int gate_learn(struct fetch *f, struct job *j, struct diag *d)
{
    struct host_state *h = &j->host->state;
    int status = j->answer.status;
    int64_t now = fetch_now(f);
    bool changed;

    if (j->answer.outcome == ANSWER_DENIED || j->too_large)
        return 0;
    if (status == 429 || status == 503) {
        char until[DATE_TEXT];

        changed = host_asked_patience(h, transfer_header(j, "Retry-After"), now);
        date_format_iso(h->next_ok, until);
        j->answer.outcome = ANSWER_DEFERRED;
        j->answer.body = (struct str){ 0 };
        snprintf(j->answer.error, sizeof(j->answer.error), "status %d: left alone until %s", status,
                 until);
    } else if (j->answer.outcome == ANSWER_FAILED || status >= 500) {
        changed = host_failed(h, f->opt.breaker_failures, f->opt.breaker_s, now);
    } else {
        changed = host_answered(h);
    }
    return changed ? gate_save_host(f, j->host, d) : 0;
}
