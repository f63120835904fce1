#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/pipeline.h"
#include "cli/stop.h"
#include "core/cleanup.h"
#include "core/date.h"

struct args {
    struct str adapter, source, at, url;
};

static const struct option options[] = {
    { "adapter", "NAME", OPTION_TEXT, offsetof(struct args, adapter), 0, 0,
      "the files are saved answers of such a board, the list's first" },
    { "source", "KEY", OPTION_TEXT, offsetof(struct args, source), 0, 0,
      "with --adapter: the board they are of" },
    { "at", "TIME", OPTION_TEXT, offsetof(struct args, at), 0, 0,
      "with --adapter: when they were saved (ISO 8601)" },
    { "url", "URL", OPTION_TEXT, offsetof(struct args, url), 0, 0,
      "with --adapter: the address they came from" },
};

static int import_answers(struct cli *cli, struct store *s, const struct args *a,
                          struct import_totals *ret, struct diag *d)
{
    struct import_answers in = { .adapter = config_adapter(&cli->config, a->adapter),
                                 .source = a->source,
                                 .url = a->url };

    if (!in.adapter)
        return diag_fail(d, ERR_USAGE, "no adapter " STR_FMT, STR_ARG(a->adapter));
    if (!a->source.n || !date_parse_iso(a->at, &in.at) || in.at > cli->now) {
        diag_fail(d, ERR_USAGE,
                  "import: --adapter wants --source KEY and --at, a time that is past");
        diag_hint(d,
                  "roletide import --adapter lever --source lever:cred --at 2026-05-01 saved.json");
        return ERR_USAGE;
    }
    return pipeline_import_answers(cli, s, &in, &cli->rest, ret, d);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    CLEANUP(store_close) struct store *s = NULL;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct import_totals t = { 0 };
    int64_t n = 0;
    int r = cli_config(cli, CONFIG_ALL, d);

    if (!r && !cli->rest.n) {
        diag_fail(d, ERR_USAGE, "import: want FILE..., or - for standard input");
        diag_hint(d, "zcat history.jsonl.gz | roletide import -");
        return ERR_USAGE;
    }
    if (!r)
        r = extractor_open(&x, &cli->config.rules, d);
    if (!r)
        r = cli_store(cli, STORE_WRITE, &s, d);
    if (r)
        return r;
    stop_watch();
    r = a->adapter.n ? import_answers(cli, s, a, &t, d)
                     : pipeline_import(cli, s, &cli->rest, &t, d);
    if (r < 0)
        return r;
    if (!cli->quiet)
        fprintf(stderr,
                "%" PRId64 " postings of %" PRId64 " sources: %" PRId64 " new, %" PRId64
                " ended, on %" PRId64 " days; %" PRId64 " lines left out\n",
                t.lines, t.sources, t.postings, t.closed, t.days, t.refused);
    if (!r)
        r = pipeline_extract(cli, s, x, NULL, &n, d);
    if (r == PIPELINE_STOPPED)
        return EXIT_PARTIAL;
    if (!r)
        r = pipeline_figures(cli, s, d);
    if (!r)
        r = pipeline_tidy(cli, s, d);
    return r || !t.refused ? r : EXIT_PARTIAL;
}

const struct command cmd_import = {
    .name = "import",
    .summary = "Postings that somebody else saw, as a history of their own",
    .usage = "FILE... | --adapter NAME --source KEY --at TIME FILE...",
    .examples = "  roletide import 2025.jsonl 2026.jsonl\n"
                "  zcat history.jsonl.gz | roletide import -\n",
    .more =
        "Each line is a posting as `extract` reads it, with source, native_id, url, posted,\n"
        "first_seen and last_seen (ISO 8601; missing: now). It is recorded as of the source\n"
        "import:SOURCE (missing: the file's name). The days on which a source's lines begin or\n"
        "end are the days on which it was looked at: a posting not seen on the next such day had\n"
        "ended by then. Importing a file again adds nothing; later days may follow, earlier not.\n"
        "A line {\"fetched_at\": TIME, \"jobs\": [...]} is a snapshot of a search: each job was\n"
        "there at that time, and its absence from a later one proves nothing.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
