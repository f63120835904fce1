#ifndef TESTS_TEST_H
#define TESTS_TEST_H

/* cmocka.h needs the four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>

#include "core/str.h"

/*
 * A test program is a file of `static void a_sentence(void **state)` and one
 *     RUN_TESTS(TEST(a_sentence), TEST(another))
 * Tests are rows of a table; a failed CHECK says where and which row, and goes on, so
 * that one run shows every failure; the test then fails at its end.
 */
static int test_failures;

#define CHECK(cond) CHECK_ROW(cond, 0)
#define CHECK_ROW(cond, row)                                                                       \
    ((cond) ? (void)0                                                                              \
            : (void)(test_failures++, fprintf(stderr, "%s:%d: row %d: %s\n", __FILE__, __LINE__,   \
                                              (int)(row), #cond)))
/* As CHECK_ROW for two texts, and shows both. */
#define CHECK_STR(got, want, row) check_str((got), (want), (int)(row), __FILE__, __LINE__)

static inline void check_str(struct str got, struct str want, int row, const char *file, int line)
{
    if (str_eq(got, want))
        return;
    test_failures++;
    fprintf(stderr, "%s:%d: row %d:\n  got  \"" STR_FMT "\"\n  want \"" STR_FMT "\"\n", file, line,
            row, STR_ARG(got), STR_ARG(want));
}

static inline int checks_begin(void **state)
{
    (void)state;
    test_failures = 0;
    return 0;
}

static inline int checks_end(void **state)
{
    (void)state;
    return test_failures ? -1 : 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, checks_begin, checks_end)
#define RUN_TESTS(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = { __VA_ARGS__ };                                         \
                                                                                                   \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#endif
