#include <inttypes.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/ledger_check.h"
#include "cli/source_off.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

enum { LATE_DAYS = 2, LEDGER_DAYS = 7 };

static const struct column columns[] = {
    { "state", "", false, false, 0 }, /* ok, BAD, off, note */
    { "what", "", false, false, 0 },
    { "why", "", false, false, 0 },
    { "hint", "", false, false, 0 },
};

/* What was found, as it is found; machines get it as rows at the end. */
struct findings {
    struct cli *cli;
    struct table rows;
};

static void tell(struct findings *f, const char *state, struct str what, const char *why,
                 const char *hint)
{
    if (f->cli->format == OUTPUT_TABLE) {
        printf("%-4s " STR_FMT "%s%s\n", state, STR_ARG(what), *why ? ": " : "", why);
        if (*hint)
            printf("     %s\n", hint);
        return;
    }
    table_add(f->cli, &f->rows, cell_text(state));
    table_add(f->cli, &f->rows, cell_str(str_dup(f->cli->run, what)));
    table_add(f->cli, &f->rows, cell_str(str_dup(f->cli->run, str_of(why))));
    table_add(f->cli, &f->rows, cell_str(str_dup(f->cli->run, str_of(hint))));
}

/* One check; where it failed *d says why, and what mends it. */
static bool say(struct findings *f, bool ok, const char *what, const struct diag *d)
{
    struct diag located = *d;

    if (f->cli->config_parts && !ok)
        config_locate(&f->cli->config, &located);
    tell(f, ok ? "ok" : "BAD", str_of(what), ok ? "" : located.text, ok ? "" : located.hint);
    return ok;
}

static bool check_rules(struct findings *f)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };
    size_t n;
    bool ok = extractor_open(&x, &f->cli->config.rules, &d) == 0 && extractor_prove(x, &n, &d) == 0;

    return say(f, ok, "rules: every sentence holds", &d);
}

/* Sources that wait for a key or a permission: no fault, but the operator should know. */
static void tell_unfit(struct findings *f)
{
    struct cli *cli = f->cli;

    for (size_t i = 0; i < cli->config.sources.n; i++) {
        struct diag d = { 0 };

        if (!source_is_fit(cli, &cli->config.sources.items[i], &d))
            continue;
        tell(f, "off", str_of(d.text), "", d.hint);
    }
}

/* A board that minds should know whom to write to. */
static void tell_nameless(struct findings *f)
{
    struct cli *cli = f->cli;
    const struct fetch_options *opt = &cli->config.settings.fetch;

    if (opt->contact.n || str_find(opt->user_agent, STR("http")) >= 0
        || str_find(opt->user_agent, STR("@")) >= 0)
        return;
    tell(f, "note",
         str_printf(cli->run, "boards see who asks (" STR_FMT ") and nowhere to write to",
                    STR_ARG(opt->user_agent)),
         "", "set site_url, fetch.contact or fetch.user_agent");
}

static bool check_freshness(struct findings *f, struct store *s)
{
    struct cli *cli = f->cli;
    struct store_facts about = { 0 };
    struct diag d = { 0 };
    bool ok = store_about(s, cli->run, &about, &d) == 0;

    if (ok && !about.last_run) {
        ok = false;
        diag_fail(&d, ERR_IO, "no board was read yet");
        diag_hint(&d, "roletide run");
    } else if (ok && cli->now - about.last_run > (int64_t)LATE_DAYS * 86400) {
        ok = false;
        diag_fail(&d, ERR_IO, "the last reading is %" PRId64 " days old",
                  (cli->now - about.last_run) / 86400);
        diag_hint(&d, "systemctl status roletide.timer; or by hand: roletide run");
    }
    return say(f, ok, "freshness: boards were read in the last two days", &d);
}

static bool check_manners(struct findings *f, struct store *s)
{
    struct cli *cli = f->cli;
    struct ledger_check check = { 0 };
    struct diag d = { 0 };
    int64_t broken = 0;
    bool ok =
        ledger_check(cli, s, cli->now - (int64_t)LEDGER_DAYS * 86400, &check, &broken, &d) == 0;

    if (ok && broken) {
        ok = false;
        diag_fail(&d, ERR_DENIED, "%" PRId64 " of %" PRId64 " requests broke them; " STR_FMT,
                  broken, check.requests, STR_ARG(check.said.items[0]));
        diag_hint(&d, "roletide crawl --check-ledger");
    }
    return say(f, ok, "manners: kept with every host for a week", &d);
}

static bool check_store(struct findings *f)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct diag d = { 0 };
    bool kept;

    if (!say(f, cli_store(f->cli, STORE_READ, &s, &d) == 0, "store: opens", &d))
        return false;
    if (!say(f, store_check(s, &d) == 0, "store: whole", &d))
        return false;
    kept = check_manners(f, s);
    return check_freshness(f, s) && kept;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct findings f = { cli, { columns, ARRAY_LEN(columns), { 0 } } };
    struct diag config = { 0 };
    bool ok = cli_config(cli, CONFIG_ALL, &config) == 0;
    int r;

    (void)args;
    say(&f, ok, "configuration: reads", &config);
    if (ok) {
        tell_unfit(&f);
        tell_nameless(&f);
        ok = check_rules(&f);
    }
    ok &= check_store(&f);
    r = cli->format == OUTPUT_TABLE ? 0 : table_print(cli, &f.rows, d);
    return r ? r : ok ? 0 : 1;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .summary = "What is wrong, and the command that mends it",
    .usage = "",
    .examples = "  roletide doctor\n"
                "  roletide --format json doctor    the same for a monitor\n",
    .run = run,
};
