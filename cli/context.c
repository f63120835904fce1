#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/crew.h"
#include "core/buf.h"
#include "core/cleanup.h"

/* Who asks, where the operator has not said it: with the page that he publishes, if any. */
static void name_ourselves(struct cli *cli)
{
    const struct settings *s = &cli->config.settings;
    struct str *agent = &cli->config.settings.fetch.user_agent;

    if (!agent->n && s->site_url.n)
        *agent = str_printf(cli->run, "roletide/" ROLETIDE_VERSION " (+" STR_FMT ")",
                            STR_ARG(s->site_url));
    else if (!agent->n)
        *agent = STR("roletide/" ROLETIDE_VERSION);
}

/* What was loaded before is loaded again with the rest: a command asks for all it needs at once, or
 * finds late that the store cannot tell. */
int cli_config(struct cli *cli, unsigned parts, struct diag *d)
{
    struct config_options opt = { .parts = parts | cli->config_parts | CONFIG_SETTINGS,
                                  .allow_loopback = cli->allow_loopback };
    int r;

    if (opt.parts == cli->config_parts)
        return 0;
    if (cli->config_path.n)
        opt.path = str_cstr(cli->run, cli->config_path);
    r = config_load(cli->run, &opt, &cli->config, d);
    if (r)
        return r;
    cli->config_parts = opt.parts;
    name_ourselves(cli);
    if (cli->config.settings.allow_loopback)
        cli->allow_loopback = true;
    return 0;
}

int cli_state(struct cli *cli, struct diag *d)
{
    const char *given = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME"),
               *home = getenv("HOME");

    if (cli->state.n)
        return 0;
    if (cli->state_dir.n)
        cli->state = cli->state_dir;
    else if (given && *given)
        cli->state = str_of(given);
    else if (cli->config_parts && cli->config.settings.state_dir.n)
        cli->state = cli->config.settings.state_dir;
    else if (access("/var/lib/roletide", R_OK) == 0)
        cli->state = STR("/var/lib/roletide");
    else if (xdg && *xdg)
        cli->state = str_printf(cli->run, "%s/roletide", xdg);
    else if (home && *home)
        cli->state = str_printf(cli->run, "%s/.local/state/roletide", home);
    else
        return diag_fail(d, ERR_USAGE, "no state folder: neither --state nor $HOME is set");
    return 0;
}

int cli_store(struct cli *cli, enum store_access access, struct store **ret, struct diag *d)
{
    int r = cli_state(cli, d);

    return r ? r : store_open(ret, str_cstr(cli->run, cli->state), access, d);
}

int cli_store_read_before(struct cli *cli, struct store **ret, struct diag *d)
{
    CLEANUP(store_close) struct store *there = NULL;
    int r = cli_store(cli, STORE_READ, &there, d);

    if (r == ERR_IO) /* an older schema or a busy folder is the writer's to judge */
        return r;
    store_close(&there);
    return cli_store(cli, STORE_WRITE, ret, d);
}

int cli_read_file(struct cli *cli, struct str path, size_t max, struct str *ret, struct diag *d)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    CLEANUP(file_close) FILE *opened = NULL;
    FILE *f = stdin;
    char chunk[65536];
    size_t n;

    if (!str_eq(path, STR("-"))) {
        opened = fopen(str_cstr(cli->run, path), "rb");
        if (!opened)
            return diag_fail(d, ERR_IO, STR_FMT ": %s", STR_ARG(path), strerror(errno));
        f = opened;
    }
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
        if (b.n + n > max)
            return diag_fail(d, ERR_LIMIT, STR_FMT ": over %zu MiB", STR_ARG(path), max >> 20);
        buf_add(&b, (struct str){ chunk, n });
    }
    if (ferror(f))
        return diag_fail(d, ERR_IO, STR_FMT ": %s", STR_ARG(path), strerror(errno));
    *ret = buf_take(&b, cli->run);
    return 0;
}

void cli_complain(const struct cli *cli, const struct diag *d)
{
    struct diag located = *d;

    if (cli->config_parts)
        config_locate(&cli->config, &located);
    fflush(stdout);
    fprintf(stderr, "roletide: %s\n", located.text);
    if (located.hint[0])
        fprintf(stderr, "hint: %s\n", located.hint);
}

/* Each thread compiles the rules for itself, 8 ms and 2 MB: with more threads that soon costs more
 * than they save, and the unit's bound of memory is for all of them. */
enum { JOBS_UNASKED = 16 };

size_t cli_jobs(const struct cli *cli)
{
    size_t n = crew_processors();

    if (cli->jobs)
        return (size_t)cli->jobs;
    return n < JOBS_UNASKED ? n : JOBS_UNASKED;
}

int cli_exit_status(int r)
{
    static const struct {
        int err, status;
    } statuses[] = {
        { ERR_USAGE, 2 },         { ERR_CONFIG, EXIT_CONFIG }, { ERR_FORMAT, EXIT_DATA },
        { ERR_LIMIT, EXIT_DATA }, /* what is over a bound is bad data, whatever it says */
        { ERR_BUSY, EXIT_BUSY },  { ERR_DB, EXIT_DATA }, /* damaged, or of another release */
    };

    if (r >= 0)
        return r;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        if (r == statuses[i].err)
            return statuses[i].status;
    return 1;
}
