#include "parsers/place.h"
#include "spots_of.h"
#include "test.h"

#include "cases.h"
#include "core/buf.h"
#include "shipped_rules.h"

static struct gazetteer *open_gazetteer(struct arena *a, struct config *c)
{
    const struct rule_set *rules = shipped_rules(a, c);
    struct gazetteer *g = NULL;
    struct diag d = { 0 };

    if (!rules || gazetteer_compile(&g, rules->places.items, rules->places.n, &d))
        fprintf(stderr, "%s\n", d.text);
    return g;
}

/* One of the columns of the table: names joined by ';', each once. */
static struct str joined(struct arena *a, const struct places *p, size_t offset)
{
    CLEANUP(buf_release) struct buf b = { 0 };

    for (size_t i = 0; i < p->n; i++) {
        struct str name = *(const struct str *)((const char *)&p->items[i] + offset);

        if (!name.n || str_find(buf_str(&b), name) >= 0)
            continue;
        if (b.n)
            buf_add_byte(&b, ';');
        buf_add(&b, name);
    }
    return buf_take(&b, a);
}

static bool row_is_met(const struct gazetteer *g, struct arena *a, const struct str *row)
{
    struct places p = { 0 };
    struct evidence from;
    enum india india;
    const char *open;
    bool ok;

    places_read(g, row[0], FIELD_PLACE, 0, a, &p);
    india = places_india(&p, p.mode, &from);
    open = india != INDIA_NO ? "yes" : from.field != FIELD_NONE ? "no" : "unknown";
    ok = str_eq(row[1], joined(a, &p, offsetof(struct place, city)))
         && str_eq(row[2], joined(a, &p, offsetof(struct place, state)))
         && str_eq(row[3], joined(a, &p, offsetof(struct place, country)))
         && str_eq(row[4], p.mode ? str_of(work_mode_name(p.mode)) : STR(""))
         && str_eq(row[5], str_of(open));
    if (!ok)
        fprintf(stderr, "  " STR_FMT ": got %s %s\n", STR_ARG(row[0]), open,
                work_mode_name(p.mode));
    return ok;
}

static void the_case_table_is_met(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    struct cases cases = { 0 };
    CLEANUP(gazetteer_free) struct gazetteer *g = open_gazetteer(&a, &c);
    size_t right = 0;

    (void)state;
    if (g && cases_load(&a, "location.tsv", &cases)) {
        for (size_t i = 0; i < cases.n; i++)
            right += row_is_met(g, &a, cases.items[i].items);
        CHECK(cases_share("location.tsv", right, cases.n) >= 0.97);
    }
    arena_free(&a);
}

static void a_place_is_known_by_the_company_it_keeps(void **state)
{
    static const struct str rows[][6] = {
        { STR("Hinjewadi, Pune, Maharashtra, India"), STR("Pune"), STR("Maharashtra"), STR("IN"),
          STR(""), STR("yes") },
        { STR("Bengaluru, India,India,Hyderabad, India,Remote"), STR("Bengaluru;Hyderabad"),
          STR("Karnataka;Telangana"), STR("IN"), STR("remote"), STR("yes") },
        { STR("Chirala, Andhra Pradesh, India"), STR("Chirala"), STR("Andhra Pradesh"), STR("IN"),
          STR(""), STR("yes") },
        { STR("Acme | Pune, India | MLOps Engineer | ONSITE"), STR("Pune"), STR("Maharashtra"),
          STR("IN"), STR("onsite"), STR("yes") },
        { STR("Norcross, GA"), STR(""), STR("Georgia"), STR("US"), STR(""), STR("no") },
        { STR("Fishburg, IN"), STR(""), STR("Indiana"), STR("US"), STR(""), STR("no") },
        { STR("IN"), STR(""), STR(""), STR("IN"), STR(""), STR("yes") },
        { STR("2 Locations"), STR(""), STR(""), STR(""), STR(""), STR("unknown") },
        { STR("Remote (APAC)"), STR(""), STR(""), STR(""), STR("remote"), STR("yes") },
        { STR("Remote EMEA, Remote Asia"), STR(""), STR(""), STR(""), STR("remote"), STR("yes") },
        { STR("Paris, Worldwide"), STR("Paris"), STR("\xC3\x8Ele-de-France"), STR("FR"),
          STR("remote"), STR("yes") },
        { STR("Remote in Paris, or anywhere nearby"), STR("Paris"), STR("\xC3\x8Ele-de-France"),
          STR("FR"), STR("remote"), STR("no") },
        { STR("Remote, anywhere in Germany"), STR(""), STR(""), STR("DE"), STR("remote"),
          STR("no") },
        { STR("We help banks, insurers and shops to do better business with each other worldwide"),
          STR(""), STR(""), STR(""), STR(""), STR("unknown") },
        { STR("Remote, EMEA"), STR(""), STR(""), STR(""), STR("remote"), STR("no") },
        { STR("Berlin, Germany"), STR("Berlin"), STR("Berlin"), STR("DE"), STR(""), STR("no") },
        { STR(""), STR(""), STR(""), STR(""), STR(""), STR("unknown") },
    };
    struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(gazetteer_free) struct gazetteer *g = open_gazetteer(&a, &c);

    (void)state;
    for (size_t i = 0; g && i < ARRAY_LEN(rows); i++)
        CHECK_ROW(row_is_met(g, &a, rows[i]), i);
    arena_free(&a);
}

static void the_location_line_is_found(void **state)
{
    static const struct {
        const char *text;
        struct str want;
    } rows[] = {
        { "About us\nJob Location: Pune, India\nSalary", STR("Pune, India") },
        { "### Location:\n\nIndia (Remote)\nMore", STR("India (Remote)") },
        { "Our location is great", STR("") },
    };

    CLEANUP(arena_free) struct arena a = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct spots text = spots_of(&a, str_of(rows[i].text));

        CHECK_STR(place_line(&text), rows[i].want, i);
    }
}

static void a_region_is_shown_by_its_whole_word(void **state)
{
    static const char *const rows[][2] = {
        { "Anywhere", "Anywhere" },
        { "Remote, EU", "EU" },
        { "Remote - Latin America only", "Latin America" },
        { "Pune or APAC", "APAC" },
    };
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    struct config c = { 0 };
    CLEANUP(gazetteer_free) struct gazetteer *g = open_gazetteer(&a, &c);

    (void)state;
    CHECK(g);
    for (size_t i = 0; g && i < ARRAY_LEN(rows); i++) {
        struct str text = str_of(rows[i][0]);
        struct places p = { 0 };

        places_read(g, text, FIELD_PLACE, 0, &a, &p);
        CHECK_STR(str_slice(text, p.region_from.start, p.region_from.end), str_of(rows[i][1]), i);
    }
}

RUN_TESTS(TEST(the_case_table_is_met), TEST(a_region_is_shown_by_its_whole_word),
          TEST(a_place_is_known_by_the_company_it_keeps), TEST(the_location_line_is_found))
