/* Small questions about hostile documents: the parsers' verdicts, without a store. */
#include <stdio.h>

#include "cli/commands.h"
#include "parsers/documents.h"
#include "parsers/html_text.h"

enum { MAX_DOCUMENT = 64 << 20 };

static int one_file(struct cli *cli, const char *command, struct str *ret, struct diag *d)
{
    if (cli->rest.n != 1)
        return diag_fail(d, ERR_USAGE, "%s: want one FILE, or - for standard input", command);
    return cli_read_file(cli, cli->rest.items[0], MAX_DOCUMENT, ret, d);
}

static int run_json_check(struct cli *cli, void *args, struct diag *d)
{
    struct str body = { 0 };
    int r = one_file(cli, "json-check", &body, d);

    (void)args;
    if (r)
        return r;
    r = json_check(body, d);
    if (r) {
        cli_complain(cli, d);
        return 1;
    }
    if (!cli->quiet)
        puts("valid");
    return 0;
}

static int run_sitemap_urls(struct cli *cli, void *args, struct diag *d)
{
    struct strs urls = { 0 };
    struct str body = { 0 };
    int r = one_file(cli, "sitemap-urls", &body, d);

    (void)args;
    if (!r)
        r = sitemap_urls(cli->run, body, &urls, d);
    for (size_t i = 0; !r && i < urls.n; i++)
        printf(STR_FMT "\n", STR_ARG(urls.items[i]));
    return r;
}

static int run_html_text(struct cli *cli, void *args, struct diag *d)
{
    struct str body = { 0 }, text;
    int r = one_file(cli, "html-text", &body, d);

    (void)args;
    if (r)
        return r;
    text = html_text(cli->run, body);
    fwrite(text.p, 1, text.n, stdout);
    putchar('\n');
    return 0;
}

static int run_url_resolve(struct cli *cli, void *args, struct diag *d)
{
    struct str url;

    (void)args;
    if (cli->rest.n != 2)
        return diag_fail(d, ERR_USAGE, "url-resolve: want BASE and REF");
    if (url_resolve(cli->run, cli->rest.items[0], cli->rest.items[1], &url, d)) {
        cli_complain(cli, d);
        return 1;
    }
    printf(STR_FMT "\n", STR_ARG(url));
    return 0;
}

const struct command cmd_json_check = {
    .name = "json-check",
    .summary = "Whether a file is JSON (RFC 8259), within our limits",
    .usage = "FILE",
    .examples = "  roletide json-check answer.json\n",
    .hidden = true,
    .run = run_json_check,
};

const struct command cmd_sitemap_urls = {
    .name = "sitemap-urls",
    .summary = "The URLs of a saved sitemap or sitemap index",
    .usage = "FILE",
    .examples = "  roletide sitemap-urls sitemap.xml\n",
    .hidden = true,
    .run = run_sitemap_urls,
};

const struct command cmd_html_text = {
    .name = "html-text",
    .summary = "The text that the rules would read of a saved page",
    .usage = "FILE",
    .examples = "  roletide html-text page.html\n",
    .hidden = true,
    .run = run_html_text,
};

const struct command cmd_url_resolve = {
    .name = "url-resolve",
    .summary = "Resolve a reference against a base URL (RFC 3986 section 5)",
    .usage = "BASE REF",
    .examples = "  roletide url-resolve https://example.com/a/b ../c\n",
    .hidden = true,
    .run = run_url_resolve,
};
