#include "cli/source_off.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "crawler/secret.h"

int source_is_fit(struct cli *cli, const struct source *src, struct diag *d)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    const struct adapter *ad = config_adapter(&cli->config, src->adapter);
    struct str dir = cli->config.settings.fetch.secrets_dir;

    if (!ad)
        return 0;
    if (ad->needs_permission && !src->permission.n) {
        diag_fail(d, ERR_CONFIG, STR_FMT ": off: it may be read only with permission",
                  STR_ARG(src->key));
        diag_hint(d, "add to the source, permission: who allowed it, when and how");
        return ERR_CONFIG;
    }
    if (!dir.n)
        dir = str_of(getenv("CREDENTIALS_DIRECTORY"));
    for (size_t i = 0; i < ad->secrets.n; i++) {
        struct diag why = { 0 };
        struct str value;

        if (!secret_read(dir, ad->secrets.items[i].name, &a, &value, &why))
            continue;
        diag_fail(d, ERR_CONFIG, STR_FMT ": off: %.300s", STR_ARG(src->key), why.text);
        memcpy(d->hint, why.hint, sizeof(d->hint));
        return ERR_CONFIG;
    }
    return 0;
}
