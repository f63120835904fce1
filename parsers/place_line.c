#include "parsers/place.h"

#include <string.h>

#include "parsers/scan.h"
#include "parsers/spots.h"

static struct str next_line(struct str text, size_t at)
{
    struct str rest = str_trim(str_from(text, at));

    return str_cut(&rest, '\n');
}

static const char *const labels[] = { "location",
                                      "locations",
                                      "job location",
                                      "work location",
                                      "base location",
                                      "place of work",
                                      "based in",
                                      "place of posting",
                                      "offer is available from",
                                      "worksite",
                                      NULL };

void place_line_watch(struct beginnings *io)
{
    beginnings_add(io, labels);
}

struct str place_line(const struct spots *in)
{
    struct str text = in->text;

    for (size_t i = 0, past = 0; i < in->n; i++) {
        size_t at = in->items[i].at, p = 0, value;
        struct str rest;
        const char *nl;

        if (at < past || !(in->items[i].kinds & SPOT_PLACE) || !scan_one_of(text, at, labels))
            continue;
        past = at + 8;
        nl = memchr(text.p + at, '\n', text.n - at);
        rest = str_slice(text, at, nl ? (size_t)(nl - text.p) : text.n);
        while (p < rest.n && (ascii_is_alpha(rest.p[p]) || rest.p[p] == ' '))
            p++;
        while (p < rest.n && (rest.p[p] == '*' || rest.p[p] == ' ' || rest.p[p] == ')'))
            p++;
        for (value = p + 1; value < rest.n && rest.p[value] == '*'; value++)
            ; /* "**Location:** Pune" */
        if (p < rest.n && rest.p[p] == ':' && !str_trim(str_from(rest, value)).n)
            return next_line(text, at + rest.n);
        if (p < rest.n && (rest.p[p] == ':' || scan_dash(rest, p) > p) && p < 40)
            return str_trim(str_slice(rest, value, value + 160));
    }
    return (struct str){ 0 };
}
