/* What is configured, by its name. */
#include "config/config.h"

const struct adapter *config_adapter(const struct config *c, struct str id)
{
    for (size_t i = 0; i < c->adapters.n; i++)
        if (str_eq(c->adapters.items[i].id, id))
            return &c->adapters.items[i];
    return NULL;
}

const struct source *config_source(const struct config *c, struct str key)
{
    for (size_t i = 0; i < c->sources.n; i++)
        if (str_eq(c->sources.items[i].key, key))
            return &c->sources.items[i];
    return NULL;
}
