#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/crawl_report.h"
#include "cli/source_look.h"
#include "cli/source_off.h"
#include "cli/stop.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "core/json_out.h"
#include "parsers/listing_json.h"
#include "parsers/try.h"

struct args {
    struct str url;
    struct source_words words;
};

static const struct option options[] = {
    { "url", "URL", OPTION_TEXT, offsetof(struct args, url), 0, 0,
      "try: the address the document came from" },
    { "company", "NAME", OPTION_TEXT, offsetof(struct args, words.company), 0, 0,
      "add: the employer's name, where the board does not state it" },
    { "permission", "NOTE", OPTION_TEXT, offsetof(struct args, words.permission), 0, 0,
      "add: who allowed the reading, when and how" },
    { "hiring", NULL, OPTION_FLAG, offsetof(struct args, words.hiring), 0, 0,
      "add: it was found because it was hiring, so the trend takes it after 180 days" },
};

/* Why a board is not read, of its kind or for want of a key or a permission; empty where it is. */
static struct str reason_off(struct cli *cli, const struct source *src, const struct adapter *ad)
{
    struct diag unfit;

    if (ad && str_eq(ad->policy, STR("off")))
        return ad->why;
    return source_is_fit(cli, src, &unfit) ? str_dup(cli->run, str_of(unfit.text))
                                           : (struct str){ 0 };
}

/* The configured boards, with what the store knows of them where there is one. */
static int list(struct cli *cli, struct diag *d)
{
    static const struct column columns[] = {
        { .key = "source", .heading = "SOURCE" },
        { .key = "company", .heading = "COMPANY", .cut = true },
        { .key = "policy", .heading = "POLICY" },
        { .key = "confidence", .heading = "CONFIDENCE" },
        { .key = "open", .heading = "OPEN", .right = true },
        { .key = "last_proven", .heading = "LAST PROVEN" },
        { .key = "last_outcome", .heading = "LAST OUTCOME" },
        { .key = "last_error", .heading = "LAST ERROR", .cut = true },
        { .key = "why_off", .heading = "WHY OFF", .cut = true },
        { .key = "learned_from" },
        { .key = "why_added" },
        { .key = "added" },
        { .key = "permission" },
        { .key = "attribution" },
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    CLEANUP(store_close) struct store *s = NULL;
    struct source_state *states = NULL;
    struct diag no_store = { 0 };
    size_t n = 0;
    int r = 0;

    if (cli_store(cli, STORE_READ, &s, &no_store) == 0)
        r = store_sources(s, cli->run, &states, &n, d);
    for (size_t i = 0; !r && i < cli->config.sources.n; i++) {
        const struct source *src = &cli->config.sources.items[i];
        const struct source_state *state = source_state_find(states, n, src->key);
        const struct adapter *ad = config_adapter(&cli->config, src->adapter);

        table_add(cli, &t, cell_str(src->key));
        table_add(cli, &t, cell_str(src->company));
        table_add(cli, &t, cell_str(src->policy.n ? src->policy : STR("default")));
        table_add(cli, &t, cell_str(src->confidence));
        table_add(cli, &t, state ? cell_int(state->open) : (struct cell){ 0 });
        table_add(cli, &t, cell_time(state ? state->last_proven : 0));
        table_add(cli, &t, state ? cell_str(state->last_outcome) : (struct cell){ 0 });
        table_add(cli, &t, state ? cell_str(state->last_error) : (struct cell){ 0 });
        table_add(cli, &t, cell_str(reason_off(cli, src, ad)));
        table_add(cli, &t, cell_str(src->learned_from));
        table_add(cli, &t, cell_str(src->why_added));
        table_add(cli, &t, cell_str(src->added));
        table_add(cli, &t, cell_str(src->permission));
        table_add(cli, &t, cell_str(ad ? ad->attribution : (struct str){ 0 }));
    }
    return r ? r : table_print(cli, &t, d);
}

static void hint_adapters(struct cli *cli, struct diag *d)
{
    struct str all = { 0 };

    for (size_t i = 0; i < cli->config.adapters.n; i++)
        all = str_printf(cli->run, STR_FMT "%s" STR_FMT, STR_ARG(all), i ? ", " : "",
                         STR_ARG(cli->config.adapters.items[i].id));
    diag_hint(d, "the adapters: " STR_FMT, STR_ARG(all));
}

/* As answers of such a board, else of another form of its kind; what is wrong is said of the first.
 */
static int try_forms(struct cli *cli, const struct adapter *ad, struct str url,
                     const struct str *files, size_t n, struct reading_items *ret, struct diag *d)
{
    int r = adapter_try(ad, url, files, n, cli->now, cli->run, ret, d);

    for (size_t i = 0; r == ERR_FORMAT && i < cli->config.adapters.n; i++) {
        const struct adapter *form = &cli->config.adapters.items[i];
        struct diag ignored;

        if (str_eq(form->variant_of, ad->id)
            && !adapter_try(form, url, files, n, cli->now, cli->run, ret, &ignored))
            return 0;
    }
    return r;
}

static int try(struct cli *cli, const struct args *a, struct diag *d)
{
    size_t n = cli->rest.n - 2;
    struct str *files = ARENA_NEW(cli->run, struct str, n + 1);
    CLEANUP(buf_release) struct buf out = { 0 };
    struct json_out j = { .to = &out };
    struct reading_items items = { 0 };
    const struct adapter *ad;
    size_t most; /* what a crawl would take of this board */
    int r = 0;

    ad = config_adapter(&cli->config, cli->rest.items[1]);
    if (!ad) {
        diag_fail(d, ERR_USAGE, "no adapter " STR_FMT, STR_ARG(cli->rest.items[1]));
        hint_adapters(cli, d);
        return ERR_USAGE;
    }
    most = ad->max_body_kib ? (size_t)ad->max_body_kib : cli->config.settings.fetch.max_body_kib;
    for (size_t i = 0; i < n && !r; i++)
        r = cli_read_file(cli, cli->rest.items[i + 2], most << 10, &files[i], d);
    if (!r)
        r = try_forms(cli, ad, a->url, files, n, &items, d);
    for (size_t i = 0; !r && i < items.n; i++) {
        listing_json(&j, NULL, &items.items[i].listing);
        buf_add_byte(&out, '\n');
        j = (struct json_out){ .to = &out };
    }
    if (!r)
        fwrite(out.p, 1, out.n, stdout);
    return r;
}

/* Boards asked as a crawl asks them, and nothing of it recorded. */
static int check(struct cli *cli, struct diag *d)
{
    CLEANUP(store_close) struct store *s = NULL;
    struct crawl_options opt = { .all = true, .rehearsal = true };
    struct crawl_totals totals = { 0 };
    struct crawl_printer printer = { .cli = cli };
    struct crawl_watcher watcher = crawl_printer_watcher(&printer);
    int r = cli_store(cli, STORE_WRITE, &s, d);

    for (size_t i = 1; i < cli->rest.n; i++)
        *ARENA_PUSH(cli->run, &opt.sources) = cli->rest.items[i];
    if (r)
        return r;
    stop_watch();
    r = pipeline_crawl(cli, s, &opt, &watcher, &totals, d);
    if (r >= 0)
        crawl_printer_end(&printer, &totals);
    return crawl_exit_status(r, &totals);
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct str what = cli->rest.n ? cli->rest.items[0] : (struct str){ 0 };
    const struct args *a = args;
    int r = cli_config(cli, CONFIG_ALL, d);

    if (r)
        return r;
    if (str_eq(what, STR("list")) && cli->rest.n == 1)
        return list(cli, d);
    if (str_eq(what, STR("try")) && cli->rest.n >= 3)
        return try(cli, a, d);
    if (str_eq(what, STR("detect")) && cli->rest.n == 2)
        return source_detect(cli, cli->rest.items[1], d);
    if (str_eq(what, STR("add")) && cli->rest.n == 2)
        return source_add(cli, cli->rest.items[1], &a->words, d);
    if (str_eq(what, STR("check")))
        return check(cli, d);
    diag_fail(d, ERR_USAGE,
              "source: want list, try ADAPTER FILE..., detect URL|FILE, add KEY|URL|FILE or "
              "check [KEY...]");
    diag_hint(d, "roletide source try greenhouse saved-answer.json");
    return ERR_USAGE;
}

const struct command cmd_source = {
    .name = "source",
    .summary = "The boards that are read; find, add and check one; try an adapter",
    .usage = "list | add KEY|URL|FILE | check [KEY...] | detect URL|FILE |\n"
             "                       try ADAPTER FILE... [--url URL]",
    .examples = "  roletide source list                             --format jsonl: and where each "
                "was learned\n"
                "  roletide source add https://careers.example.in   the board behind that page\n"
                "  roletide source add keka:adit                    a board that waits for a yes\n"
                "  roletide source check greenhouse:phonepe         does it still answer?\n"
                "  roletide source detect saved-careers-page.html\n"
                "  roletide source try smartrecruiters list.json detail-1.json detail-2.json\n",
    .more =
        "add: writes a file of its own into sources/ of your configuration; no lock is held.\n"
        "check: asks once, as politely as a crawl, and records nothing but the requests; without\n"
        "a KEY, every board that is read.\n"
        "detect: an address that is a board's is not asked; any other page is fetched once, as\n"
        "robots.txt allows. Prints the source as YAML; exit 4 where no known board is named.\n"
        "try: the list's answer first, answers to detail requests after it; a JSON line a "
        "listing.\n"
        "Exit 65 where the document is not that board's shape.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
