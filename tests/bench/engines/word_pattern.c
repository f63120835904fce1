#include "engines/word_pattern.h"

#define WORD_BYTES "A-Za-z0-9_\\x80-\\xff"

void word_pattern_begin(struct buf *to, enum dialect dialect)
{
    buf_add(to, dialect == LOOKS_AROUND ? STR("(?<![" WORD_BYTES "])")
                                        : STR("(?:^|[^" WORD_BYTES "])"));
}

void word_pattern_literal(struct buf *to, const struct word *w)
{
    bool phrase = false;

    buf_add(to, w->exact ? STR("(?:") : STR("(?i:"));
    for (size_t i = 0; i < w->text.n; i++) {
        char c = w->text.p[i];

        phrase |= c == ' ' || c == '-';
        if (c == ' ' || c == '-')
            buf_add(to, STR("[ -]"));
        else if (ascii_is_alnum(c))
            buf_add_byte(to, c);
        else
            buf_printf(to, "\\x%02x", (unsigned char)c);
    }
    if (phrase && !w->exact && byte_is_word(w->text.p[w->text.n - 1]))
        buf_add(to, STR("s?"));
    buf_add_byte(to, ')');
}

void word_pattern_end(struct buf *to, enum dialect dialect)
{
    buf_add(to, dialect == LOOKS_AROUND ? STR("(?![" WORD_BYTES "])(?!\\+\\+|#)")
                                        : STR("(?:$|[^" WORD_BYTES "#+]|\\+(?:$|[^+]))"));
}
