#include "config/check.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/nearest.h"

/* Sites that are left alone, and why; a name is refused where it stands as a word. */
static const struct never_site never[] = {
    { "LinkedIn", "LinkedIn's terms forbid automated reading" },
    { "Naukri", "Naukri's terms forbid automated reading" },
    { "Indeed", "Indeed's terms do not permit automated reading" },
};

const struct never_site *never_sites(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(never);
    return never;
}

static const char *reason_against(struct str id)
{
    while (id.n) {
        size_t n = 0;

        while (n < id.n && ascii_is_alnum(id.p[n]))
            n++;
        for (size_t i = 0; i < ARRAY_LEN(never); i++)
            if (str_eq_fold(str_slice(id, 0, n), str_of(never[i].name)))
                return never[i].why;
        id = str_from(id, n < id.n ? n + 1 : n);
    }
    return NULL;
}

static struct str host_of(struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    size_t end = 0;

    if (at >= 0)
        url = str_from(url, (size_t)at + 3);
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#'
           && url.p[end] != '\\')
        end++;
    url = str_slice(url, 0, end);
    for (size_t i = url.n; i > 0; i--)
        if (url.p[i - 1] == '@') {
            url = str_from(url, i);
            break;
        }
    if (str_starts(url, STR("[")))
        return (at = str_find(url, STR("]"))) < 0 ? url : str_slice(url, 0, (size_t)at + 1);
    return str_cut(&url, ':');
}

/* linkedin.com and in.indeed.co.in, but not linkedin.keka.com, which is a board. */
const char *never_read(struct str url)
{
    enum { SUFFIX = 6 }; /* "com", "co.in", "com.au" */
    struct str host = host_of(url);

    while (host.n) {
        struct str label = str_cut(&host, '.');

        for (size_t i = 0; i < ARRAY_LEN(never) && host.n && host.n <= SUFFIX; i++)
            if (str_eq_fold(label, str_of(never[i].name)))
                return never[i].why;
    }
    return NULL;
}

bool names_loopback(struct str url)
{
    struct str host = host_of(url);

    if (host.n && host.p[host.n - 1] == '.')
        host.n--;
    return str_eq_fold(host, STR("localhost"))
           || (host.n > 10 && str_eq_fold(str_from(host, host.n - 10), STR(".localhost")))
           || str_starts(host, STR("127.")) || str_eq(host, STR("0.0.0.0"))
           || str_eq(host, STR("[::1]")) || str_eq(host, STR("[::]"))
           || (host.n > 11 && str_eq_fold(str_slice(host, 0, 12), STR("[::ffff:127.")));
}

static int refuse_loopback(struct str url, struct diag *d)
{
    if (!names_loopback(url))
        return 0;
    (void)diag_blame(d, ERR_CONFIG, url.p, "%.120s: names this machine, which is not a job board",
                     url.p);
    diag_hint(d, "for test boards: --allow-loopback, or allow_loopback: true in roletide.yaml");
    return ERR_CONFIG;
}

static int unknown_adapter(const struct config *c, struct str name, struct arena *a, struct diag *d)
{
    const char *why = reason_against(name);
    struct str *ids = ARENA_NEW(a, struct str, c->adapters.n);
    ptrdiff_t near;

    (void)diag_blame(d, ERR_CONFIG, name.p, "no adapter is called \"" STR_FMT "\"%s%s",
                     STR_ARG(name), why ? ": " : "", why ? why : "");
    for (size_t i = 0; i < c->adapters.n; i++)
        ids[i] = c->adapters.items[i].id;
    near = nearest_word(name, ids, c->adapters.n);
    if (near >= 0)
        diag_hint(d, "did you mean \"" STR_FMT "\"?", STR_ARG(ids[near]));
    return ERR_CONFIG;
}

static int check_adapter(const struct config *c, const struct adapter *ad, struct arena *a,
                         struct diag *d)
{
    const char *why = reason_against(ad->id);
    int err = 0;

    if (why)
        return diag_blame(d, ERR_CONFIG, ad->id.p, "adapter " STR_FMT ": %s", STR_ARG(ad->id), why);
    if (ad->variant_of.n && !config_adapter(c, ad->variant_of))
        return unknown_adapter(c, ad->variant_of, a, d);
    for (size_t i = 0; !err && !c->settings.allow_loopback && i < ad->steps.n; i++)
        err = refuse_loopback(ad->steps.items[i].url, d);
    for (size_t i = 0; !err && !c->settings.allow_loopback && i < ad->params.n; i++)
        err = refuse_loopback(ad->params.items[i].default_, d);
    return err ? err : adapter_check(ad, d);
}

static int check_source(const struct config *c, const struct source *s, struct arena *a,
                        struct diag *d)
{
    const struct adapter *ad = config_adapter(c, s->adapter);

    if (!ad)
        return unknown_adapter(c, s->adapter, a, d);
    for (size_t i = 0; i < s->params.n; i++) {
        struct str value = s->params.items[i];
        const char *why;
        int err;

        str_cut(&value, '=');
        why = str_find(value, STR("://")) > 0 ? never_read(value) : NULL;
        if (why)
            return diag_blame(d, ERR_CONFIG, value.p, STR_FMT ": %s", STR_ARG(value), why);
        err = c->settings.allow_loopback ? 0 : refuse_loopback(value, d);
        if (err)
            return err;
    }
    return adapter_check_source(ad, s, d);
}

struct board {
    struct str adapter, params;
    const struct source *source;
};

static int by_board(const void *l, const void *r)
{
    const struct board *a = l, *b = r;
    int order = str_cmp(a->adapter, b->adapter);

    order = order ? order : str_cmp(a->params, b->params);
    return order ? order : (a->source > b->source) - (a->source < b->source);
}

/* Read under two keys, each of its ads would be two. */
static int check_once_each(const struct config *c, struct arena *a, struct diag *d)
{
    struct board *boards = ARENA_NEW(a, struct board, c->sources.n + 1);

    for (size_t i = 0; i < c->sources.n; i++) {
        const struct source *s = &c->sources.items[i];

        boards[i] = (struct board){ s->adapter, source_params(a, s), s };
    }
    if (c->sources.n)
        qsort(boards, c->sources.n, sizeof(*boards), by_board);
    for (size_t i = 1; i < c->sources.n; i++) {
        const struct board *x = &boards[i - 1], *y = &boards[i];

        if (!str_eq(x->adapter, y->adapter) || !str_eq(x->params, y->params))
            continue;
        (void)diag_blame(d, ERR_CONFIG, y->source->key.p, STR_FMT ": the same board as " STR_FMT,
                         STR_ARG(y->source->key), STR_ARG(x->source->key));
        diag_hint(d, "`was: " STR_FMT "` gives it a new name and keeps its history",
                  STR_ARG(x->source->key));
        return ERR_CONFIG;
    }
    return 0;
}

int check_boards(const struct config *c, struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < c->adapters.n; i++) {
        int err = check_adapter(c, &c->adapters.items[i], a, d);

        if (err)
            return err;
    }
    for (size_t i = 0; i < c->sources.n; i++) {
        int err = check_source(c, &c->sources.items[i], a, d);

        if (err)
            return err;
    }
    return check_once_each(c, a, d);
}
