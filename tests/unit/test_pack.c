/* A signal as bytes: what goes in comes out, and what is damaged is refused. */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "store/pack.h"
#include "test.h"

static const struct skill_numbers same = { 0 };

static uint32_t any(unsigned *seed, uint32_t below)
{
    return ((uint32_t)rand_r(seed) << 8 ^ (uint32_t)rand_r(seed)) % below;
}

static struct evidence any_evidence(unsigned *seed)
{
    static const char *const rules[] = { "title.core", "years.range", "", "place.city" };

    return (struct evidence){ .field = (enum field)any(seed, FIELD_SOURCE + 1),
                              .start = any(seed, 100000),
                              .end = any(seed, 100000),
                              .confidence = (enum confidence)any(seed, 4),
                              .rule = rules[any(seed, 4)] };
}

static struct signal any_signal(unsigned *seed, struct arena *a)
{
    struct signal sig = {
        .family = (enum family)any(seed, 3),
        .family_from = any_evidence(seed),
        .track = (enum track)any(seed, 4),
        .level = (enum level)any(seed, 6),
        .level_from = any_evidence(seed),
        .experience = { (int32_t)any(seed, 200) - 1, (int32_t)any(seed, 200) - 1,
                        any_evidence(seed) },
        .pay = { .kind = PAY_CTC,
                 .annual_min = any(seed, 9000000),
                 .annual_max = (int64_t)any(seed, 9000000) * 1000,
                 .currency = "INR",
                 .period = (enum pay_period)any(seed, 6),
                 .from = any_evidence(seed) },
        .mode = (enum work_mode)any(seed, 4),
        .mode_from = any_evidence(seed),
        .india = (enum india)any(seed, 3),
        .india_from = any_evidence(seed),
        .stage = (int)any(seed, 6),
        .stage_confidence = (enum confidence)any(seed, 4),
        .stage_reason = "years and title agree",
        .requisition = { any(seed, 2) ? STR("JR-10423") : STR(""), any_evidence(seed) },
        .n_places = any(seed, 4),
        .n_bullets = any(seed, 10),
        .n_mentions = any(seed, 60),
    };

    sig.places = ARENA_NEW(a, struct place, sig.n_places);
    sig.bullets = ARENA_NEW(a, struct bullet_hit, sig.n_bullets);
    sig.mentions = ARENA_NEW(a, struct mention, sig.n_mentions);
    for (size_t i = 0; i < sig.n_places; i++)
        sig.places[i] =
            (struct place){ STR("Pune"), STR("Maharashtra"), STR("IN"), any_evidence(seed) };
    for (size_t i = 0; i < sig.n_bullets; i++)
        sig.bullets[i] = (struct bullet_hit){ any(seed, 64), any_evidence(seed) };
    for (size_t i = 0; i < sig.n_mentions; i++)
        sig.mentions[i] = (struct mention){ .skill = any(seed, 400),
                                            .polarity = (enum polarity)any(seed, 7),
                                            .section = (enum section)any(seed, SECTION_COUNT),
                                            .implied = any(seed, 2),
                                            .field = FIELD_TEXT,
                                            .start = any(seed, 1u << 24) };
    for (size_t i = 0; i < sig.n_mentions; i++)
        sig.mentions[i].end = sig.mentions[i].start + any(seed, 1u << 10);
    return sig;
}

/* Their strings came first, and a mention had a byte for its field; version 1 had no requisition.
 */
static void signals_of_the_former_formats_are_read(void **state)
{
    static const char strings[] = { 2, 'r', 'u', 'l', 'e', 0, 0 };
    static const char fields[] = { 2,
                                   0,
                                   1,
                                   0,
                                   1,
                                   3,
                                   0,
                                   /* reason */ 1,
                                   /* family, level, mode, india */ 2,
                                   0,
                                   4,
                                   6,
                                   0,
                                   1,
                                   0,
                                   0,
                                   0,
                                   1,
                                   0,
                                   0,
                                   0,
                                   1,
                                   0,
                                   0,
                                   /* years */ 24,
                                   1,
                                   0,
                                   1,
                                   0,
                                   0,
                                   /* pay */ 0 };
    static const char requisition[] = { 1 };
    static const char lists[] = { 0, 0, /* one mention */ 1, 6, 5, 2, 7, 10 };

    (void)state;
    for (int version = 1; version <= 2; version++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        CLEANUP(buf_release) struct buf b = { 0 };
        struct words none = { 0 };
        struct signal out;

        buf_add_byte(&b, (char)version);
        buf_add(&b, (struct str){ strings, sizeof(strings) });
        buf_add(&b, (struct str){ fields, sizeof(fields) });
        if (version > 1)
            buf_add(&b, (struct str){ requisition, sizeof(requisition) });
        buf_add(&b, (struct str){ lists, sizeof(lists) });
        CHECK_ROW(signal_unpack(buf_str(&b), &none, &same, &a, &out), version);
        CHECK_ROW(out.stage == 3 && out.requisition.id.n == 0, version);
        CHECK_STR(str_of(out.family_from.rule), STR("rule"), version);
        CHECK_ROW(out.experience.min_months == 12 && out.n_mentions == 1, version);
        CHECK_ROW(out.mentions[0].skill == 3 && out.mentions[0].field == FIELD_TEXT
                      && out.mentions[0].start == 7 && out.mentions[0].end == 12,
                  version);
        CHECK_ROW(!signal_unpack(str_slice(buf_str(&b), 0, b.n - 1), &none, &same, &a, &out),
                  version);
    }
}

static bool same_mention(const struct mention *a, const struct mention *b)
{
    return a->skill == b->skill && a->polarity == b->polarity && a->section == b->section
           && a->implied == b->implied && a->field == b->field && a->start == b->start
           && a->end == b->end;
}

static void a_signal_comes_back_as_it_was_packed(void **state)
{
    CLEANUP(words_free) struct words words = { 0 };
    unsigned seed = 1;

    (void)state;
    for (int i = 0; i < 500; i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        CLEANUP(buf_release) struct buf packed = { 0 }, again = { 0 };
        struct signal in = any_signal(&seed, &a), out, broken;

        signal_pack(&packed, &in, &words, &same);
        CHECK_ROW(signal_unpack(buf_str(&packed), &words, &same, &a, &out), i);
        signal_pack(&again, &out, &words, &same);
        CHECK_ROW(str_eq(buf_str(&packed), buf_str(&again)), i); /* nothing was lost */
        CHECK_ROW(out.n_mentions == in.n_mentions
                      && (!in.n_mentions
                          || same_mention(&out.mentions[in.n_mentions - 1],
                                          &in.mentions[in.n_mentions - 1])),
                  i);
        CHECK_STR(out.requisition.id, in.requisition.id, i);
        CHECK_ROW(out.stage == in.stage && out.experience.min_months == in.experience.min_months
                      && strcmp(out.level_from.rule, in.level_from.rule) == 0,
                  i);
        /* Cut short or with a byte changed it is refused, or decodes to something, never worse. */
        CHECK_ROW(!signal_unpack(str_slice(buf_str(&packed), 0, packed.n - 1), &words, &same, &a,
                                 &broken),
                  i);
        packed.p[any(&seed, (uint32_t)packed.n)] ^= (char)(1 + any(&seed, 255));
        (void)signal_unpack(buf_str(&packed), &words, &same, &a, &broken);
    }
}

/* The rules then: a b c; now: x c a, where b's number is no skill's. */
static void a_skill_has_its_number_whatever_stands_beside_it(void **state)
{
    uint32_t then_number[] = { 0, 1, 2 }, now_number[] = { 3, 2, 0 };
    uint32_t then_skill[] = { 0, 1, 2 }, now_skill[] = { 2, SKILL_NONE, 1, 0 };
    struct skill_numbers then = { then_number, 3, then_skill, 3 };
    struct skill_numbers now = { now_number, 3, now_skill, 4 };
    static const struct {
        uint32_t then, now;
        bool equal; /* the same bytes */
    } rows[] = {
        { 0, 2, true }, { 2, 1, true }, { 0, 0, false }, { 1, 1, false }, { 3, 3, false }
    };
    CLEANUP(words_free) struct words words = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) struct arena a = ARENA_INIT;
        CLEANUP(buf_release) struct buf x = { 0 }, y = { 0 };
        struct mention m = { .skill = rows[i].then, .polarity = POLARITY_DUTY };
        struct signal sig = { .stage_reason = "", .mentions = &m, .n_mentions = 1 }, out;

        sig.family_from.rule = sig.level_from.rule = sig.mode_from.rule = sig.india_from.rule =
            sig.experience.from.rule = "";
        signal_pack(&x, &sig, &words, &then);
        m.skill = rows[i].now;
        signal_pack(&y, &sig, &words, &now);
        CHECK_ROW(str_eq(buf_str(&x), buf_str(&y)) == rows[i].equal, i);
        CHECK_ROW(signal_unpack(buf_str(&y), &words, &now, &a, &out)
                      && out.mentions[0].skill == rows[i].now,
                  i);
        CHECK_ROW(signal_unpack(buf_str(&x), &words, &now, &a, &out) == (rows[i].then != 1), i);
    }
}

RUN_TESTS(TEST(a_skill_has_its_number_whatever_stands_beside_it),
          TEST(a_signal_comes_back_as_it_was_packed), TEST(signals_of_the_former_formats_are_read))
