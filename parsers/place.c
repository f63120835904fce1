#include "parsers/place.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "parsers/scan.h"

enum {
    WORDS_MAX = 4,      /* of a place's name */
    KEY_MAX = 48,       /* bytes of a name */
    SAME_MAX = 8,       /* rows that share a name */
    QUALIFIERS_MAX = 8, /* states and countries beside one city */
    TOKENS_MAX = 400,
    PLACES_MAX = 40,
    PLACE_MAX = 60 /* bytes; a longer place is a sentence */
};

struct name {
    char key[KEY_MAX]; /* lower case, words joined by one space; a code: in capitals */
    uint32_t rule;
};

struct gazetteer {
    const struct place_rule *rules;
    struct name *names; /* sorted by key, then by rule */
    size_t n, cap;
};

struct token {
    size_t start, end;
};

/* A name found in the text: all rows that bear it. */
struct item {
    uint32_t rules[SAME_MAX];
    size_t n;
    size_t start, end;
    bool code;
};

void gazetteer_free(struct gazetteer **g)
{
    if (!*g)
        return;
    free((*g)->names);
    free(*g);
    *g = NULL;
}

/* The words of s joined by single spaces; false when that is too long for a name. */
static bool make_key(struct str s, bool keep_case, char ret[KEY_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!byte_is_word(c) && (n == 0 || ret[n - 1] == ' '))
            continue;
        if (n + 1 >= KEY_MAX)
            return false;
        ret[n++] = !byte_is_word(c) ? ' ' : keep_case ? c : ascii_lower(c);
    }
    while (n && ret[n - 1] == ' ')
        n--;
    ret[n] = '\0';
    return n > 0;
}

static void add_name(struct gazetteer *g, struct str name, uint32_t rule)
{
    bool code = name.n && name.p[0] == '=';
    struct name *grown;

    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 1024;
        grown = realloc(g->names, g->cap * sizeof(*g->names));
        if (!grown)
            out_of_memory();
        g->names = grown;
    }
    g->names[g->n].rule = rule;
    if (make_key(code ? str_from(name, 1) : name, code, g->names[g->n].key))
        g->n++;
}

static int by_key(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int r = strcmp(x->key, y->key);

    return r ? r : (x->rule > y->rule) - (x->rule < y->rule);
}

int gazetteer_compile(struct gazetteer **ret, const struct place_rule *rules, size_t n,
                      struct diag *d)
{
    CLEANUP(gazetteer_free) struct gazetteer *g = calloc(1, sizeof(*g));

    if (!g)
        out_of_memory();
    g->rules = rules;
    for (size_t i = 0; i < n; i++) {
        const struct place_rule *r = &rules[i];

        if (r->country.n != 2)
            return diag_blame(d, ERR_CONFIG, r->country.p, "place: no ISO country code: " STR_FMT,
                              STR_ARG(r->country));
        add_name(g, r->city.n ? r->city : r->state, (uint32_t)i);
        for (size_t k = 0; k < r->aliases.n; k++)
            add_name(g, r->aliases.items[k], (uint32_t)i);
    }
    if (g->n)
        qsort(g->names, g->n, sizeof(*g->names), by_key);
    *ret = g;
    g = NULL;
    return 0;
}

static bool find_key(const struct gazetteer *g, const char *key, struct item *ret)
{
    size_t low = 0, high = g->n;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (strcmp(g->names[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    ret->n = 0;
    for (; low < g->n && ret->n < SAME_MAX && !strcmp(g->names[low].key, key); low++)
        if (!ret->n || ret->rules[ret->n - 1] != g->names[low].rule)
            ret->rules[ret->n++] = g->names[low].rule;
    return ret->n > 0;
}

static size_t tokenise(struct str s, struct token *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n && n < TOKENS_MAX;) {
        if (!byte_is_word(s.p[i])) {
            i++;
            continue;
        }
        ret[n].start = i;
        while (i < s.n && byte_is_word(s.p[i]))
            i++;
        ret[n++].end = i;
    }
    return n;
}

static bool joins_words(struct str gap)
{
    for (size_t i = 0; i < gap.n; i++)
        if (!strchr(" -/.&'", gap.p[i]))
            return false;
    return true;
}

/* A code such as KA or IN counts only in capitals, behind a comma, or at the start before one. */
static bool code_stands(struct str s, size_t start, size_t end)
{
    size_t p = scan_blanks_back(s, start), q = scan_blanks(s, end);

    if (end < s.n && s.p[end] == '/')
        return false; /* "Frontend, ML/NLP" */
    return p > 0 ? (s.p[p - 1] == ',' || s.p[p - 1] == '(' || s.p[p - 1] == ':')
                 : q >= s.n || s.p[q] == ',' || s.p[q] == '-';
}

static size_t item_at(const struct gazetteer *g, struct str s, const struct token *t, size_t n,
                      size_t i, struct item *ret)
{
    char key[KEY_MAX];

    for (size_t words = n - i < WORDS_MAX ? n - i : WORDS_MAX; words >= 1; words--) {
        struct str text = str_slice(s, t[i].start, t[i + words - 1].end);
        bool joined = true;

        for (size_t k = i; k + 1 < i + words && joined; k++)
            joined = joins_words(str_slice(s, t[k].end, t[k + 1].start));
        *ret = (struct item){ .start = t[i].start, .end = t[i + words - 1].end };
        if (!joined)
            continue;
        if (make_key(text, false, key) && find_key(g, key, ret))
            return words;
        if (words == 1 && text.n <= 3 && make_key(text, true, key) && find_key(g, key, ret)
            && code_stands(s, ret->start, ret->end)) {
            ret->code = true;
            return words;
        }
    }
    return 0;
}

static bool is_city(const struct gazetteer *g, const struct item *it)
{
    for (size_t i = 0; i < it->n; i++)
        if (g->rules[it->rules[i]].city.n)
            return true;
    return false;
}

/* A city and what stands beside it. */
struct group {
    struct item city;
    bool has_city;
    struct item around[QUALIFIERS_MAX];
    size_t n;
    struct str unknown; /* a name that no row bears, before a state */
};

struct reader {
    const struct gazetteer *g;
    struct str text;
    enum field field;
    uint32_t at;
    struct arena *a;
    struct places *io;
    struct group group;
};

static void emit(struct reader *r, struct str city, struct str state, struct str country,
                 size_t start, size_t end, enum confidence confidence)
{
    struct places *io = r->io;

    for (size_t i = 0; i < io->n; i++) {
        struct place *p = &io->items[i];
        bool same = str_eq(p->country, country) && str_eq(p->city, city);

        if (same && (city.n || str_eq(p->state, state)))
            return;
        if (!city.n && !state.n && str_eq(p->country, country))
            return; /* the country of a place already known */
        if (!city.n && str_eq(p->country, country) && str_eq(p->state, state))
            return;
    }
    if (io->n >= PLACES_MAX)
        return;
    /* A country named before its cities gives way to them. */
    for (size_t i = 0; i < io->n; i++)
        if (!io->items[i].city.n && str_eq(io->items[i].country, country)
            && (!io->items[i].state.n || str_eq(io->items[i].state, state))) {
            memmove(&io->items[i], &io->items[i + 1], (io->n - i - 1) * sizeof(*io->items));
            io->n--;
            break;
        }
    *ARENA_PUSH(r->a, io) =
        (struct place){ city,
                        state,
                        country,
                        { r->field, r->at + (uint32_t)start, r->at + (uint32_t)end, confidence,
                          "place: gazetteer" } };
}

/* How well a row fits what stands beside the name; below 0: it contradicts. */
static int fit(const struct reader *r, const struct place_rule *row, bool *used)
{
    int score = row->ambiguous ? -1 : 0;

    for (size_t i = 0; i < r->group.n; i++) {
        const struct item *q = &r->group.around[i];
        bool met = false, state = false;

        for (size_t k = 0; k < q->n; k++) {
            const struct place_rule *x = &r->g->rules[q->rules[k]];

            state |= x->state.n > 0;
            met |=
                str_eq(x->country, row->country) && (!x->state.n || str_eq(x->state, row->state));
        }
        used[i] = met;
        score += met ? (state ? 4 : 3) : state ? -4 : 0;
    }
    return score;
}

static bool names_india(const struct reader *r)
{
    for (size_t i = 0; i < r->group.n; i++)
        for (size_t k = 0; k < r->group.around[i].n; k++) {
            const struct place_rule *x = &r->g->rules[r->group.around[i].rules[k]];

            if (!x->state.n && str_eq(x->country, STR("IN")) && !r->group.around[i].code)
                return true;
        }
    return false;
}

/*
 * Which row a state or country beside no known city means. A code follows the company it
 * keeps: with "India" it is India's; behind a name that we do not know it is abroad, since we
 * know India's larger cities; alone, "IN" is India.
 */
static const struct place_rule *pick(const struct reader *r, const struct item *q, bool india)
{
    bool want_india = india || !r->group.unknown.n;

    for (size_t k = 0; k < q->n && q->code; k++) {
        const struct place_rule *x = &r->g->rules[q->rules[k]];

        if (str_eq(x->country, STR("IN")) == want_india)
            return x;
    }
    return &r->g->rules[q->rules[0]];
}

/* States and countries that belong to no city, each a place. */
static void emit_alone(struct reader *r, const struct item *q, bool india)
{
    const struct place_rule *x = pick(r, q, india);

    emit(r, (struct str){ 0 }, x->state, x->country, q->start, q->end,
         q->code ? CONFIDENCE_LOW : CONFIDENCE_HIGH);
}

static void close_without_city(struct reader *r)
{
    struct group *g = &r->group;
    bool india = names_india(r);

    for (size_t i = 0; i < g->n; i++) {
        const struct place_rule *x = pick(r, &g->around[i], india);

        if (g->unknown.n && x->state.n && str_eq(x->country, STR("IN"))) {
            emit(r, str_dup(r->a, g->unknown), x->state, x->country, g->around[i].start,
                 g->around[i].end, CONFIDENCE_MEDIUM);
            g->unknown.n = 0;
            continue;
        }
        emit_alone(r, &g->around[i], india);
    }
}

static void close_group(struct reader *r)
{
    struct group *g = &r->group;
    bool used[QUALIFIERS_MAX] = { false }, best_used[QUALIFIERS_MAX] = { false };
    const struct place_rule *best = NULL;
    int score = -100;

    if (!g->has_city) {
        close_without_city(r);
        *g = (struct group){ 0 };
        return;
    }
    for (size_t i = 0; i < g->city.n; i++) {
        const struct place_rule *row = &r->g->rules[g->city.rules[i]];
        int now = row->city.n ? fit(r, row, used) : -100;

        if (now > score) {
            score = now;
            best = row;
            memcpy(best_used, used, sizeof(used));
        }
    }
    if (best && score <= -3) { /* a namesake in a state that no row knows */
        for (size_t i = 0; i < g->n; i++) {
            const struct place_rule *x = &r->g->rules[g->around[i].rules[g->around[i].n - 1]];

            if (x->state.n && !str_eq(x->country, STR("IN"))) {
                emit(r, best->city, x->state, x->country, g->city.start, g->city.end,
                     CONFIDENCE_MEDIUM);
                *g = (struct group){ 0 };
                return;
            }
        }
    }
    if (best && best->ambiguous && score < 0 && g->n == 0)
        emit(r, best->city, (struct str){ 0 }, (struct str){ 0 }, g->city.start, g->city.end,
             CONFIDENCE_LOW);
    else if (best)
        emit(r, best->city, best->state, best->country, g->city.start, g->city.end,
             score > 0 || !best->ambiguous ? CONFIDENCE_HIGH : CONFIDENCE_LOW);
    for (size_t i = 0; i < g->n; i++)
        if (!best_used[i] && !g->around[i].code)
            emit_alone(r, &g->around[i], false);
    *g = (struct group){ 0 };
}

static bool parts_groups(struct str gap)
{
    for (size_t i = 0; i < gap.n; i++)
        if (gap.p[i] == '|' || gap.p[i] == '\n' || gap.p[i] == ';')
            return true;
    return false;
}

/* Words before a state that no row knows: "Madhavaram, Telangana". */
static struct str unknown_before(struct str s, size_t start)
{
    size_t end = scan_blanks_back(s, start), from;
    struct str name;

    if (!end || s.p[end - 1] != ',')
        return (struct str){ 0 };
    for (from = --end; from > 0 && !strchr(",|;\n(:/", s.p[from - 1]); from--)
        ;
    name = str_trim(str_slice(s, from, end));
    if (name.n < 3 || name.n > 30 || !(name.p[0] >= 'A' && name.p[0] <= 'Z'))
        return (struct str){ 0 };
    for (size_t i = 0; i < name.n; i++)
        if (!ascii_is_alpha(name.p[i]) && name.p[i] != ' ' && name.p[i] != '-')
            return (struct str){ 0 };
    if (str_find_fold(name, STR("remote")) >= 0 || str_find_fold(name, STR("hybrid")) >= 0)
        return (struct str){ 0 };
    return name;
}

static void take_item(struct reader *r, const struct item *it, struct str gap)
{
    struct group *g = &r->group;

    if (parts_groups(gap))
        close_group(r);
    if (is_city(r->g, it)) {
        if (g->has_city)
            close_group(r);
        g->city = *it;
        g->has_city = true;
        return;
    }
    if (!g->has_city && !g->n)
        g->unknown = unknown_before(r->text, it->start);
    if (g->n == QUALIFIERS_MAX)
        close_group(r);
    g->around[g->n++] = *it;
}

/* The city of a PIN code that stands alone. */
static void take_pin(struct reader *r, struct str word, size_t start)
{
    static const struct {
        const char *prefix, *city, *state;
    } rows[] = { { "560", "Bengaluru", "Karnataka" }, { "500", "Hyderabad", "Telangana" },
                 { "110", "New Delhi", "Delhi" },     { "400", "Mumbai", "Maharashtra" },
                 { "411", "Pune", "Maharashtra" },    { "600", "Chennai", "Tamil Nadu" },
                 { "700", "Kolkata", "West Bengal" }, { "122", "Gurugram", "Haryana" } };
    int64_t v;

    if (word.n != 6 || !str_int(word, &v) || r->io->n || r->group.has_city)
        return;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_starts(word, str_of(rows[i].prefix)))
            emit(r, str_of(rows[i].city), str_of(rows[i].state), STR("IN"), start, start + 6,
                 CONFIDENCE_LOW);
}

/* "Remote or hybrid", "New York (hybrid); remote": whoever likes may work remotely. */
static bool is_choice(struct str text, ptrdiff_t a, ptrdiff_t b)
{
    struct str between = str_slice(text, (size_t)(a < b ? a : b), (size_t)(a < b ? b : a));

    return memchr(between.p, ';', between.n) || str_find_fold(between, STR(" or ")) >= 0;
}

/* Where the word of the list that stands at `at` ends, with the letters that follow it. */
static size_t word_end(struct str s, size_t at, const char *const *words)
{
    const char *word = scan_one_of(s, at, words);

    at += word ? scan_word_size(word) : 0;
    while (at < s.n && ascii_is_alpha(s.p[at]))
        at++;
    return at;
}

/* Whether the region that begins at `at` is one of a list: "Paris, worldwide", "Pune or remote
 * anywhere", not "anywhere in Europe". */
static bool is_listed(struct str s, size_t at)
{
    static const char *const joins[] = { "or", "and", NULL };
    size_t end = at, p;

    while (end < s.n && (ascii_is_alpha(s.p[end]) || s.p[end] == '-'))
        end++;
    p = scan_blanks(s, end);
    return p == s.n || memchr(",|/;)", s.p[p], 5) || scan_one_of(s, p, joins)
           || scan_dash(s, p) > p;
}

static void read_words(struct reader *r)
{
    static const char *const remote[] = { "remote",       "remotely",
                                          "wfh",          "work from home",
                                          "telecommute~", "home based",
                                          "home-based",   NULL };
    static const char *const hybrid[] = { "hybrid", NULL };
    static const char *const onsite[] = { "onsite",           "on-site",   "on site", "in-office",
                                          "work from office", "in office", "wfo",     "in person",
                                          "in-person",        NULL };
    static const char *const open[] = { "worldwide", "anywhere",     "global", "globally", "apac",
                                        "asia",      "asia-pacific", "world",  NULL };
    static const char *const asian[] = { "apac", "asia", "asia-pacific", NULL };
    static const char *const closed[] = { "emea",          "latam",  "europe",      "eu",
                                          "latin america", "africa", "middle east", "americas",
                                          "eea",           NULL };
    ptrdiff_t at[3] = { scan_first(r->text, remote), scan_first(r->text, hybrid),
                        scan_first(r->text, onsite) };
    ptrdiff_t region = scan_first(r->text, closed);
    const char *const *regions = closed;
    static const enum work_mode modes[] = { MODE_REMOTE, MODE_HYBRID, MODE_ONSITE };
    static const char *const *const says[] = { remote, hybrid, onsite };
    size_t m = at[0] >= 0 ? 0 : at[1] >= 0 ? 1 : 2;

    if (m == 0 && at[1] >= 0 && !is_choice(r->text, at[0], at[1]))
        m = 1;
    if (at[m] >= 0 && r->io->mode != MODE_REMOTE) {
        r->io->mode = modes[m];
        r->io->mode_from =
            (struct evidence){ r->field, r->at + (uint32_t)at[m],
                               r->at + (uint32_t)word_end(r->text, (size_t)at[m], says[m]),
                               CONFIDENCE_HIGH, "mode: a word of the place" };
    }
    if (region < 0 || scan_any(r->text, asian)) { /* "EMEA and APAC" is open, too */
        regions = region < 0 ? open : asian;
        region = scan_first(r->text, regions);
        r->io->worldwide |= region >= 0;
        r->io->listed |= region >= 0 && is_listed(r->text, (size_t)region);
        r->io->told |= region >= 0 && r->text.n > PLACE_MAX;
    } else {
        r->io->elsewhere = true;
    }
    if (region >= 0)
        r->io->region_from =
            (struct evidence){ r->field, r->at + (uint32_t)region,
                               r->at + (uint32_t)word_end(r->text, (size_t)region, regions),
                               CONFIDENCE_LOW, "place: a region" };
}

void places_read(const struct gazetteer *g, struct str text, enum field field, uint32_t at,
                 struct arena *a, struct places *io)
{
    static const char *const anywhere[] = { "anywhere", "worldwide", NULL };
    struct token tokens[TOKENS_MAX];
    struct reader r = { .g = g, .text = text, .field = field, .at = at, .a = a, .io = io };
    size_t n = tokenise(text, tokens), last = 0;

    for (size_t i = 0; i < n;) {
        struct item it;
        size_t words = item_at(g, text, tokens, n, i, &it);

        if (!words) {
            take_pin(&r, str_slice(text, tokens[i].start, tokens[i].end), tokens[i].start);
            i++;
            continue;
        }
        take_item(&r, &it, str_slice(text, last, it.start));
        last = it.end;
        i += words;
    }
    close_group(&r);
    read_words(&r);
    /* A short place text that is no place: whoever may sit anywhere works remotely. */
    if (io->mode == MODE_UNKNOWN && text.n < 40 && scan_any(text, anywhere)) {
        io->mode = MODE_REMOTE;
        io->mode_from = (struct evidence){ field, at, at + (uint32_t)text.n, CONFIDENCE_MEDIUM,
                                           "mode: anywhere" };
    }
}

enum india places_india(const struct places *p, enum work_mode mode, struct evidence *ret_from)
{
    const struct place *abroad = NULL;

    for (size_t i = 0; i < p->n; i++) {
        if (str_eq(p->items[i].country, STR("IN"))) {
            *ret_from = p->items[i].from;
            return INDIA_YES;
        }
        if (p->items[i].country.n && !abroad)
            abroad = &p->items[i];
    }
    if (p->worldwide && mode == MODE_REMOTE
        && (!abroad || (p->listed && abroad->from.field == FIELD_PLACE))) {
        *ret_from = p->region_from;
        return INDIA_REMOTE_OPEN;
    }
    if (abroad || p->elsewhere) {
        *ret_from = abroad ? abroad->from : p->region_from;
        return INDIA_NO;
    }
    if (p->worldwide && !p->told) {
        *ret_from = p->region_from;
        return INDIA_REMOTE_OPEN;
    }
    *ret_from = (struct evidence){ .rule = "no place stated" };
    return INDIA_NO;
}
