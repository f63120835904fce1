#include "core/arena.h"
#include "core/buf.h"
#include "core/utf8.h"
#include "parsers/html_text.h"
#include "parsers/xml.h"

/* s begins with '&': how long the reference is; 0: it is none, and the mark stands for itself. */
static size_t reference_length(struct str s)
{
    enum { LONGEST = 32 };
    size_t n = s.n > 1 && s.p[1] == '#' ? 2 : 1, from = n;

    while (n < s.n && n < LONGEST && ascii_is_alnum(s.p[n]))
        n++;
    return n > from && n < s.n && s.p[n] == ';' ? n + 1 : 0;
}

static bool xml_knows(struct str reference)
{
    static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq(reference, str_of(known[i])))
            return true;
    return reference.p[1] == '#';
}

struct mend {
    struct arena *memory;
    struct buf out;
    size_t unknown; /* references that nobody knows */
};

/* What a reference that is none of XML's stands for; empty: nothing. */
static struct str meaning(struct mend *m, struct str reference)
{
    enum { MOST_UNKNOWN = 1000 }; /* a name costs a search; who has so many means none of them */
    struct str text = { 0 };

    if (m->unknown < MOST_UNKNOWN)
        text = html_unescape(m->memory, reference);
    if (text.n && text.p[0] != '&')
        return text;
    m->unknown++;
    return (struct str){ 0 };
}

/* What stands at '&', in XML's words; how far it goes. */
static size_t mend_reference(struct mend *m, struct str s)
{
    struct str reference = str_slice(s, 0, reference_length(s)), text;

    if (reference.n && xml_knows(reference)) {
        buf_add(&m->out, reference);
        return reference.n;
    }
    text = reference.n ? meaning(m, reference) : reference;
    buf_add(&m->out, text.n ? text : STR("&amp;"));
    return text.n ? reference.n : 1;
}

/* How much XML takes as it is, if such a part begins here: all, where it has no end. */
static size_t verbatim(struct str s)
{
    bool data = str_starts(s, STR("<![CDATA["));
    ptrdiff_t end;

    if (!data && !str_starts(s, STR("<!--")))
        return 0;
    end = str_find(s, data ? STR("]]>") : STR("-->"));
    return end < 0 ? s.n : (size_t)end + 3;
}

/* Whether the bytes are declared to be something else than UTF-8. */
static bool has_other_encoding(struct str body)
{
    enum { DECLARATION = 100 };
    struct str head = str_slice(body, 0, DECLARATION);
    ptrdiff_t at = str_find(head, STR("encoding="));

    return at > 0 && str_find_fold(str_from(head, (size_t)at + 10), STR("utf-8")) != 0;
}

struct str xml_mended(struct arena *a, struct str body)
{
    struct mend m = { .memory = a };
    struct str mended;
    size_t until = 0;

    if (!has_other_encoding(body))
        body = utf8_of_page(a, body);
    for (size_t i = 0; i < body.n;) {
        char c = body.p[i];

        if (i >= until && c == '<')
            until = i + verbatim(str_from(body, i));
        if (i >= until && c == '&') {
            i += mend_reference(&m, str_from(body, i));
            continue;
        }
        buf_add_byte(&m.out,
                     (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r' ? ' ' : c);
        i++;
    }
    mended = buf_take(&m.out, a);
    buf_release(&m.out);
    return mended;
}
