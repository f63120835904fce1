#include "cli/unread.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/source_off.h"
#include "config/check.h"

static void count(struct cli *cli, const struct source *src, struct unread *io)
{
    const struct adapter *ad = config_adapter(&cli->config, src->adapter);
    struct diag unfit = { 0 };

    if (!ad || str_eq(src->policy, STR("off")) || str_eq(ad->policy, STR("off")))
        io->off++;
    else if (ad->needs_permission && !src->permission.n)
        io->no_permission++;
    else if (source_is_fit(cli, src, &unfit))
        io->no_key++;
    else if (str_eq(src->policy, STR("opt-in")))
        io->opt_in++;
    else
        io->by_default++;
}

int unread_of(struct cli *cli, struct unread *ret, struct diag *d)
{
    int r = cli_config(cli, CONFIG_BOARDS, d);

    *ret = (struct unread){ 0 };
    for (size_t i = 0; !r && i < cli->config.sources.n; i++)
        count(cli, &cli->config.sources.items[i], ret);
    return r;
}

void unread_print(const struct unread *u, const struct mix *mix)
{
    const struct source_mix *s = &mix->sources;
    size_t n;
    const struct never_site *never = never_sites(&n);

    printf("%" PRId64 " sources speak for the count (%d days before: %" PRId64 "): %" PRId64
           " added, %" PRId64 " back, %" PRId64 " gone, %" PRId64 " silent\n",
           s->now, CHANGE_DAYS, s->before, s->added, s->back, s->gone, s->silent);
    if (mix->employers_before >= 0)
        printf("%" PRId64 " employers (%d days before: %" PRId64 ")\n", mix->employers, CHANGE_DAYS,
               mix->employers_before);
    printf("not read, of %" PRId64 " configured now: %" PRId64 " wait for a yes, %" PRId64
           " are off by policy, %" PRId64 " lack a permission, %" PRId64 " a key\n",
           u->by_default + u->opt_in + u->off + u->no_permission + u->no_key, u->opt_in, u->off,
           u->no_permission, u->no_key);
    printf("never read, by name: ");
    for (size_t i = 0; i < n; i++)
        printf("%s%s", i ? ", " : "", never[i].name);
    printf(" (their terms)\n");
}

static void mix_json(struct json_out *j, const struct mix *mix)
{
    const struct source_mix *s = &mix->sources;

    json_object(j, "mix");
    json_int(j, "days", CHANGE_DAYS);
    json_int(j, "sources", s->now);
    json_int(j, "sources_before", s->before);
    json_int(j, "added", s->added);
    json_int(j, "back", s->back);
    json_int(j, "gone", s->gone);
    json_int(j, "silent", s->silent);
    json_int(j, "employers", mix->employers);
    json_num(j, "employers_before", mix->employers_before < 0 ? NAN : (double)mix->employers_before,
             0);
    json_end(j);
}

void unread_json(struct json_out *j, const struct unread *u, const struct mix *mix)
{
    size_t n;
    const struct never_site *never = never_sites(&n);

    json_object(j, "coverage");
    mix_json(j, mix);
    json_int(j, "read_by_default", u->by_default);
    json_object(j, "not_read");
    json_int(j, "opt_in", u->opt_in);
    json_int(j, "off", u->off);
    json_int(j, "no_permission", u->no_permission);
    json_int(j, "no_key", u->no_key);
    json_array(j, "never");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_cstr(j, "name", never[i].name);
        json_cstr(j, "why", never[i].why);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    json_end(j);
}
