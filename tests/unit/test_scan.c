/* The small steps through a text: what is found block by block is what is found byte by byte. */
#include "core/str.h"
#include "parsers/scan.h"
#include "test.h"

static const char text[] =
    "We build. You run e.g. models! Do you? Yes, \xE2\x80\xA2 at least 5 years\n"
    "of work on pipelines that are longer than sixty-four bytes, without any "
    "end of a sentence in between, up to here.\nAt Acme: C. Nice to have: Go";

/* As scan.h says it: behind . ! ? with a space and no small letter, at a line's end or a bullet. */
static bool ends_at(struct str s, size_t at)
{
    if (str_starts(str_from(s, at), STR("\xE2\x80\xA2")) || s.p[at] == '\n')
        return true;
    return strchr(".!?", s.p[at]) && at > 2 && at + 2 < s.n && s.p[at + 1] == ' '
           && !(s.p[at + 2] >= 'a' && s.p[at + 2] <= 'z');
}

static void a_sentence_is_bounded_wherever_it_stands(void **state)
{
    static const size_t reaches[] = { 0, 1, 14, 60, 63, 64, 65, 128, SCAN_NO_LIMIT };
    size_t ends = 0;

    (void)state;
    for (size_t from = 0; from < 70; from++)
        for (size_t r = 0; r < ARRAY_LEN(reaches); r++) {
            struct str s = str_from(STR(text), from);

            for (size_t at = 0; at <= s.n; at++) {
                size_t start = at, end = at;

                while (start > 0 && at - start < reaches[r] && !ends_at(s, start - 1))
                    start--;
                while (end < s.n && end - at < reaches[r] && !ends_at(s, end))
                    end++;
                CHECK_ROW(scan_sentence_start(s, at, reaches[r]) == start, at);
                CHECK_ROW(scan_sentence_end(s, at, reaches[r]) == end, at);
                ends += end < s.n && ends_at(s, end);
            }
        }
    CHECK(ends > 10000);
}

static void the_first_of_the_words_begins_a_word(void **state)
{
    static const char *const words[] = { "at least", "nice~", "%", "longer", "go", NULL };
    static const struct {
        const char *text;
        ptrdiff_t want;
    } rows[] = {
        { "", -1 },
        { "go", 0 },
        { "a go", 2 },
        { "ago, gone", -1 },
        { "AT  LEAST", -1 },
        { "Nicely", 0 },
        { "up 5%", -1 },
        { "5 %", 2 },
        { "0123456789 123456789 123456789 123456789 123456789 123456789 12 go", 64 },
        { "0123456789 123456789 123456789 123456789 123456789 123456789 123go at least 4", 67 },
        { "0123456789 123456789 123456789 123456789 123456789 123456789 12  g", -1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CHECK_ROW(scan_first(str_of(rows[i].text), words) == rows[i].want, i);
        CHECK_ROW(scan_any(str_of(rows[i].text), words) == (rows[i].want >= 0), i);
    }
}

RUN_TESTS(TEST(a_sentence_is_bounded_wherever_it_stands),
          TEST(the_first_of_the_words_begins_a_word))
