#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/crew.h"
#include "core/date.h"
#include "core/nearest.h"

/* Options that every command takes, before or after its name. */
static const struct option globals[] = {
    { "config", "DIR|FILE", OPTION_TEXT, offsetof(struct cli, config_path), 0, 0,
      "configuration over the shipped one, instead of /etc/roletide and XDG" },
    { "state", "DIR", OPTION_TEXT, offsetof(struct cli, state_dir), 0, 0,
      "where the store and its lock are" },
    { "now", "TIME", OPTION_TEXT, offsetof(struct cli, now_text), 0, 0,
      "the clock to use (ISO 8601): reproduces any answer" },
    { "format", "FORMAT", OPTION_TEXT, offsetof(struct cli, format_text), 0, 0,
      "table, json, jsonl, csv or tsv" },
    { "color", "WHEN", OPTION_TEXT, offsetof(struct cli, color_text), 0, 0,
      "auto, always or never" },
    { "allow-loopback", NULL, OPTION_FLAG, offsetof(struct cli, allow_loopback), 0, 0,
      "boards on 127.0.0.0/8 may be asked (tests, demo)" },
    { "jobs", "N", OPTION_INT, offsetof(struct cli, jobs), 1, CREW_MAX,
      "-j: threads that read postings; one a processor, at most 16, unless given" },
    { "quiet", NULL, OPTION_FLAG, offsetof(struct cli, quiet), 0, 0, "-q: no progress, no notes" },
    { "verbose", NULL, OPTION_FLAG, offsetof(struct cli, verbose), 0, 0, "-v: say more" },
    { "help", NULL, OPTION_FLAG, offsetof(struct cli, help), 0, 0, "-h: this text" },
    { "version", NULL, OPTION_FLAG, offsetof(struct cli, version), 0, 0, "the version" },
};

static const struct {
    const char *name;
    enum output output;
} formats[] = {
    { "table", OUTPUT_TABLE }, { "json", OUTPUT_JSON }, { "jsonl", OUTPUT_JSONL },
    { "csv", OUTPUT_CSV },     { "tsv", OUTPUT_TSV },
};

static const struct option *find(const struct option *options, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(options[i].name)))
            return &options[i];
    return NULL;
}

static void push_names(struct cli *cli, struct strs *names, const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *ARENA_PUSH(cli->run, names) = str_of(options[i].name);
}

static int unknown_option(struct cli *cli, struct str name, const struct command *c, struct diag *d)
{
    struct strs names = { 0 };
    ptrdiff_t near;

    push_names(cli, &names, globals, ARRAY_LEN(globals));
    if (c)
        push_names(cli, &names, c->options, c->n_options);
    near = nearest_word(name, names.items, names.n);
    diag_fail(d, ERR_USAGE, "no option --" STR_FMT "%s%s", STR_ARG(name), c ? " for " : "",
              c ? c->name : "");
    if (near >= 0)
        diag_hint(d, "did you mean --" STR_FMT "?", STR_ARG(names.items[near]));
    else
        diag_hint(d, "roletide%s%s --help lists the options", c ? " " : "", c ? c->name : "");
    return ERR_USAGE;
}

static int set(struct cli *cli, const struct option *o, void *base, struct str value,
               struct diag *d)
{
    char *to = (char *)base + o->at;
    int64_t n;

    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)(void *)to = true;
        break;
    case OPTION_TEXT:
        *(struct str *)(void *)to = value;
        break;
    case OPTION_TEXTS:
        *ARENA_PUSH(cli->run, (struct strs *)(void *)to) = value;
        break;
    case OPTION_INT:
        if (!str_int(value, &n) || n < o->min || n > o->max)
            return diag_fail(d, ERR_USAGE, "--%s: " STR_FMT ": want a number from %lld to %lld",
                             o->name, STR_ARG(value), (long long)o->min, (long long)o->max);
        *(int64_t *)(void *)to = n;
        break;
    }
    return 0;
}

struct words {
    int argc, i;
    char **argv;
};

static int option(struct cli *cli, struct words *w, const struct command *c, void *args,
                  struct diag *d)
{
    struct str name = str_of(w->argv[w->i] + 2), value = { 0 };
    ptrdiff_t eq = str_find(name, STR("="));
    const struct option *o;
    void *base = cli;

    if (eq >= 0) {
        value = str_from(name, (size_t)eq + 1);
        name = str_slice(name, 0, (size_t)eq);
    }
    o = find(globals, ARRAY_LEN(globals), name);
    if (!o && c) {
        o = find(c->options, c->n_options, name);
        base = args;
    }
    if (!o)
        return unknown_option(cli, name, c, d);
    if (o->kind == OPTION_FLAG && eq >= 0)
        return diag_fail(d, ERR_USAGE, "--%s takes no value", o->name);
    if (o->kind != OPTION_FLAG && eq < 0) {
        if (++w->i >= w->argc)
            return diag_fail(d, ERR_USAGE, "--%s wants %s", o->name, o->value);
        value = str_of(w->argv[w->i]);
    }
    return set(cli, o, base, value, d);
}

/* "-j4" and "-j 4". */
static int jobs_option(struct cli *cli, struct words *w, struct diag *d)
{
    const char *value = w->argv[w->i] + 2;

    if (!*value && ++w->i < w->argc)
        value = w->argv[w->i];
    return set(cli, find(globals, ARRAY_LEN(globals), STR("jobs")), cli, str_of(value), d);
}

static int short_option(struct cli *cli, struct words *w, struct diag *d)
{
    static const struct {
        char letter;
        size_t at;
    } letters[] = {
        { 'q', offsetof(struct cli, quiet) },
        { 'v', offsetof(struct cli, verbose) },
        { 'h', offsetof(struct cli, help) },
    };

    if (w->argv[w->i][1] == 'j')
        return jobs_option(cli, w, d);
    for (const char *p = w->argv[w->i] + 1; *p; p++) {
        bool known = false;

        for (size_t i = 0; i < ARRAY_LEN(letters); i++)
            if (*p == letters[i].letter) {
                *(bool *)(void *)((char *)cli + letters[i].at) = true;
                known = true;
            }
        if (!known)
            return diag_fail(d, ERR_USAGE, "no option -%c", *p);
    }
    return 0;
}

/* Words that are typed for what has another name here. */
static const struct {
    const char *word, *means;
} synonyms[] = {
    { "jobs", "openings" },
    { "list", "openings" },
    { "search", "openings --skill ID --city CITY" },
    { "skills", "demand" },
    { "next", "stages --with SKILL,..." },
    { "learn", "stages --with SKILL,..." },
    { "roadmap", "stages" },
    { "pay", "salary" },
    { "status", "doctor" },
    { "health", "doctor" },
    { "check", "doctor" },
    { "logs", "doctor" },
    { "sources", "source list" },
    { "boards", "source list" },
    { "feed", "publish DIR" },
    { "restore", "backup FILE; docs/operations.md says how one is put back" },
};

static int choose(struct cli *cli, struct str word, const struct command *const *commands, size_t n,
                  const struct command **ret, struct diag *d)
{
    struct strs names = { 0 };
    ptrdiff_t near;

    for (size_t i = 0; i < n; i++) {
        if (str_eq(word, str_of(commands[i]->name))) {
            *ret = commands[i];
            return 0;
        }
        *ARENA_PUSH(cli->run, &names) = str_of(commands[i]->name);
    }
    near = nearest_word(word, names.items, names.n);
    diag_fail(d, ERR_USAGE, "no command " STR_FMT, STR_ARG(word));
    for (size_t i = 0; i < ARRAY_LEN(synonyms); i++)
        if (str_eq(word, str_of(synonyms[i].word))) {
            diag_hint(d, "that is roletide %s", synonyms[i].means);
            return ERR_USAGE;
        }
    if (near >= 0)
        diag_hint(d, "did you mean roletide " STR_FMT "?", STR_ARG(names.items[near]));
    else
        diag_hint(d, "roletide --help lists the commands");
    return ERR_USAGE;
}

/* Judge the global options that are words with a meaning. */
static int settle(struct cli *cli, struct diag *d)
{
    if (cli->now_text.n) {
        if (!date_parse_iso(cli->now_text, &cli->now))
            return diag_fail(d, ERR_USAGE,
                             "--now: " STR_FMT ": want a time like 2026-11-23T09:00:00Z",
                             STR_ARG(cli->now_text));
        cli->now_given = true;
    }
    if (cli->color_text.n && !str_eq(cli->color_text, STR("auto"))
        && !str_eq(cli->color_text, STR("always")) && !str_eq(cli->color_text, STR("never")))
        return diag_fail(d, ERR_USAGE, "--color: " STR_FMT ": want auto, always or never",
                         STR_ARG(cli->color_text));
    for (size_t i = 0; i < ARRAY_LEN(formats) && cli->format_text.n; i++)
        if (str_eq(cli->format_text, str_of(formats[i].name))) {
            cli->format = formats[i].output;
            cli->format_given = true;
        }
    if (cli->format_text.n && !cli->format_given)
        return diag_fail(d, ERR_USAGE, "--format: " STR_FMT ": want table, json, jsonl, csv or tsv",
                         STR_ARG(cli->format_text));
    return 0;
}

int args_parse(struct cli *cli, int argc, char **argv, const struct command *const *commands,
               size_t n, const struct command **ret_command, void **ret_args, struct diag *d)
{
    struct words w = { .argc = argc, .i = 1, .argv = argv };
    const struct command *c = NULL;
    bool options_end = false;
    void *args = NULL;
    int r = 0;

    for (; w.i < argc && !r; w.i++) {
        const char *word = argv[w.i];

        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && strncmp(word, "--", 2) == 0) {
            r = option(cli, &w, c, args, d);
        } else if (!options_end && word[0] == '-' && word[1]) {
            r = short_option(cli, &w, d);
        } else if (!c) {
            r = choose(cli, str_of(word), commands, n, &c, d);
            if (!r)
                args = arena_alloc(cli->run, 1, c->args_size ? c->args_size : 1);
        } else {
            *ARENA_PUSH(cli->run, &cli->rest) = str_of(word);
        }
    }
    if (r)
        return r;
    *ret_command = c;
    *ret_args = args;
    return settle(cli, d);
}

static void print_options(const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char left[48];

        snprintf(left, sizeof(left), "--%s %s", options[i].name,
                 options[i].value ? options[i].value : "");
        printf("  %-24s %s\n", left, options[i].help);
    }
}

void args_help(const struct command *c)
{
    printf("Examples\n%s\nUsage: roletide %s%s%s\n%s.\n", c->examples, c->name,
           c->usage[0] ? " " : "", c->usage, c->summary);
    if (c->more)
        printf("\n%s\n", c->more);
    if (c->n_options) {
        printf("\nOptions\n");
        print_options(c->options, c->n_options);
    }
    printf("\nEverywhere\n");
    print_options(globals, ARRAY_LEN(globals));
    printf("\nExit: 0 ok, 1 failed, 2 usage, 3 partial, 4 nothing found, 65 bad data, 75 locked, "
           "78 bad configuration\n");
}

void args_help_all(const struct command *const *commands, size_t n)
{
    printf("Examples\n"
           "  roletide                        open roles, change and top skills, from the store\n"
           "  roletide run                    read what is due, work out the figures, publish\n"
           "  roletide demand --stage 2       what employers ask for at stage 2\n"
           "  roletide openings --skill mlflow --city Pune --new 7\n"
           "  roletide why 42                 follow one opening to its bytes\n"
           "\nUsage: roletide [COMMAND] [OPTION]... [ARGUMENT]...\n"
           "Open MLOps roles in India, and what they ask for, from employers' own job feeds.\n"
           "\nCommands (roletide COMMAND --help has examples and options)\n");
    for (size_t i = 0; i < n; i++)
        if (!commands[i]->hidden)
            printf("  %-14s %s\n", commands[i]->name, commands[i]->summary);
    printf("\nEverywhere\n");
    print_options(globals, ARRAY_LEN(globals));
}
