#include "cli/crawl_hosts.h"

static struct str host_in(struct str url)
{
    ptrdiff_t slashes = str_find(url, STR("//"));

    url = str_from(url, slashes < 0 ? 0 : (size_t)slashes + 2);
    return str_cut(&url, '/');
}

size_t crawl_host_find(struct crawl_hosts *h, struct str url)
{
    struct str name = host_in(url);
    size_t i = 0;

    while (i < h->n && !str_eq(h->items[i].name, name))
        i++;
    if (i == h->n)
        *ARENA_PUSH(h->memory, h) = (struct crawl_host){ .name = str_dup(h->memory, name) };
    h->items[i].sources++;
    return i;
}

void crawl_hosts_rest(struct crawl_hosts *h)
{
    for (size_t i = 0; i < h->n; i++)
        h->items[i].active = 0;
}

void crawl_host_waits(struct crawl_host *host, struct str source)
{
    if (!host->active++)
        host->reading = source;
}
