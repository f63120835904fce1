#include "cli/ledger_check.h"

#include "core/cleanup.h"
#include "core/date.h"

enum { MOST_SAID = 20 };

struct replay {
    struct cli *cli;
    struct ledger *ledger;
    struct ledger_check *to;
};

static int take(void *ctx, const struct transfer *t, struct diag *d)
{
    struct replay *p = ctx;
    char why[200] = "", at[DATE_TEXT];
    enum manner m = ledger_take(p->ledger, t, why);

    (void)d;
    p->to->requests++;
    p->to->broken[m]++;
    if (m == MANNER_KEPT || p->to->said.n >= MOST_SAID)
        return 0;
    date_format_iso(t->at, at);
    *ARENA_PUSH(p->cli->run, &p->to->said) = str_printf(p->cli->run, "%s: " STR_FMT " at %s: %s",
                                                        manner_name(m), STR_ARG(t->url), at, why);
    return 0;
}

int ledger_check(struct cli *cli, struct store *s, int64_t since, struct ledger_check *ret,
                 int64_t *ret_broken, struct diag *d)
{
    CLEANUP(arena_free) struct arena hosts = ARENA_INIT;
    struct replay p = { cli, ledger_new(&hosts), ret };
    int r;

    *ret = (struct ledger_check){ 0 };
    r = store_transfers(s, since, take, &p, d);
    *ret_broken = ret->requests - ret->broken[MANNER_KEPT];
    return r;
}
