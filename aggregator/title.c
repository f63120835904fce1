/* What an ad's title and places are compared by. */
#include <stdlib.h>

#include "aggregator/identity.h"
#include "aggregator/words.h"
#include "core/arena.h"
#include "store/store.h"

enum { PLACE_WORDS = 8 }; /* a longer line is no place */

/* Words of a title that say where, how or how urgently, not what. */
static const char *const idle_words[] = {
    "remote",      "hybrid",    "onsite",      "in",        "at",        "wfh",      "wfo",
    "based",       "hiring",    "urgent",      "urgently",  "immediate", "wanted",   "anywhere",
    "telecommute", "worldwide", "global",      "india",     "usa",       "us",       "uk",
    "canada",      "mexico",    "brazil",      "argentina", "colombia",  "chile",    "peru",
    "costa",       "rica",      "ireland",     "france",    "germany",   "spain",    "portugal",
    "italy",       "poland",    "romania",     "hungary",   "bulgaria",  "croatia",  "ukraine",
    "netherlands", "belgium",   "sweden",      "norway",    "denmark",   "finland",  "austria",
    "switzerland", "greece",    "israel",      "turkey",    "egypt",     "kenya",    "nigeria",
    "singapore",   "malaysia",  "philippines", "indonesia", "vietnam",   "thailand", "japan",
    "china",       "taiwan",    "korea",       "australia", "pakistan",  "europe",   "emea",
    "apac",        "latam",     "americas",
};

/* The genders that an ad is open to, each a letter: "(m/f/d)". */
static const char *const genders[] = { "m", "f", "d", "w", "x", "h", "div", "gn", "mwd", "fmd" };

/* A line with one of these is a title, whatever field it stands in. */
static const char *const occupations[] = {
    "engineer",        "engineers",  "developer",   "developers",
    "scientist",       "scientists", "analyst",     "architect",
    "consultant",      "manager",    "lead",        "director",
    "specialist",      "designer",   "intern",      "associate",
    "engineering",     "senior",     "junior",      "staff",
    "principal",       "devops",     "sre",         "developpeur",
    "trainer",         "researcher", "researchers", "administrator",
    "support",         "officer",    "executive",   "head",
    "president",       "devs",       "programmer",  "designers",
    "architects",      "analysts",   "managers",    "interns",
    "writer",          "recruiter",  "coordinator", "technician",
    "representative",  "advisor",    "accountant",  "teacher",
    "nurse",           "expert",     "programmers", "consultants",
    "representatives", "trainee",
};

/* Words of a title that stands over several jobs. */
static const char *const many_words[] = { "multiple", "various",  "several", "positions",
                                          "roles",    "openings", "jobs" };

/* One way to write what is written in several; an empty `as`: nothing. */
static const struct {
    const char *word, *as;
} spellings[] = {
    { "sr", "senior" },
    { "snr", "senior" },
    { "jr", "junior" },
    { "mgr", "manager" },
    { "engr", "engineer" },
    { "ii", "2" },
    { "iii", "3" },
    { "iv", "4" },
    { "ml", "machine learning" },
    { "swe", "software engineer" },
    { "frontend", "front end" },
    { "backend", "back end" },
    { "fullstack", "full stack" },
    { "aiml", "ai machine learning" },
};

static struct str spelled(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
        if (*spellings[i].word == *word.p && str_eq(word, str_of(spellings[i].word)))
            return str_of(spellings[i].as);
    return word;
}

/* Names of places, each a run of words. */
struct names {
    struct strs *items;
    size_t n, cap;
};

static void add_name(struct arena *a, struct names *to, struct str name)
{
    struct strs w = words_of(a, name);

    if (w.n)
        *ARENA_PUSH(a, to) = w;
}

/* The names of a line that can be a list of places; none of one that is a title or a sentence. */
static void add_names(struct arena *a, struct names *to, struct str line)
{
    struct strs w = words_of(a, line);

    if (w.n > PLACE_WORDS)
        return;
    for (size_t i = 0; i < w.n; i++)
        if (word_among(w.items[i], occupations, ARRAY_LEN(occupations)))
            return;
    while (line.n)
        add_name(a, to, str_cut(&line, ','));
}

static struct names places_named(struct arena *a, const struct posting_fact *f)
{
    struct names ret = { 0 };
    struct str rest = f->places_text;

    while (rest.n)
        add_names(a, &ret, str_cut(&rest, '\n'));
    for (size_t i = 0; i < f->signal.n_places; i++) {
        add_name(a, &ret, f->signal.places[i].city);
        add_name(a, &ret, f->signal.places[i].state);
    }
    return ret;
}

static bool stands_at(struct strs title, size_t at, struct strs name)
{
    for (size_t i = 0; i < name.n; i++)
        if (at + i >= title.n || !str_eq(title.items[at + i], name.items[i]))
            return false;
    return true;
}

/* How many words from `at` on name a place of the ad. */
static size_t place_at(struct strs title, size_t at, const struct names *places)
{
    size_t longest = 0;

    for (size_t i = 0; i < places->n; i++)
        if (places->items[i].n > longest && stands_at(title, at, places->items[i]))
            longest = places->items[i].n;
    return longest;
}

/* How many words from `at` on are genders; one alone may be a language or a grade. */
static size_t genders_at(struct strs title, size_t at)
{
    size_t n = 0;

    while (at + n < title.n && word_among(title.items[at + n], genders, ARRAY_LEN(genders)))
        n++;
    return n > 1 ? n : 0;
}

/* How many words from `at` on say nothing of what the job is. */
static size_t idle_at(struct strs title, size_t at, const struct names *places)
{
    size_t n = genders_at(title, at);

    n = n ? n : place_at(title, at, places);
    return n ? n : word_among(title.items[at], idle_words, ARRAY_LEN(idle_words));
}

struct str title_key(struct arena *a, const struct posting_fact *f)
{
    struct strs title = words_of(a, f->title), kept = { 0 };
    struct names idle = places_named(a, f);
    size_t i =
        title.n > 2 && str_eq(title.items[0], STR("copy")) && str_eq(title.items[1], STR("of"));

    add_name(a, &idle, f->signal.requisition.id);
    for (i *= 2; i < title.n;) {
        size_t skip = idle_at(title, i, &idle);

        if (!skip)
            *ARENA_PUSH(a, &kept) = spelled(title.items[i]);
        i += skip ? skip : 1;
    }
    if (!kept.n)
        kept = title;
    return words_join(a, kept.items, kept.n);
}

bool title_names_one_job(struct str key)
{
    bool ret = false;

    while (key.n) {
        struct str word = str_cut(&key, ' ');

        if (word_among(word, many_words, ARRAY_LEN(many_words)))
            return false;
        ret = ret || word_among(word, occupations, ARRAY_LEN(occupations));
    }
    return ret;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_mode(struct str word)
{
    return str_eq(word, STR("remote")) || str_eq(word, STR("hybrid")) || str_eq(word, STR("onsite"))
           || str_eq(word, STR("telecommute"));
}

/* Read out of the ad's words, not stated by its source. */
static bool is_said(const struct place *p)
{
    return p->from.field == FIELD_TEXT || p->from.field == FIELD_TITLE;
}

/* A line as written but for the words that say how one works there. */
static void add_line(struct arena *a, struct strs *to, struct str line)
{
    struct strs w = words_of(a, line), kept = { 0 };

    for (size_t i = 0; i < w.n; i++)
        if (!is_mode(w.items[i]))
            *ARENA_PUSH(a, &kept) = w.items[i];
    if (!kept.n)
        kept = w;
    if (kept.n)
        *ARENA_PUSH(a, to) = words_join(a, kept.items, kept.n);
}

static void add_cities(struct arena *a, struct strs *to, const struct signal *s, bool stated)
{
    for (size_t i = 0; i < s->n_places; i++) {
        const struct place *p = &s->places[i];

        if (p->city.n && is_said(p) != stated)
            *ARENA_PUSH(a, to) = str_lower(a, p->city);
    }
}

struct strs place_keys(struct arena *a, const struct posting_fact *f)
{
    struct strs ret = { 0 };
    struct str rest = f->places_text;

    add_cities(a, &ret, &f->signal, true);
    if (!ret.n)
        while (rest.n)
            add_line(a, &ret, str_cut(&rest, '\n'));
    if (!ret.n)
        add_cities(a, &ret, &f->signal, false);
    if (!ret.n)
        for (size_t i = 0; i < f->signal.n_places; i++) {
            const struct place *p = &f->signal.places[i];

            *ARENA_PUSH(a, &ret) = str_lower(a, p->state.n ? p->state : p->country);
        }
    if (ret.n)
        qsort(ret.items, ret.n, sizeof(*ret.items), by_text);
    return ret;
}

bool place_is_wide(struct arena *a, const struct posting_fact *f)
{
    struct str rest = f->places_text;
    size_t countries = 0;

    for (size_t i = 0; i < f->signal.n_places; i++) {
        const struct place *p = &f->signal.places[i];

        if (is_said(p))
            continue;
        if (p->city.n || p->state.n)
            return false;
        countries++;
    }
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        size_t names = 0;

        while (line.n) {
            struct strs w = words_of(a, str_cut(&line, ','));

            names += w.n > 1 || (w.n && !is_mode(w.items[0]));
        }
        if (names > 1)
            return false;
    }
    return countries > 0 && f->places_text.n > 0;
}

bool places_meet(struct strs a, struct strs b)
{
    size_t i = 0, j = 0;

    if (!a.n && !b.n)
        return true;
    while (i < a.n && j < b.n) {
        int order = str_cmp(a.items[i], b.items[j]);

        if (order == 0)
            return true;
        i += order < 0;
        j += order > 0;
    }
    return false;
}
