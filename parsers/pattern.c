#define PCRE2_CODE_UNIT_WIDTH 8
#include "parsers/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/table.h"

enum { SET_MAX = 4096 };

/* SAFETY: `^(a+)+$` on 41 bytes ends after 1 ms at this match limit, 93 ms at PCRE2's own default.
 */
enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 20000 };

struct pattern {
    pcre2_code *code;
    bool jit;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

void pattern_free(struct pattern **p)
{
    if (!*p)
        return;
    pcre2_match_context_free((*p)->limits);
    pcre2_match_data_free((*p)->data);
    pcre2_code_free((*p)->code);
    free(*p);
    *p = NULL;
}

static uint32_t options(unsigned flags)
{
    return PCRE2_NEVER_BACKSLASH_C | (flags & PATTERN_CASE ? 0 : PCRE2_CASELESS)
           | (flags & PATTERN_ANCHORED ? PCRE2_ANCHORED : 0)
           | (flags & PATTERN_MULTILINE ? PCRE2_MULTILINE : 0);
}

int pattern_compile(struct pattern **ret, struct str regex, unsigned flags, struct diag *d)
{
    struct pattern *p;
    PCRE2_SIZE at;
    int code;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)regex.p, regex.n, options(flags), &code, &at, NULL);

    if (!re) {
        PCRE2_UCHAR why[120];

        pcre2_get_error_message(code, why, sizeof(why));
        return diag_blame(d, ERR_CONFIG, regex.p, "regex, byte %zu: %s: " STR_FMT, at, (char *)why,
                          STR_ARG(regex));
    }
    p = calloc(1, sizeof(*p));
    if (!p)
        out_of_memory();
    p->code = re;
    /* Optional: without it the match is only slower. */
    p->jit = pcre2_jit_compile(re, PCRE2_JIT_COMPLETE) == 0;
    p->data = pcre2_match_data_create_from_pattern(re, NULL);
    p->limits = pcre2_match_context_create(NULL);
    if (!p->data || !p->limits)
        out_of_memory();
    pcre2_set_match_limit(p->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(p->limits, HEAP_LIMIT_KIB);
    *ret = p;
    return 0;
}

/* Without the checks of pcre2_match() where there is machine code: they cost more than most
 * matches. */
static int run(const struct pattern *p, PCRE2_SPTR text, size_t n, size_t from)
{
    return (p->jit ? pcre2_jit_match : pcre2_match)(p->code, text, n, from, 0, p->data, p->limits);
}

int pattern_find(const struct pattern *p, struct str text, size_t from, struct pattern_match *ret,
                 struct diag *d)
{
    const PCRE2_SIZE *at;
    int n;

    if (from > text.n)
        return 0;
    n = run(p, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, from);
    if (n == PCRE2_ERROR_NOMATCH)
        return 0;
    if (n < 0)
        return d ? diag_fail(d, ERR_LIMIT, "regex gave up: pcre2 error %d", n) : ERR_LIMIT;
    if (!ret)
        return PATTERN_FOUND;
    at = pcre2_get_ovector_pointer(p->data);
    *ret = (struct pattern_match){ .start = (uint32_t)at[0], .end = (uint32_t)at[1] };
    for (int i = 0; i < PATTERN_GROUPS; i++) {
        bool set = i < n && at[2 * i] != PCRE2_UNSET;

        ret->group[i].start = set ? (uint32_t)at[2 * i] : 1;
        ret->group[i].end = set ? (uint32_t)at[2 * i + 1] : 0;
    }
    ret->n_groups = (size_t)n < PATTERN_GROUPS ? (size_t)n : PATTERN_GROUPS;
    return PATTERN_FOUND;
}

bool pattern_may_begin(const struct pattern *p, struct str text, size_t from)
{
    return pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, from,
                       PCRE2_ANCHORED | PCRE2_PARTIAL_HARD, p->data, p->limits)
           != PCRE2_ERROR_NOMATCH;
}

bool pattern_matches(const struct pattern *p, struct str text)
{
    return pattern_find(p, text, 0, NULL, NULL) == PATTERN_FOUND;
}

int pattern_group(const struct pattern *p, const char *name)
{
    int n = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);

    return n > 0 ? n : -1;
}

struct pattern_set {
    struct arena memory;
    struct table by_text;
    struct {
        struct pattern **items;
        size_t n, cap;
    } all;
};

struct pattern_set *pattern_set_new(void)
{
    struct pattern_set *s = calloc(1, sizeof(*s));

    if (!s)
        out_of_memory();
    return s;
}

void pattern_set_free(struct pattern_set **s)
{
    if (!*s)
        return;
    for (size_t i = 0; i < (*s)->all.n; i++)
        pattern_free(&(*s)->all.items[i]);
    arena_free(&(*s)->memory);
    free(*s);
    *s = NULL;
}

int pattern_set_find(struct pattern_set *s, struct str regex, const struct pattern **ret,
                     struct diag *d)
{
    struct pattern *p = table_find(&s->by_text, regex);
    int r;

    *ret = p;
    if (p)
        return 0;
    if (s->all.n == SET_MAX)
        return diag_blame(d, ERR_LIMIT, regex.p, "more than %d regexes", SET_MAX);
    r = pattern_compile(&p, regex, 0, d);
    if (r)
        return r;
    *ARENA_PUSH(&s->memory, &s->all) = p;
    table_put(&s->by_text, &s->memory, str_dup(&s->memory, regex), p);
    *ret = p;
    return 0;
}
