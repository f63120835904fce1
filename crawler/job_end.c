/* How a job ends: its line of the ledger, and its answer. */
#include <stdio.h>

#include "crawler/job.h"

int job_write_ledger(struct fetch *f, struct job *j, struct diag *d)
{
    j->line.method = j->as_get ? STR("GET") : j->req.method;
    j->line.url = j->at.url.n ? j->at.url : j->req.url;
    j->line.outcome = j->answer.outcome;
    j->line.redirects = (uint32_t)j->seen.n;
    snprintf(j->line.error, sizeof(j->line.error), "%s", j->answer.error);
    if (!j->line.at)
        j->line.at = fetch_now(f);
    return f->opt.ledger ? f->opt.ledger(f->opt.ctx, &j->line, j->robots_for ? NULL : j->tag, d)
                         : 0;
}

int job_done(struct fetch *f, struct job *j, struct diag *d)
{
    if (j->robots_for)
        return gate_take_robots(f, j, d);
    if (f->done_tail)
        f->done_tail->next = j;
    else
        f->done = j;
    f->done_tail = j;
    f->n_done++;
    return 0;
}

int job_refuse(struct fetch *f, struct job *j, enum answer_outcome outcome, const char *why,
               struct diag *d)
{
    int r;

    j->answer =
        (struct answer){ .outcome = outcome, .final_url = j->at.url.n ? j->at.url : j->req.url };
    snprintf(j->answer.error, sizeof(j->answer.error), "%s", why);
    j->line.status = 0;
    j->line.bytes_wire = j->line.bytes_body = 0;
    j->line.ms = 0;
    j->line.at = 0;
    r = job_write_ledger(f, j, d);
    return r ? r : job_done(f, j, d);
}
