#include <string.h>

#include "parsers/xml.h"

size_t xml_tag_end(struct str s, size_t at, size_t *ret_attributes)
{
    bool between = false, value = false; /* after white space; after '=' */

    *ret_attributes = 0;
    for (; at < s.n && s.p[at] != '>'; at++) {
        char c = s.p[at];

        if (value && (c == '"' || c == '\'')) {
            const char *end = memchr(s.p + at + 1, c, s.n - at - 1);

            if (!end)
                return s.n;
            at = (size_t)(end - s.p);
            between = true; /* another may follow at once */
            value = false;
        } else if (ascii_is_space(c) || c == '/') {
            between = true;
        } else if (c == '=') {
            value = true;
            between = false;
        } else {
            *ret_attributes += between && !value;
            between = value = false;
        }
    }
    return at;
}

/* After `what`, looked for from `at` on; the end where it is not. */
static size_t after(struct str s, size_t at, struct str what)
{
    ptrdiff_t found = str_find_fold(str_from(s, at), what);

    return found < 0 ? s.n : at + (size_t)found + what.n;
}

/* What is no tag and has none in it, where it begins here: its end; else 0. */
static size_t skip_verbatim(struct str s, size_t at, bool html)
{
    struct str rest = str_from(s, at);

    if (str_starts(rest, STR("<!--")))
        return after(s, at + 4, STR("-->"));
    return !html && str_starts(rest, STR("<![CDATA[")) ? after(s, at, STR("]]>")) : 0;
}

/* Where the next tag may be, after one of such a name that ends at `end`. */
static size_t skip_script(struct str s, struct str name, size_t end)
{
    if (str_eq_fold(str_slice(name, 0, 6), STR("script")))
        return after(s, end, STR("</script"));
    return str_eq_fold(str_slice(name, 0, 5), STR("style")) ? after(s, end, STR("</style")) : end;
}

bool xml_tags_are_sane(struct str s, bool html)
{
    enum { MOST = 100 };
    size_t at = 0, n;

    while (at < s.n) {
        const char *tag = memchr(s.p + at, '<', s.n - at);

        if (!tag)
            break;
        at = (size_t)(tag - s.p);
        n = skip_verbatim(s, at, html);
        at = n ? n : at + 1;
        if (n || at >= s.n || !ascii_is_alpha(s.p[at]))
            continue;
        tag = s.p + at;
        at = xml_tag_end(s, at, &n);
        if (n > MOST)
            return false;
        if (html)
            at = skip_script(s, str_from(s, (size_t)(tag - s.p)), at);
    }
    return true;
}
