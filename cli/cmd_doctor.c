#include <inttypes.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/ledger_check.h"
#include "cli/source_off.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

enum { LATE_DAYS = 2, LEDGER_DAYS = 7 };

/* Each check prints a line; a failed one says what mends it. */
static bool say(struct cli *cli, bool ok, const char *what, const struct diag *d)
{
    struct diag located = d ? *d : (struct diag){ 0 };

    if (cli->config_parts && !ok)
        config_locate(&cli->config, &located);
    printf("%-4s %s%s%s\n", ok ? "ok" : "BAD", what, ok ? "" : ": ", ok ? "" : located.text);
    if (!ok && located.hint[0])
        printf("     %s\n", located.hint);
    return ok;
}

static bool check_rules(struct cli *cli)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct diag d = { 0 };
    size_t n;
    bool ok = extractor_open(&x, &cli->config.rules, &d) == 0 && extractor_prove(x, &n, &d) == 0;

    return say(cli, ok, "rules: every sentence holds", &d);
}

/* Sources that wait for a key or a permission: no fault, but the operator should know. */
static void tell_unfit(struct cli *cli)
{
    for (size_t i = 0; i < cli->config.sources.n; i++) {
        struct diag d = { 0 };

        if (!source_is_fit(cli, &cli->config.sources.items[i], &d))
            continue;
        printf("off  %s\n     %s\n", d.text, d.hint);
    }
}

/* A board that minds should know whom to write to. */
static void tell_nameless(struct cli *cli)
{
    const struct fetch_options *f = &cli->config.settings.fetch;

    if (f->contact.n || str_find(f->user_agent, STR("http")) >= 0
        || str_find(f->user_agent, STR("@")) >= 0)
        return;
    printf("note boards see who asks (" STR_FMT ") and nowhere to write to\n     set site_url, "
           "fetch.contact or fetch.user_agent\n",
           STR_ARG(f->user_agent));
}

static bool check_freshness(struct cli *cli, struct store *s)
{
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
    return say(cli, ok, "freshness: boards were read in the last two days", &d);
}

static bool check_manners(struct cli *cli, struct store *s)
{
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
    return say(cli, ok, "manners: kept with every host for a week", &d);
}

static bool check_store(struct cli *cli)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct diag d = { 0 };
    bool kept;

    if (!say(cli, cli_store(cli, STORE_READ, &s, &d) == 0, "store: opens", &d))
        return false;
    if (!say(cli, store_check(s, &d) == 0, "store: whole", &d))
        return false;
    kept = check_manners(cli, s);
    return check_freshness(cli, s) && kept;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct diag config = { 0 };
    bool ok = cli_config(cli, CONFIG_ALL, &config) == 0;

    (void)args;
    (void)d;
    say(cli, ok, "configuration: reads", &config);
    if (ok) {
        tell_unfit(cli);
        tell_nameless(cli);
        ok = check_rules(cli);
    }
    ok &= check_store(cli);
    return ok ? 0 : 1;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .summary = "What is wrong, and the command that mends it",
    .usage = "",
    .examples = "  roletide doctor\n",
    .run = run,
};
