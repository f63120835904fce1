#include <stddef.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/rules_try.h"
#include "cli/rules_unmatched.h"
#include "core/cleanup.h"
#include "parsers/extract.h"

struct args {
    struct strs aliases;
    int64_t limit;
};

static const struct option options[] = {
    { "alias", "NAME", OPTION_TEXTS, offsetof(struct args, aliases), 0, 0,
      "try: a name instead of a file, marked as in a rule; may be repeated" },
    { "limit", "N", OPTION_INT, offsetof(struct args, limit), 1, 1000000,
      "the first N rows (default 30 in a table, all elsewhere)" },
};

enum { TABLE_ROWS = 30 };

static int check(struct cli *cli, struct diag *d)
{
    CLEANUP(extractor_close) struct extractor *x = NULL;
    size_t n = 0;
    int r = cli_config(cli, CONFIG_RULES | CONFIG_TERMS, d);

    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = extractor_prove(x, &n, d);
    if (!r && !cli->quiet)
        printf("ok: %zu rules, %zu sentences hold\n", cli->config.rules.skills.n, n);
    return r;
}

static int try_rule(struct cli *cli, const struct args *a, struct diag *d)
{
    struct rules_try what = { .aliases = a->aliases, .limit = a->limit };

    if (cli->rest.n == 2)
        what.file = cli->rest.items[1];
    if (cli->rest.n > 2 || (what.file.n != 0) == (a->aliases.n != 0)) {
        diag_fail(d, ERR_USAGE, "rules try: want one file of one rule, or --alias");
        diag_hint(d, "roletide rules try new-rule.yaml");
        return ERR_USAGE;
    }
    return rules_try(cli, &what, d);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct args *a = args;
    struct str verb = cli->rest.n ? cli->rest.items[0] : STR("");

    if (cli->rest.n == 1 && str_eq(verb, STR("check")))
        return check(cli, d);
    if (!a->limit && cli->format == OUTPUT_TABLE)
        a->limit = TABLE_ROWS;
    if (str_eq(verb, STR("try")))
        return try_rule(cli, a, d);
    if (cli->rest.n == 1 && str_eq(verb, STR("unmatched")))
        return rules_unmatched(cli, a->limit, d);
    diag_fail(d, ERR_USAGE, "rules: want check, try or unmatched");
    diag_hint(d, "roletide rules check");
    return ERR_USAGE;
}

const struct command cmd_rules = {
    .name = "rules",
    .summary = "Prove the rules by their own sentences; try a new one on the stored postings",
    .usage = "check | try FILE [--limit N] | try --alias NAME | unmatched [--limit N]",
    .examples = "  roletide rules check\n"
                "  roletide --config my-rules/ rules check    with your own on top\n"
                "  roletide rules try new-rule.yaml           what it finds, before it is kept\n"
                "  roletide rules try --alias '?Flyte' --alias flytekit\n"
                "  roletide rules unmatched                   tool-like names that no rule knows\n",
    .more = "try proves the new rule's own sentences (another's that would fail is named), then "
            "reads every stored\n"
            "posting with and without it. It asks nothing and writes nothing.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
