#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/arena.h"
#include "crawler/job.h"

int64_t fetch_now(const struct fetch *f)
{
    return f->opt.now ? f->opt.now(f->opt.ctx) : (int64_t)time(NULL);
}

static struct host *find_host(struct fetch *f, struct str origin)
{
    struct host *h = table_find(&f->host_of, origin);

    if (h)
        return h;
    h = ARENA_NEW(&f->mem, struct host, 1);
    h->state.host = str_dup(&f->mem, origin);
    table_put(&f->host_of, &f->mem, h->state.host, h);
    *ARENA_PUSH(&f->mem, &f->hosts) = h;
    return h;
}

void job_free(struct fetch *f, struct job *j)
{
    if (!j)
        return;
    f->held -= j->body.n;
    buf_release(&j->body);
    arena_free(&j->mem);
    free(j);
}

struct job *job_new(struct fetch *f)
{
    struct job *j = calloc(1, sizeof(*j));

    if (!j)
        out_of_memory();
    j->held = &f->held;
    j->always = f->always;
    j->allow_loopback = f->opt.allow_loopback;
    return j;
}

void job_copy_request(struct job *j, const struct request *r)
{
    struct arena *a = &j->mem;

    j->req = *r;
    j->req.method = str_dup(a, r->method);
    j->req.url = str_dup(a, r->url);
    j->req.body = str_dup(a, r->body);
    j->req.etag = str_dup(a, r->etag);
    j->req.last_modified = str_dup(a, r->last_modified);
    j->req.pace_group = str_dup(a, r->pace_group);
    j->req.secret_origin = str_dup(a, r->secret_origin);
    for (size_t i = 0; i < r->n_secrets; i++)
        j->req.secrets[i] = str_dup(a, r->secrets[i]);
    for (size_t i = 0; i < r->n_headers; i++) {
        j->req.headers[i].name = str_dup(a, r->headers[i].name);
        j->req.headers[i].value = str_dup(a, r->headers[i].value);
    }
}

bool job_may_fill(const struct job *j, struct str origin)
{
    return j->keys.n && !j->abroad && str_eq(origin, j->keys_origin);
}

/* libcurl reads one URL of a host; the others go where that one went. */
static int check_url(struct fetch *f, struct job *j, struct str url, struct url_parts *ret,
                     struct diag *d)
{
    struct str front = netguard_front(url);
    struct url_parts *known = front.n ? table_find(&f->passed, front) : NULL;
    int r;

    if (known && netguard_beside(&j->mem, url, known, ret))
        return 0;
    r = netguard_url(&j->mem, url, f->opt.allow_loopback, ret, d);
    if (r || known || !front.n || !str_eq(netguard_front(ret->url), front))
        return r;
    known = ARENA_NEW(&f->mem, struct url_parts, 1);
    *known = (struct url_parts){ .url = str_dup(&f->mem, ret->url),
                                 .origin = str_dup(&f->mem, ret->origin),
                                 .name = str_dup(&f->mem, ret->name),
                                 .secure = ret->secure };
    table_put(&f->passed, &f->mem, netguard_front(known->url), known);
    return 0;
}

int job_may_go(const struct fetch *f, struct str url, struct diag *d)
{
    const char *why = f->opt.never ? f->opt.never(url) : NULL;

    return why ? diag_fail(d, ERR_DENIED, STR_FMT ": %s", STR_ARG(url), why) : 0;
}

int job_aim(struct fetch *f, struct job *j, struct str url, struct diag *d)
{
    struct url_parts at;
    int r = check_url(f, j, url, &at, d);

    if (r)
        return r;
    r = job_may_go(f, at.url, d);
    if (r)
        return r;
    j->abroad = j->abroad || (j->at.origin.n && !str_eq(j->at.origin, at.origin));
    j->at = at;
    j->host = find_host(f, at.origin);
    j->own = queue_slot(&f->queue, at.name);
    j->group = j->req.pace_group.n && !j->abroad ? queue_slot(
                   &f->queue, str_printf(&j->mem, "group " STR_FMT, STR_ARG(j->req.pace_group)))
                                                 : j->own;
    return 0;
}

void job_aim_beside(struct job *j, const struct job *like, const char *path)
{
    j->at = like->at;
    j->at.origin = str_dup(&j->mem, like->at.origin);
    j->at.name = str_dup(&j->mem, like->at.name);
    j->at.url = str_printf(&j->mem, STR_FMT "%s", STR_ARG(like->at.origin), path);
    j->host = like->host;
    j->own = like->own;
    j->group = like->group;
}
