#include "parsers/ad_places.h"

#include <string.h>

#include "core/arena.h"

/* An ad whose places are read. */
struct ad {
    const struct gazetteer *g;
    const struct listing *in;
    const struct spots *text;
    struct arena *a;
};

static bool is_in_india(const struct place *p)
{
    return str_eq(p->country, STR("IN"));
}

static bool is_city_of_india(const struct place *p)
{
    return p->city.n && is_in_india(p);
}

/* A place that an ad's words name by the way. */
static struct place in_passing(struct place p)
{
    p.from.confidence = CONFIDENCE_LOW;
    return p;
}

/* A listing's country where its places name none. */
static void take_country(const struct ad *r, struct places *io)
{
    for (size_t i = 0; i < io->n; i++)
        if (io->items[i].country.n)
            return;
    if (r->in->country.n == 2)
        *ARENA_PUSH(r->a, io) = (struct place){ .country = r->in->country,
                                                .from = { .field = FIELD_SOURCE,
                                                          .confidence = CONFIDENCE_HIGH,
                                                          .rule = "place: the source's country" } };
}

/* India by the employer's legal form, where nothing else says where the job is. */
static void take_company_country(const struct ad *r, struct places *io)
{
    static const char *const forms[] = { "pvt ltd", "pvt. ltd", "private limited", " india" };

    if (io->n || io->elsewhere)
        return;
    for (size_t i = 0; i < ARRAY_LEN(forms) && !io->n; i++)
        if (str_find_fold(r->in->company, str_of(forms[i])) >= 0)
            *ARENA_PUSH(r->a, io) =
                (struct place){ .country = STR("IN"),
                                .from = { .field = FIELD_SOURCE,
                                          .confidence = CONFIDENCE_LOW,
                                          .rule = "place: the employer's name" } };
}

static bool has_city(const struct places *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->items[i].city.n)
            return true;
    return false;
}

/* Does the text's line name cities beyond the field's own, and the field's own too? */
static bool says_more(const struct places *field, const struct places *said)
{
    for (size_t i = 0; i < field->n; i++) {
        bool known = !field->items[i].city.n;

        for (size_t k = 0; k < said->n && !known; k++)
            known = str_eq(field->items[i].city, said->items[k].city);
        if (!known)
            return false;
    }
    return said->n > 0 && (has_city(said) || !field->n);
}

/* "PAN India" in the text of an ad that states no place. */
static void take_pan_india(const struct ad *r, struct places *io)
{
    static const char *const phrases[] = { "pan india",         "pan-india",
                                           "across india",      "based out of india",
                                           "anywhere in india", "based in india" };

    if (io->n || io->elsewhere || str_find_fold(r->in->text, STR("india")) < 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(phrases) && !io->n; i++) {
        ptrdiff_t at = str_find_fold(r->in->text, str_of(phrases[i]));

        if (at >= 0)
            *ARENA_PUSH(r->a, io) =
                (struct place){ .country = STR("IN"),
                                .from = { FIELD_TEXT, (uint32_t)at,
                                          (uint32_t)at + (uint32_t)strlen(phrases[i]),
                                          CONFIDENCE_LOW, "place: India named in the text" } };
    }
}

/* What a title says of the place, where the field names none: a place in India; under "anywhere"
 * any ("Anywhere", and "Data Engineer (US remote)"). A code is none there: ", ML" is no state. */
static void take_title(const struct ad *r, struct places *io)
{
    struct places said = { 0 };

    if (io->n || io->elsewhere)
        return;
    places_read(r->g, r->in->title, FIELD_TITLE, 0, r->a, &said);
    for (size_t i = 0; i < said.n; i++)
        if (said.items[i].country.n && said.items[i].from.confidence == CONFIDENCE_HIGH
            && (io->worldwide || is_in_india(&said.items[i])))
            *ARENA_PUSH(r->a, io) = in_passing(said.items[i]);
}

/* The places in India that a text's own words give a job without any: "based at our Pune office".
 */
static void take_text(const struct ad *r, struct places *io)
{
    enum { REACH = 40 };
    static const char *const before[] = {
        "based in our ",   "based at our ", "located at our ",
        "located in our ", "our team in ",  "team full-time in "
    };
    struct str text = r->in->text;

    for (size_t i = 0; i < ARRAY_LEN(before) && !io->n && !io->worldwide && !io->elsewhere; i++) {
        ptrdiff_t found = str_find_fold(text, str_of(before[i]));
        size_t from = (size_t)found + strlen(before[i]), to = from;
        struct places said = { 0 };

        while (found >= 0 && to < text.n && to < from + REACH && !memchr("\n.;", text.p[to], 3))
            to++;
        if (found < 0)
            continue;
        places_read(r->g, str_slice(text, from, to), FIELD_TEXT, (uint32_t)from, r->a, &said);
        for (size_t k = 0; k < said.n; k++)
            if (is_in_india(&said.items[k]))
                *ARENA_PUSH(r->a, io) = in_passing(said.items[k]);
    }
}

/* What of `s` names a city of India takes the place of a bare "India". */
static bool take_city(const struct ad *r, struct str s, enum field field, struct places *io)
{
    struct str whole = field == FIELD_TITLE ? r->in->title : r->in->text;
    struct places said = { 0 };

    places_read(r->g, s, field, (uint32_t)(s.p - whole.p), r->a, &said);
    for (size_t i = 0; i < said.n; i++)
        if (is_city_of_india(&said.items[i])) {
            io->items[0] = in_passing(said.items[i]);
            return true;
        }
    return false;
}

/* The city in an ad whose field says no more than "India": its title's, or one that the text puts
 * there ("in Pune, India", "based in Pune"). */
static void read_city(const struct ad *r, struct places *io)
{
    enum { CITY_REACH = 24 };
    static const char *const before[] = { "based in ", "located in ", "office in " };
    struct str text = r->in->text;
    ptrdiff_t at;

    if (io->n != 1 || io->items[0].city.n || io->items[0].state.n || !is_in_india(&io->items[0])
        || take_city(r, r->in->title, FIELD_TITLE, io))
        return;
    at = str_find(text, STR(", India"));
    if (at >= 0) {
        size_t from = (size_t)at > CITY_REACH ? (size_t)at - CITY_REACH : 0;

        for (size_t i = from; i < (size_t)at; i++)
            if (memchr("\n.:(>", text.p[i], 5))
                from = i + 1;
        if (take_city(r, str_slice(text, from, (size_t)at + 7), FIELD_TEXT, io))
            return;
    }
    for (size_t i = 0; i < ARRAY_LEN(before); i++) {
        size_t n = strlen(before[i]);

        at = str_find_fold(text, str_of(before[i]));
        if (at >= 0
            && take_city(r, str_slice(text, (size_t)at + n, (size_t)at + n + CITY_REACH),
                         FIELD_TEXT, io))
            return;
    }
}

/* The text's own "Location:" line, where it says more than the field and does not contradict. */
static void read_text_places(const struct ad *r, struct places *places)
{
    struct str line = place_line(r->text);
    struct places said = { 0 };

    if (!line.n)
        return;
    places_read(r->g, line, FIELD_TEXT, (uint32_t)(line.p - r->in->text.p), r->a, &said);
    for (size_t i = 0; i < said.n; i++)
        if (said.items[i].country.n && places->n
            && !str_eq(said.items[i].country, places->items[0].country))
            return;
    if (says_more(places, &said)) {
        places->items = said.items;
        places->n = said.n;
        places->cap = said.cap;
    }
    if (places->mode == MODE_UNKNOWN) {
        places->mode = said.mode;
        places->mode_from = said.mode_from;
    }
}

void ad_places_read(const struct gazetteer *g, const struct listing *in, const struct spots *text,
                    struct arena *a, struct places *ret)
{
    struct ad r = { .g = g, .in = in, .text = text, .a = a };
    uint32_t at = 0;

    for (size_t i = 0; i < in->places.n; i++) {
        places_read(g, in->places.items[i], FIELD_PLACE, at, a, ret);
        at += (uint32_t)in->places.items[i].n + 1;
    }
    take_country(&r, ret);
    read_text_places(&r, ret);
    take_title(&r, ret);
    take_pan_india(&r, ret);
    take_text(&r, ret);
    take_company_country(&r, ret);
    read_city(&r, ret);
}
