#include "cli/commands.h"

const struct command *const commands[] = {
    &cmd_run,          &cmd_crawl,     &cmd_roles,       &cmd_openings,     &cmd_demand,
    &cmd_trend,        &cmd_stages,    &cmd_salary,      &cmd_alert,        &cmd_show,
    &cmd_why,          &cmd_why_not,   &cmd_audit,       &cmd_publish,      &cmd_source,
    &cmd_rules,        &cmd_reparse,   &cmd_import,      &cmd_sql,          &cmd_backup,
    &cmd_doctor,       &cmd_config,    &cmd_extract,     &cmd_robots_check, &cmd_json_check,
    &cmd_sitemap_urls, &cmd_html_text, &cmd_url_resolve,
};

const size_t n_commands = ARRAY_LEN(commands);
