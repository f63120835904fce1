#include <stddef.h>
#include <stdio.h>

#include "cli/commands.h"
#include "core/hash.h"
#include "crawler/robots.h"

enum { MAX_ROBOTS = 64 << 20, MAX_BATCH = 256 << 20, CACHED = 4096 };

struct args {
    bool batch;
};

static const struct option options[] = {
    { "batch", NULL, OPTION_FLAG, offsetof(struct args, batch), 0, 0,
      "TSV lines `file agent url` on standard input; a verdict a line" },
};

/* The last parsed file: a batch usually asks many URLs of one. */
struct parsed {
    struct arena memory;
    struct str file, agent;
    struct robots *robots;
};

static int parse(struct cli *cli, struct parsed *p, struct str file, struct str agent,
                 struct diag *d)
{
    struct arena *run = cli->run;
    struct str body;
    int r;

    if (p->robots && str_eq(p->file, file) && str_eq(p->agent, agent))
        return 0;
    arena_reset(&p->memory);
    p->robots = NULL;
    cli->run = &p->memory;
    r = cli_read_file(cli, file, MAX_ROBOTS, &body, d);
    cli->run = run;
    if (r)
        return r;
    p->file = str_dup(&p->memory, file);
    p->agent = str_dup(&p->memory, agent);
    p->robots = robots_parse(&p->memory, body, p->agent);
    return 0;
}

static int batch(struct cli *cli, struct diag *d)
{
    struct parsed p = { 0 };
    struct str lines;
    int r = cli_read_file(cli, STR("-"), MAX_BATCH, &lines, d);

    for (size_t number = 1; !r && lines.n; number++) {
        struct str line = str_cut(&lines, '\n'), file, agent;
        bool whole;

        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (!line.n)
            continue;
        file = str_cut(&line, '\t');
        whole = file.n && str_find(line, STR("\t")) >= 0;
        agent = str_cut(&line, '\t'); /* which may be empty, as may the URL */
        if (!whole)
            r = diag_fail(d, ERR_USAGE, "standard input:%zu: want file, agent and url", number);
        else
            r = parse(cli, &p, file, agent, d);
        if (!r)
            puts(robots_ask(p.robots, line).allow ? "allow" : "disallow");
    }
    arena_free(&p.memory);
    return r;
}

static int run(struct cli *cli, void *args, struct diag *d)
{
    const struct args *a = args;
    struct parsed p = { 0 };
    struct robots_verdict v;
    int r;

    if (a->batch)
        return batch(cli, d);
    if (cli->rest.n != 3) {
        diag_fail(d, ERR_USAGE, "robots-check: want FILE AGENT URL");
        diag_hint(d, "roletide robots-check robots.txt roletide https://example.com/jobs");
        return ERR_USAGE;
    }
    r = parse(cli, &p, cli->rest.items[0], cli->rest.items[1], d);
    if (!r) {
        v = robots_ask(p.robots, cli->rest.items[2]);
        if (!cli->quiet && v.line)
            printf("%s: line %u: " STR_FMT "\n", v.allow ? "allow" : "disallow", v.line,
                   STR_ARG(v.rule));
        else if (!cli->quiet)
            printf("%s: no line decides\n", v.allow ? "allow" : "disallow");
        r = v.allow ? 0 : 1;
    }
    arena_free(&p.memory);
    return r < 0 ? ERR_USAGE : r; /* 1 is a verdict: a file that cannot be read is none */
}

const struct command cmd_robots_check = {
    .name = "robots-check",
    .summary = "Ask a robots.txt whether an agent may fetch a URL, and which line decides",
    .usage = "FILE AGENT URL | --batch",
    .examples = "  roletide robots-check robots.txt roletide https://example.com/jobs\n"
                "  roletide robots-check --batch < questions.tsv\n",
    .more =
        "RFC 9309: the longest matching rule decides, Allow wins a tie. Exit 0 allow, 1 disallow.",
    .options = options,
    .n_options = ARRAY_LEN(options),
    .args_size = sizeof(struct args),
    .run = run,
};
