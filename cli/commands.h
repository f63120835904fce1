#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

/* The commands, in the order in which --help lists them. To add one: write cmd_NAME.c, name it here
 * and in commands.c. */
extern const struct command cmd_alert, cmd_audit, cmd_backup, cmd_config, cmd_crawl, cmd_demand,
    cmd_doctor, cmd_extract, cmd_html_text, cmd_import, cmd_json_check, cmd_openings, cmd_publish,
    cmd_reparse, cmd_robots_check, cmd_roles, cmd_rules, cmd_run, cmd_salary, cmd_show,
    cmd_sitemap_urls, cmd_source, cmd_sql, cmd_stages, cmd_trend, cmd_url_resolve, cmd_why,
    cmd_why_not;

extern const struct command *const commands[];
extern const size_t n_commands;

/* The bare command: the answer at once, from the store. */
int overview(struct cli *cli, struct diag *d) MUST_USE;

#endif
