#include "parsers/starts.h"

#include <stdlib.h>

/* What a regex means by \w. */
static bool is_word(char c)
{
    return ascii_is_alnum(c) || c == '_';
}

static unsigned letter(char c)
{
    return is_word(c) ? (unsigned char)c & 31 : 0;
}

/* "\bops", "(?<!data )\bops" */
static bool begins_word(struct str regex)
{
    while (str_starts(regex, STR("(?<!")) && str_find(regex, STR(")")) > 0)
        regex = str_from(regex, (size_t)str_find(regex, STR(")")) + 1);
    return str_starts(regex, STR("\\b"));
}

/* Whether each alternative of the whole does. */
static bool begins_words(struct str regex)
{
    bool ok = begins_word(regex), in_class = false;
    int depth = 0;

    for (size_t i = 0; i < regex.n && ok; i++) {
        char c = regex.p[i];

        i += c == '\\';
        in_class = in_class ? c != ']' : c == '[';
        depth += !in_class && c == '(';
        depth -= !in_class && c == ')';
        if (c == '|' && !in_class && !depth)
            ok = begins_word(str_from(regex, i + 1));
    }
    return ok;
}

/* Whether it may match at a \b what begins with these bytes; second '\0': with the first. Most are
 * out of the question by what the regex may begin with. */
static bool may_begin(const struct starts *s, char first, char second)
{
    char text[] = { is_word(first) ? ' ' : 'x', first, second };
    size_t n = second ? 3 : 2;

    return follow_on(s->follow, text + 1, n - 1)
           && pattern_may_begin(s->regex, (struct str){ text, n }, 1);
}

/* Find out by trying. Behind a first byte any sign may stand; false: a match may begin with one. */
static bool ask(struct starts *io)
{
    static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

    for (int c = 1; c < 256; c++)
        if (!is_word((char)c) && may_begin(io, (char)c, '\0'))
            return false;
    for (const char *first = bytes; *first; first++) {
        uint32_t *second = &io->second[letter(*first)];

        if (!may_begin(io, *first, '\0'))
            continue;
        *second |= 1;
        for (const char *c = bytes; *c; c++)
            *second |= (uint32_t)may_begin(io, *first, *c) << letter(*c);
    }
    return true;
}

/* What depends on the case of letters, or on what must stand before, is not asked in this way. */
int starts_compile(struct starts *ret, struct str regex, struct diag *d)
{
    int err;

    *ret = (struct starts){ 0 };
    err = pattern_compile(&ret->regex, regex, PATTERN_ANCHORED, d);
    if (err)
        return err;
    ret->follow = follow_new(regex, &(struct strs){ &(struct str){ 0 }, 1, 1 });
    ret->anywhere = !begins_words(regex) || str_find(regex, STR("(?<=")) >= 0
                    || str_find(regex, STR("(?-i")) >= 0 || !ask(ret);
    if (!ret->anywhere)
        return 0;
    starts_release(ret);
    return pattern_compile(&ret->regex, regex, 0, d);
}

void starts_release(struct starts *s)
{
    pattern_free(&s->regex);
    free(s->follow);
    s->follow = NULL;
}

void starts_read(struct str text, struct starts_text *ret)
{
    bool before = false;

    text = str_slice(text, 0, STARTS_TEXT_MAX);
    if (text.n)
        memcpy(ret->bytes, text.p, text.n);
    memset(ret->bytes + text.n, 0, sizeof(ret->bytes) - STARTS_TEXT_MAX);
    ret->text = (struct str){ ret->bytes, text.n };
    ret->n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool word = is_word(ret->bytes[i]);

        if (word && !before) {
            ret->words[ret->n].at = (uint16_t)i;
            ret->words[ret->n].first = (uint8_t)letter(ret->bytes[i]);
            ret->words[ret->n++].second = (uint8_t)letter(ret->bytes[i + 1]);
        }
        before = word;
    }
}

int starts_find(const struct starts *s, const struct starts_text *in, struct pattern_match *ret,
                struct diag *d)
{
    int found = 0;

    if (s->anywhere)
        return pattern_find(s->regex, in->text, 0, ret, d);
    for (size_t i = 0; i < in->n && !found; i++)
        if (s->second[in->words[i].first] >> in->words[i].second & 1
            && follow_may(s->follow, in->bytes + in->words[i].at))
            found = pattern_find(s->regex, in->text, in->words[i].at, ret, d);
    return found;
}
