/* Any bytes are an ad: extract() never fails, its spans lie in their field, its mentions are in
 * order. The rules are few, but of every kind. */
#include <stdint.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/cleanup.h"
#include "core/utf8.h"
#include "parsers/extract.h"

#define TEXT(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }
#define WORDS(name, ...) static struct str name[] = { __VA_ARGS__ }
#define LIST(name)                                                                                 \
    {                                                                                              \
        name, ARRAY_LEN(name), 0                                                                   \
    }

WORDS(sentences, TEXT("k8s"));
WORDS(k8s, TEXT("k8s"), TEXT("kube-proxy"));
WORDS(go, TEXT("=?Go"), TEXT("=?C"));
WORDS(any, TEXT("any"));
WORDS(deny, TEXT("Go to|C-suite"));
WORDS(find, TEXT("deploy"));
WORDS(regex, TEXT("deploy(?: \\w+){0,3} models?"));
WORDS(implies, TEXT("k8s"));
WORDS(plus, TEXT("is a plus"), TEXT("preferred"));
WORDS(no, TEXT("no"), TEXT("without"));
WORDS(degree, TEXT("degree"));
WORDS(required, TEXT("requirements"), TEXT("~must"));
WORDS(blurb, TEXT("about us"));
WORDS(says, TEXT("is a leading"));
WORDS(phrases, TEXT("helm | @k8s"), TEXT("rbac"));

static struct skill_rule skills[] = {
    { .id = TEXT("k8s"),
      .category = TEXT("a"),
      .aliases = LIST(k8s),
      .yes = LIST(sentences),
      .no = LIST(sentences) },
    { .id = TEXT("go"),
      .category = TEXT("b"),
      .aliases = LIST(go),
      .near = LIST(any),
      .deny = LIST(deny),
      .implies = LIST(implies),
      .yes = LIST(sentences),
      .no = LIST(sentences) },
    { .id = TEXT("serving"),
      .category = TEXT("b"),
      .find = LIST(find),
      .regex = LIST(regex),
      .yes = LIST(sentences),
      .no = LIST(sentences),
      .practice = true },
};
static struct cue_rule cues[] = {
    { .cue = TEXT("preferred"), .aliases = LIST(plus) },
    { .cue = TEXT("negated"), .aliases = LIST(no) },
    { .cue = TEXT("degree"), .aliases = LIST(degree) },
};
static struct heading_rule headings[] = {
    { .section = TEXT("required"), .headings = LIST(required) },
    { .section = TEXT("blurb"), .headings = LIST(blurb), .says = LIST(says) },
};
static struct bullet_rule bullets[] = {
    { .id = TEXT("b"), .phrases = LIST(phrases), .rule = TEXT("k8s AND go") }
};
static struct stage_rule stages[] = { { .stage = 1, .bullets = { bullets, 1, 1 } } };
static struct roadmap roadmaps[] = { { .id = TEXT("r"), .stages = { stages, 1, 1 } } };
static const struct rule_set rules = {
    .skills = { skills, ARRAY_LEN(skills), 0 },
    .cues = { cues, ARRAY_LEN(cues), 0 },
    .headings = { headings, ARRAY_LEN(headings), 0 },
    .roadmaps = { roadmaps, 1, 1 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* The first line is the title, the second the employer, the rest the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_free) struct arena a = ARENA_INIT;
    CLEANUP(extractor_close) struct extractor *x = NULL;
    struct str rest = { (const char *)data, n };
    struct listing l = { 0 };
    struct signal s;
    struct diag d = { 0 };

    l.title = utf8_repair(&a, str_cut(&rest, '\n'));
    l.company = str_cut(&rest, '\n');
    l.text = utf8_repair(&a, rest);
    check(extractor_open(&x, &rules, &d) == 0);
    check(extract(x, &l, &a, &s, &d) == 0);
    for (size_t i = 0; i < s.n_mentions; i++) {
        const struct mention *m = &s.mentions[i];
        size_t limit = m->field == FIELD_TITLE ? l.title.n : l.text.n;

        check(m->start < m->end && m->end <= limit);
        check(!i || s.mentions[i - 1].skill <= m->skill);
    }
    return 0;
}
