#include "aggregator/panel.h"

#include "core/arena.h"
#include "core/date.h"

void panel_init(struct panel *p, const struct source_state *sources, size_t n, struct arena *a)
{
    *p = (struct panel){ .items = ARENA_NEW(a, struct panel_source, n ? n : 1), .n = n };
    for (size_t i = 0; i < n; i++) {
        bool waits = str_find_fold(sources[i].row.why_added, STR("hiring")) >= 0;

        p->items[i].key = sources[i].row.key;
        if (waits)
            p->items[i].enters = day_of(sources[i].row.added) + HIRING_WAIT_DAYS;
    }
}

struct panel_source *panel_find(struct panel *p, struct str key)
{
    size_t low = 0, high = p->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(p->items[mid].key, key);

        if (order == 0)
            return &p->items[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* `last_day` still names the earlier reading until the step has compared the two. */
void panel_read(struct panel_source *s, int64_t value)
{
    s->read_today = true;
    s->value = value;
}

void panel_restore(struct panel_source *s, int64_t day, int64_t value)
{
    s->known = true;
    s->last_day = day;
    s->value = s->before = value;
}

static bool compares(const struct panel_source *s, int64_t day)
{
    return s->known && day - s->last_day <= PANEL_GAP_DAYS && day > s->enters;
}

void panel_step(struct panel *p, int64_t day)
{
    int64_t before = 0, now = 0;
    bool begun = false;

    for (size_t i = 0; i < p->n; i++) {
        struct panel_source *s = &p->items[i];

        if (compares(s, day)) {
            before += s->before;
            now += s->value;
        }
        begun |= s->read_today;
        if (s->read_today) {
            s->known = true;
            s->last_day = day;
        }
        s->before = s->value;
        s->read_today = false;
    }
    if (p->index > 0 && before > 0 && now > 0)
        p->index *= (double)now / (double)before;
    else if (!(p->index > 0) && begun)
        p->index = 100;
}

struct str source_figure(struct str key, struct arena *a)
{
    return str_printf(a, "source:" STR_FMT, STR_ARG(key));
}

int64_t market_counting(const struct market *m)
{
    int64_t n = 0;

    for (size_t i = 0; i < m->n_openings; i++)
        n += m->openings[i].why == COUNTED || m->openings[i].why == STALE;
    return n;
}

int64_t source_value(const struct market_in *in, struct arena *scratch)
{
    struct market m;

    market_join(&m, in, scratch);
    return market_counting(&m);
}
