#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/table.h"
#include "core/cleanup.h"
#include "core/json_out.h"
#include "crawler/fetch.h"
#include "parsers/detect.h"
#include "parsers/listing_json.h"
#include "parsers/try.h"

enum { MAX_SAVED = 64 << 20 };

static const char *const yaml_words[] = { "true", "false", "yes", "no", "on",
                                          "off",  "null",  "y",   "n",  "nan" };

struct args {
    struct str url;
};

static const struct option options[] = {
    { "url", "URL", OPTION_TEXT, offsetof(struct args, url), 0, 0,
      "try: the address the document came from" },
};

/* Why a kind of board is not read; empty where it is. */
static struct str reason_off(const struct cli *cli, const struct source *src)
{
    const struct adapter *ad = config_adapter(&cli->config, src->adapter);

    return ad && str_eq(ad->policy, STR("off")) ? ad->why : (struct str){ 0 };
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
    };
    struct table t = { .columns = columns, .n_columns = ARRAY_LEN(columns) };
    CLEANUP(store_close) struct store *s = NULL;
    struct source_state *states = NULL;
    struct diag no_store = { 0 };
    size_t n = 0;
    int r = cli_config(cli, d);

    if (r)
        return r;
    if (cli_store(cli, STORE_READ, &s, &no_store) == 0)
        r = store_sources(s, cli->run, &states, &n, d);
    for (size_t i = 0; !r && i < cli->config.sources.n; i++) {
        const struct source *src = &cli->config.sources.items[i];
        const struct source_state *state = source_state_find(states, n, src->key);

        table_add(cli, &t, cell_str(src->key));
        table_add(cli, &t, cell_str(src->company));
        table_add(cli, &t, cell_str(src->policy.n ? src->policy : STR("default")));
        table_add(cli, &t, cell_str(src->confidence));
        table_add(cli, &t, state ? cell_int(state->open) : (struct cell){ 0 });
        table_add(cli, &t, cell_time(state ? state->last_proven : 0));
        table_add(cli, &t, state ? cell_text(state->last_outcome) : (struct cell){ 0 });
        table_add(cli, &t, state ? cell_text(state->last_error) : (struct cell){ 0 });
        table_add(cli, &t, cell_str(reason_off(cli, src)));
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

static int try(struct cli *cli, const struct args *a, struct diag *d)
{
    size_t n = cli->rest.n - 2;
    struct str *files = ARENA_NEW(cli->run, struct str, n + 1);
    CLEANUP(buf_release) struct buf out = { 0 };
    struct json_out j = { .to = &out };
    struct reading_items items = { 0 };
    const struct adapter *ad;
    size_t most; /* what a crawl would take of this board */
    int r = cli_config(cli, d);

    if (r)
        return r;
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
        r = adapter_try(ad, a->url, files, n, cli->now, cli->run, &items, d);
    for (size_t i = 0; !r && i < items.n; i++) {
        listing_json(&j, NULL, &items.items[i].listing);
        buf_add_byte(&out, '\n');
        j = (struct json_out){ .to = &out };
    }
    if (!r)
        fwrite(out.p, 1, out.n, stdout);
    return r;
}

/* The page at `url`, asked for once and as politely as a board is; the address that answered. */
static int fetch_page(struct cli *cli, struct str url, struct str *ret_html, struct str *ret_final,
                      struct diag *d)
{
    struct fetch_options opt = cli->config.settings.fetch;
    CLEANUP(fetcher_close) struct fetcher *f = NULL;
    struct request req = { .method = STR("GET"), .url = url };
    const struct answer *answer = NULL;
    void *tag;
    int r = fetch_curl_open(&f, &opt, d);

    if (!r)
        r = f->submit(f, &req, NULL, d);
    if (!r)
        r = f->next(f, &answer, &tag, -1, d);
    if (r < 0)
        return r;
    if (r != FETCH_ANSWER)
        return diag_fail(d, ERR_NET, STR_FMT ": no answer", STR_ARG(url));
    if (answer->outcome != ANSWER_OK && str_find(str_of(answer->error), url) >= 0)
        return diag_fail(d, ERR_NET, "%s", answer->error);
    if (answer->outcome != ANSWER_OK)
        return diag_fail(d, ERR_NET, STR_FMT ": %s", STR_ARG(url), answer->error);
    if (answer->status < 200 || answer->status > 299)
        return diag_fail(d, ERR_NET, STR_FMT ": HTTP %d", STR_ARG(url), answer->status);
    *ret_html = str_dup(cli->run, answer->body);
    *ret_final = str_dup(cli->run, answer->final_url);
    return 0;
}

/* DETECT_FOUND, or 0: neither the address nor the page leads to a board. */
static int look(struct cli *cli, struct str what, struct source *ret, struct diag *d)
{
    const struct adapter *ads = cli->config.adapters.items;
    size_t n = cli->config.adapters.n;
    struct str html = { 0 }, final = { 0 };
    bool is_url = str_starts(what, STR("http://")) || str_starts(what, STR("https://"));
    int r;

    if (is_url && detect_url(cli->run, ads, n, what, ret) == DETECT_FOUND)
        return DETECT_FOUND;
    r = is_url ? fetch_page(cli, what, &html, &final, d)
               : cli_read_file(cli, what, MAX_SAVED, &html, d);
    if (r)
        return r;
    if (final.n && detect_url(cli->run, ads, n, final, ret) == DETECT_FOUND)
        return DETECT_FOUND;
    return detect_page(cli->run, ads, n, html, ret);
}

/* A scalar of YAML: plain where no reader could take it for anything else. */
static void print_scalar(struct str s)
{
    bool plain = s.n && ascii_is_alpha(s.p[0]);

    for (size_t i = 0; i < s.n && plain; i++)
        plain = ascii_is_alnum(s.p[i]) || s.p[i] == '-' || s.p[i] == '_' || s.p[i] == '.';
    for (size_t i = 0; i < ARRAY_LEN(yaml_words) && plain; i++)
        plain = !str_eq_fold(s, str_of(yaml_words[i]));
    if (!plain)
        putchar('\'');
    for (size_t i = 0; i < s.n; i++) {
        if (!plain && s.p[i] == '\'')
            putchar('\'');
        putchar(s.p[i]);
    }
    if (!plain)
        putchar('\'');
}

static void print_source(const struct source *s)
{
    fputs("- key: ", stdout);
    print_scalar(s->key);
    fputs("\n  adapter: ", stdout);
    print_scalar(s->adapter);
    fputs("\n  params: { ", stdout);
    for (size_t i = 0; i < s->params.n; i++) {
        struct str value = s->params.items[i], name = str_cut(&value, '=');

        printf("%s" STR_FMT ": ", i ? ", " : "", STR_ARG(name));
        print_scalar(value);
    }
    fputs(" }\n  policy: ", stdout);
    print_scalar(s->policy.n ? s->policy : STR("default"));
    putchar('\n');
}

static int detect(struct cli *cli, struct diag *d)
{
    struct str what = cli->rest.items[1];
    struct source found;
    int r = cli_config(cli, d);

    if (r)
        return r;
    r = look(cli, what, &found, d);
    if (r < 0)
        return r;
    if (r != DETECT_FOUND) {
        fprintf(stderr, "roletide: " STR_FMT ": leads to no board that is known\n", STR_ARG(what));
        return EXIT_NOTHING;
    }
    print_source(&found);
    if (config_source(&cli->config, found.key) && !cli->quiet)
        fprintf(stderr, "roletide: " STR_FMT " is among the sources already\n", STR_ARG(found.key));
    return 0;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    struct str what = cli->rest.n ? cli->rest.items[0] : (struct str){ 0 };

    if (str_eq(what, STR("list")) && cli->rest.n == 1)
        return list(cli, d);
    if (str_eq(what, STR("try")) && cli->rest.n >= 3)
        return try(cli, args, d);
    if (str_eq(what, STR("detect")) && cli->rest.n == 2)
        return detect(cli, d);
    diag_fail(d, ERR_USAGE, "source: want list, try ADAPTER FILE... or detect URL|FILE");
    diag_hint(d, "roletide source try greenhouse saved-answer.json");
    return ERR_USAGE;
}

const struct command cmd_source = {
    .name = "source",
    .summary = "The boards that are read; try an adapter; find the board behind a careers page",
    .usage = "list | try ADAPTER FILE... [--url URL] | detect URL|FILE",
    .examples = "  roletide source list\n"
                "  roletide source try greenhouse jobs.json | jq .title\n"
                "  roletide source try smartrecruiters list.json detail-1.json detail-2.json\n"
                "  roletide source detect https://careers.example.in >>sources/own.yaml\n",
    .more =
        "try: the list's answer first, answers to detail requests after it; a JSON line a "
        "listing.\n"
        "Exit 65 where the document is not that board's shape.\n"
        "detect: an address that is a board's is not asked; any other page is fetched once, as\n"
        "robots.txt allows. Prints the source as YAML; exit 4 where no known board is named.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
