#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "config/config.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/str.h"
#include "store/store.h"

/*
 * The command line. main.c holds the table of commands, cmd_NAME.c one command each,
 * pipeline.c the one place where the parts meet, context.c what commands share.
 * Data goes to stdout, everything else to stderr.
 */

enum output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV, OUTPUT_TSV };

enum {
    EXIT_PARTIAL = 3,
    EXIT_NOTHING = 4,
    EXIT_ALERT = 5,
    EXIT_DATA = 65,
    EXIT_BUSY = 75,
    EXIT_CONFIG = 78
};

struct cli {
    struct arena *run; /* lives as long as the command */
    struct str config_path, state_dir, now_text, format_text,
        color_text; /* global options as given */
    bool quiet, verbose, help, version, allow_loopback;
    enum output format;
    bool format_given;
    bool color;   /* on stdout */
    int64_t jobs; /* --jobs; 0: not given */
    int64_t now;  /* UTC seconds */
    bool now_given;
    struct strs rest;      /* what is no option: files, ids, keys */
    struct config config;  /* after cli_config() */
    unsigned config_parts; /* of enum config_part: what of it was loaded */
    struct str state;      /* the state folder used, after cli_state() */
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_TEXTS };

/* An option and where its value goes: bool, struct str, int64_t or struct strs at `at` of the
 * command's args. */
struct option {
    const char *name, *value; /* "--stage N": "stage", "N" */
    enum option_kind kind;
    size_t at;
    int64_t min, max; /* OPTION_INT */
    const char *help;
};

struct command {
    const char *name, *summary;
    const char *usage;    /* what follows the name: "[FILE...]" */
    const char *examples; /* lines, shown first by --help */
    const char *more;     /* a paragraph for --help; may be NULL */
    const struct option *options;
    size_t n_options;
    size_t args_size; /* of the struct that options fill; zeroed */
    bool hidden;      /* not in the short list of --help */
    /* 0; a positive exit status (EXIT_PARTIAL ...); or a negative enum err with the diag. */
    int (*run)(struct cli *cli, void *args, struct diag *d);
};

/* context.c: what commands share. */

/* Load these parts of the configuration (enum config_part; the settings come with them), each once.
 */
int cli_config(struct cli *cli, unsigned parts, struct diag *d) MUST_USE;

/* --state, $STATE_DIRECTORY, /var/lib/roletide where readable, else $XDG_STATE_HOME/roletide. */
int cli_state(struct cli *cli, struct diag *d) MUST_USE;

int cli_store(struct cli *cli, enum store_access access, struct store **ret,
              struct diag *d) MUST_USE;

/* As cli_store() to write, but where nothing was read yet there is nothing to do: that is said, and
 * no empty store is made. */
int cli_store_read_before(struct cli *cli, struct store **ret, struct diag *d) MUST_USE;

/* A file's bytes, or standard input for "-". ERR_LIMIT over max bytes. */
int cli_read_file(struct cli *cli, struct str path, size_t max, struct str *ret,
                  struct diag *d) MUST_USE;

/* Say what is wrong on stderr, as every error is said: "roletide: what: where: why" and its hint.
 */
void cli_complain(const struct cli *cli, const struct diag *d);

int cli_exit_status(int r);

/* How many threads read postings: --jobs, else one a processor, at most 16. */
size_t cli_jobs(const struct cli *cli);

/* args.c */

/* Parse the words after the program's name. *ret_command NULL: none was named. */
int args_parse(struct cli *cli, int argc, char **argv, const struct command *const *commands,
               size_t n, const struct command **ret_command, void **ret_args,
               struct diag *d) MUST_USE;
void args_help(const struct command *c);
void args_help_all(const struct command *const *commands, size_t n);

#endif
