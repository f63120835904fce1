#include "parsers/headings.h"

#include <stdlib.h>

#include "core/arena.h"
#include "parsers/spots.h"

enum { BUCKETS = 512 };

struct known {
    struct str heading;
    enum section section;
    const struct known *next; /* in its bucket */
};

struct sections {
    struct arena arena;
    const struct heading_rule *rules;
    size_t n;
    enum section *of_rule;
    const struct known *known[BUCKETS];
    struct beginnings begin; /* of the known headings */
};

void sections_free(struct sections **s)
{
    if (!*s)
        return;
    arena_free(&(*s)->arena);
    free(*s);
    *s = NULL;
}

static size_t bucket_of(struct str heading)
{
    const char *p = heading.p;
    size_t n = heading.n;

    return (n * 37 + (size_t)ascii_lower(p[0]) * 7 + (size_t)ascii_lower(p[n / 2]) * 13
            + (size_t)ascii_lower(p[n - 1]))
           % BUCKETS;
}

bool headings_find(const struct sections *s, struct str key, enum section *ret)
{
    const struct known *k = s->known[bucket_of(key)];

    while (k && !str_eq_fold(k->heading, key))
        k = k->next;
    if (k)
        *ret = k->section;
    return k != NULL;
}

/* `~` and `^`: words of a heading, not a heading. */
static bool is_words(struct str heading)
{
    return heading.n && (heading.p[0] == '~' || heading.p[0] == '^');
}

static void add_known(struct sections *s, struct str heading, enum section section)
{
    struct known *k = ARENA_NEW(&s->arena, struct known, 1);
    enum section already;

    if (!heading.n || headings_find(s, heading, &already))
        return;
    *k = (struct known){ str_lower(&s->arena, heading), section, s->known[bucket_of(heading)] };
    s->known[bucket_of(heading)] = k;
    beginnings_add_word(&s->begin, k->heading);
}

int sections_compile(struct sections **ret, const struct heading_rule *rules, size_t n,
                     struct diag *d)
{
    struct sections *s = calloc(1, sizeof(*s));

    if (!s)
        out_of_memory();
    s->rules = rules;
    s->n = n;
    s->of_rule = ARENA_NEW(&s->arena, enum section, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!section_parse(rules[i].section, &s->of_rule[i])) {
            sections_free(&s);
            return diag_blame(d, ERR_CONFIG, rules[i].section.p, "\"" STR_FMT "\" is no section",
                              STR_ARG(rules[i].section));
        }
        for (size_t k = 0; k < rules[i].headings.n; k++)
            if (!is_words(rules[i].headings.items[k]))
                add_known(s, rules[i].headings.items[k], s->of_rule[i]);
    }
    *ret = s;
    return 0;
}

int sections_add_words(const struct sections *s, struct arena *a, struct words *to, struct diag *d)
{
    int err = 0;

    for (uint32_t i = 0; i < s->n && !err; i++) {
        const struct heading_rule *r = &s->rules[i];

        for (size_t k = 0; k < r->headings.n && !err; k++) {
            struct str h = r->headings.items[k];

            if (is_words(h))
                err = words_add(a, to, str_from(h, 1), WORD_HEADING, i, h.p[0] == '^', d);
        }
        for (size_t k = 0; k < r->says.n && !err; k++) {
            struct str h = r->says.items[k];
            bool begins = h.n && h.p[0] == '^', firm = begins || (h.n && h.p[0] == '!');

            h = str_from(h, firm);
            if (firm)
                err = words_add(a, to, h, WORD_SAYS_FIRMLY, i, begins, d);
            if (!begins && !err)
                err = words_add(a, to, h, WORD_SAYS, i, 0, d);
        }
    }
    return err;
}

bool headings_may_begin(const struct sections *s, struct str line, size_t at)
{
    return beginnings_at(&s->begin, line, at);
}

bool headings_tell(const struct sections *s, const struct word_hits *hits, struct str_span in,
                   enum word_kind kind, enum section *ret)
{
    size_t low = 0, high = hits->n;
    uint32_t best = UINT32_MAX;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        *(hits->items[mid].start < in.start ? &low : &high) =
            hits->items[mid].start < in.start ? mid + 1 : mid;
    }
    for (; low < hits->n && hits->items[low].start < in.end; low++) {
        const struct word_hit *h = &hits->items[low];

        if (h->use.kind == kind && h->use.owner < best && h->end <= in.end
            && !(h->use.part && h->start != in.start))
            best = h->use.owner;
    }
    if (best == UINT32_MAX)
        return false;
    *ret = s->of_rule[best];
    return true;
}
