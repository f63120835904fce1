#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"

static bool wants_color(const struct cli *cli)
{
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

    if (str_eq(cli->color_text, STR("always")))
        return true;
    if (str_eq(cli->color_text, STR("never")) || (no && *no))
        return false;
    return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static int flush_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno == EPIPE) /* the reader had enough (head): no news */
        return status;
    fputs("roletide: standard output: cannot write\n", stderr);
    return status ? status : 1;
}

static int dispatch(struct cli *cli, int argc, char **argv)
{
    const struct command *c = NULL;
    struct diag d = { 0 };
    void *args = NULL;
    int r = args_parse(cli, argc, argv, commands, n_commands, &c, &args, &d);

    if (!r && cli->version) {
        printf("roletide %s\n", ROLETIDE_VERSION);
        return 0;
    }
    if (!r && cli->help) {
        if (c)
            args_help(c);
        else
            args_help_all(commands, n_commands);
        return 0;
    }
    if (!r) {
        cli->color = wants_color(cli);
        r = c ? c->run(cli, args, &d) : overview(cli, &d);
    }
    if (r < 0)
        cli_complain(cli, &d);
    return cli_exit_status(r);
}

int main(int argc, char **argv)
{
    struct arena run = ARENA_INIT;
    struct cli cli = { .run = &run, .now = time(NULL) };
    int status;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file limit is an error that SQLite reports, not a death */
    if (!setlocale(LC_CTYPE, "") || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
        setlocale(LC_CTYPE, "C.UTF-8"); /* rupee signs and names keep their width */
    status = flush_output(dispatch(&cli, argc, argv));
    arena_free(&run);
    return status;
}
