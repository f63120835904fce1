#include "parsers/fill.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"
#include "parsers/documents.h"
#include "parsers/html_text.h"
#include "parsers/spellings.h"
#include "parsers/transform.h"

enum field_kind {
    ONE,
    LABEL,
    JOINED,
    TEXT,
    PLACES,
    COUNTRY,
    CURRENCY,
    MODE,
    PERIOD,
    MONEY,
    TIME,
    COUNT,
    URL
};

static const struct adapter_word words[] = {
    { "native_id", "the source's own key; unique within the source" },
    { "requisition", "the employer's number for the job, the same at all its boards" },
    { "title", "" },
    { "company", "the employer, where the board states it" },
    { "places", "each as the source writes it; rows append" },
    { "country", "code or name; known names become ISO 3166-1 alpha-2" },
    { "mode", "onsite, hybrid, remote, in the usual spellings" },
    { "department", "" },
    { "employment", "full-time, contract ..., as written" },
    { "experience", "the source's own field" },
    { "salary", "the source's own text" },
    { "pay_min", "a number" },
    { "pay_max", "a number" },
    { "pay_currency", "ISO 4217" },
    { "pay_period", "hour, day, week, month, year, in the usual spellings" },
    { "posted", "a time: ISO 8601, RFC 822, or seconds" },
    { "updated", "a time" },
    { "expires", "a time" },
    { "vacancies", "stated number of positions" },
    { "url", "the page a person would open; relative to the page that named it" },
    { "text", "the ad; rows append" },
};

#define AT(member) offsetof(struct listing, member)
static const struct {
    enum field_kind kind;
    size_t at;
} fields[] = {
    { ONE, AT(native_id) },     { ONE, AT(requisition) },
    { LABEL, AT(title) },       { LABEL, AT(company) },
    { PLACES, AT(places) },     { COUNTRY, AT(country) },
    { MODE, AT(mode) },         { JOINED, AT(department) },
    { JOINED, AT(employment) }, { TEXT, AT(experience) },
    { TEXT, AT(salary) },       { MONEY, AT(pay.min) },
    { MONEY, AT(pay.max) },     { CURRENCY, AT(pay.currency) },
    { PERIOD, AT(pay.period) }, { TIME, AT(posted) },
    { TIME, AT(updated) },      { TIME, AT(expires) },
    { COUNT, AT(vacancies) },   { URL, AT(url) },
    { TEXT, AT(text) },
};
_Static_assert(ARRAY_LEN(words) == ARRAY_LEN(fields), "a field without its word");

const struct adapter_word *adapter_fields(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(words);
    return words;
}

static int field_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(name, str_of(words[i].name)))
            return (int)i;
    return -1;
}

int filler_pattern(struct filler *f, struct str regex, const struct pattern **ret, struct diag *d)
{
    bool given = regex.n > 2 && regex.p[0] == '{' && regex.p[regex.n - 1] == '}';

    if (f->patterns && !given)
        return pattern_set_find(f->patterns, regex, ret, d);
    if (!*f->own)
        *f->own = pattern_set_new();
    if (given)
        regex = names_get(&f->names, str_slice(regex, 1, regex.n - 1));
    return pattern_set_find(*f->own, regex.p ? regex : STR(""), ret, d);
}

static bool wants_markup(const struct adapter_row *row)
{
    return row->as.n && str_starts(row->as.items[0], STR("html"));
}

/* "Bengaluru=Bangalore": the value on the right of the pair whose left it is. */
struct str fill_mapped(const struct strs *map, struct str v)
{
    for (size_t i = 0; i < map->n; i++) {
        struct str to = map->items[i], from = str_cut(&to, '=');

        if (str_eq_fold(from, v))
            return to;
    }
    return v;
}

/* One value through `match` and `map`; what is left of it goes to *ret. */
static int keep(struct filler *f, const struct adapter_row *row, struct str v, struct strs *ret,
                struct diag *d)
{
    if (row->match.n) {
        const struct pattern *p;
        struct pattern_match m = { 0 };
        int r = filler_pattern(f, row->match, &p, d);

        if (!r)
            r = pattern_find(p, v, 0, &m, d);
        if (r <= 0)
            return r;
        v = m.n_groups > 1 && m.group[1].start <= m.group[1].end
                ? str_slice(v, m.group[1].start, m.group[1].end)
                : str_slice(v, m.start, m.end);
    }
    v = str_trim(fill_mapped(&row->map, v));
    if (v.n)
        *ARENA_PUSH(f->page, ret) = v;
    return 0;
}

/* A raw value through `as`, and what it is split into on. */
static int finish(struct filler *f, const struct adapter_row *row, struct str v, struct strs *ret,
                  struct diag *d)
{
    int r = 0;

    for (size_t i = 0; i < row->as.n; i++)
        v = transform_find(row->as.items[i])(f->page, v, f->now);
    while (row->split.n && !r) {
        ptrdiff_t at = str_find(v, row->split);

        if (at < 0)
            break;
        r = keep(f, row, str_trim(str_slice(v, 0, (size_t)at)), ret, d);
        v = str_trim(str_from(v, (size_t)at + row->split.n));
    }
    return r ? r : keep(f, row, v, ret, d);
}

static int values_at(struct filler *f, struct document *doc, struct node item,
                     const struct adapter_row *row, struct strs *ret, struct diag *d)
{
    struct nodes found;
    struct str rest = row->at;
    int r = 0;

    if (row->value.n)
        return finish(f, row, row->value, ret, d);
    if (row->template.n) {
        struct template_scope scope = { &f->names, doc, item };
        struct template_text t = template_fill(
            f->page, row->template, wants_markup(row) ? TEMPLATE_HTML : TEMPLATE_RAW, &scope);

        return t.needed_is_missing || (t.asked && !t.given) ? 0 : finish(f, row, t.text, ret, d);
    }
    do { /* an alternative that is there but empty gives way to the next */
        size_t before = ret->n;
        struct str one = item.json ? place_cut(&rest) : rest;

        r = document_find(doc, f->page, item, one, &found, d);
        for (size_t i = 0; i < found.n && !r; i++)
            r = finish(f, row, node_text(f->page, found.items[i], wants_markup(row)), ret, d);
        if (ret->n > before)
            break;
    } while (!r && item.json && rest.p);
    return r;
}

int filler_values(struct filler *f, struct document *doc, struct node item,
                  const struct adapter_row *row, struct strs *ret, struct diag *d)
{
    struct nodes each = { 0 };
    int r;

    *ret = (struct strs){ 0 };
    if (!row->each.n)
        return values_at(f, doc, item, row, ret, d);
    r = document_find(doc, f->page, item, row->each, &each, d);
    for (size_t i = 0; i < each.n && !r; i++)
        r = values_at(f, doc, each.items[i], row, ret, d);
    return r;
}

int filler_passes(struct filler *f, struct document *doc, struct node item,
                  const struct adapter_rows *where, bool *ret, struct diag *d)
{
    for (size_t i = 0; i < where->n; i++) {
        const struct adapter_row *row = &where->items[i];
        struct strs values;
        struct str v;
        int r = filler_values(f, doc, item, row, &values, d);

        if (r)
            return r;
        v = values.n ? values.items[0] : STR("null");
        *ret = row->is.n     ? str_eq_fold(v, row->is)
               : row->not_.n ? !str_eq_fold(v, row->not_)
                             : values.n > 0;
        if (!*ret)
            return 0;
    }
    *ret = true;
    return 0;
}

/* The white space of any alphabet at i: its bytes, or 0. */
static size_t space_at(struct str s, size_t i)
{
    static const struct str spaces[] = { STR("\xC2\xA0"),     STR("\xC2\x85"),
                                         STR("\xE2\x80\xA8"), STR("\xE2\x80\xA9"),
                                         STR("\xE2\x80\xAF"), STR("\xE2\x81\x9F"),
                                         STR("\xE3\x80\x80") };

    if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F)
        return 1;
    if ((unsigned char)s.p[i] < 0x80)
        return 0;
    if (i + 2 < s.n && str_eq(str_slice(s, i, i + 2), STR("\xE2\x80")) && s.p[i + 2] <= '\x8A')
        return 3; /* U+2000 to U+200A */
    for (size_t k = 0; k < ARRAY_LEN(spaces); k++)
        if (str_starts(str_from(s, i), spaces[k]))
            return spaces[k].n;
    return 0;
}

/* Runs of white space to one space; what has no width at all is dropped. */
static struct str one_line(struct arena *a, struct str s)
{
    CLEANUP(buf_release) struct buf b = { 0 };
    bool gap = false;

    for (size_t i = 0; i < s.n;) {
        size_t space = space_at(s, i);

        if (str_starts(str_from(s, i), STR("\xE2\x80\x8B"))
            || str_starts(str_from(s, i), STR("\xEF\xBB\xBF"))) {
            i += 3;
            continue;
        }
        i += space;
        gap |= space > 0;
        if (space)
            continue;
        if (gap && b.n)
            buf_add_byte(&b, ' ');
        gap = false;
        buf_add_byte(&b, s.p[i++]);
    }
    return buf_take(&b, a);
}

/* What people read as one line: boards escape it once or twice more than its form asks for. */
static struct str label(struct arena *a, struct str s)
{
    return one_line(a, html_unescape(a, html_unescape(a, s)));
}

static struct str joined(struct arena *a, struct str before, struct str v, const char *between)
{
    return before.n ? str_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(before), between, STR_ARG(v)) : v;
}

void listing_add_place(struct arena *a, struct strs *places, struct str v)
{
    for (size_t i = 0; i < places->n; i++)
        if (str_eq_fold(places->items[i], v))
            return;
    if (v.n && places->n < PLACES_A_LISTING)
        *ARENA_PUSH(a, places) = v;
}

/* "19,00,000.50"; a 0 means "not given" nearly everywhere. */
static double number_of(struct arena *a, struct str v)
{
    char *s = str_cstr(a, v), *to = s, *end;
    double x;

    for (const char *from = s; *from; from++)
        if (*from != ',' && *from != ' ')
            *to++ = *from;
    *to = '\0';
    x = strtod(s, &end);
    return *s && !*end && x > 0 && x < 1e15 ? x : 0;
}

/* Whether each line of v but one, its heading, stands in `before` already: some boards give the ad
 * whole and in parts. */
static bool repeats(struct str before, struct str v)
{
    enum { SHORTEST = 8 };
    int missing = 0;
    size_t lines = 0;

    for (size_t end = v.n; end && missing < 2;) {
        size_t from = end;
        struct str line;

        while (from && v.p[from - 1] != '\n')
            from--;
        line = str_trim(str_slice(v, from, end));
        line = str_starts(line, STR("- ")) ? str_from(line, 2) : line;
        end = from - (from > 0);
        if (!line.n)
            continue;
        if (!lines++ && line.n < SHORTEST)
            return false;
        missing += str_find(before, line) < 0;
        if (missing && lines == 1)
            return false;
    }
    return lines > (size_t)missing && missing < 2;
}

static void set_str(struct str *to, struct str v)
{
    if (!to->n)
        *to = v;
}

static void set_one(struct filler *f, enum field_kind kind, void *to, struct str v)
{
    struct str *s = to;
    int64_t t;

    switch (kind) {
    case ONE:
        set_str(s, one_line(f->page, v));
        break;
    case LABEL:
        set_str(s, label(f->page, v));
        break;
    case COUNTRY:
        set_str(s, country_code(f->page, v));
        break;
    case CURRENCY:
        set_str(s, currency_spelt(f->page, v));
        break;
    case URL:
        v = url_join(f->page, f->page_url, v);
        if (str_eq_fold(str_slice(v, 0, 4), STR("http")))
            set_str(s, v);
        break;
    case MODE:
        if (*(enum work_mode *)to == MODE_UNKNOWN)
            *(enum work_mode *)to = mode_spelt(v);
        break;
    case PERIOD:
        if (*(enum pay_period *)to == PERIOD_UNKNOWN)
            *(enum pay_period *)to = period_spelt(v);
        break;
    case MONEY:
        if (*(double *)to == 0)
            *(double *)to = number_of(f->page, v);
        break;
    case TIME:
        if (!*(int64_t *)to && transform_time(v, &t))
            *(int64_t *)to = t;
        break;
    case COUNT:
        if (!*(int64_t *)to && str_int(v, &t) && t > 0 && t < 100000)
            *(int64_t *)to = t;
        break;
    case JOINED:
    case TEXT:
    case PLACES:
        break;
    }
}

static void add_text(struct arena *a, struct str *to, struct str v)
{
    if (!repeats(*to, v))
        *to = joined(a, *to, v, "\n\n");
}

static void set(struct filler *f, int field, const struct strs *values, struct listing *l)
{
    char *to = (char *)l + fields[field].at;
    enum field_kind kind = fields[field].kind;
    struct str all = { 0 };

    for (size_t i = 0; i < values->n; i++) {
        struct str v = values->items[i];

        if (kind == TEXT)
            add_text(f->page, (struct str *)(void *)to, v);
        else if (kind == PLACES)
            listing_add_place(f->page, (struct strs *)(void *)to, label(f->page, v));
        else if (kind == JOINED)
            all = joined(f->page, all, label(f->page, v), ", ");
        else
            set_one(f, kind, to, v);
    }
    if (kind == JOINED)
        set_str((struct str *)(void *)to, all);
}

static int fill_rows(struct filler *f, struct document *doc, struct node item,
                     const struct adapter_rows *rows, struct listing *ret, struct diag *d)
{
    bool chain_gave = false;

    names_set(f->page, &f->names, STR("page_url"), f->page_url);
    names_set(f->page, &f->names, STR("native_id"), ret->native_id);
    for (size_t i = 0; i < rows->n; i++) {
        const struct adapter_row *row = &rows->items[i];
        struct strs values;
        int r, field = field_of(row->to);

        if (!row->or_)
            chain_gave = false;
        if (chain_gave || field < 0)
            continue;
        r = filler_values(f, doc, item, row, &values, d);
        if (r)
            return r;
        chain_gave |= values.n > 0;
        set(f, field, &values, ret);
        if (str_eq(row->to, STR("native_id")))
            names_set(f->page, &f->names, STR("native_id"), ret->native_id);
    }
    if (ret->pay.max && ret->pay.min > ret->pay.max)
        ret->pay.max = ret->pay.min;
    return 0;
}

/* An item's own names live as long as its page, the reading's longer: they never share a list. */
int filler_listing(struct filler *f, struct document *doc, struct node item,
                   const struct adapter_rows *rows, struct listing *ret, struct diag *d)
{
    struct names of_reading = f->names;
    int r;

    f->names = (struct names){ 0 };
    for (size_t i = 0; i < of_reading.n; i++)
        *ARENA_PUSH(f->page, &f->names) = of_reading.items[i];
    r = fill_rows(f, doc, item, rows, ret, d);
    f->names = of_reading;
    return r;
}

void listing_overlay(struct listing *l, const struct listing *over)
{
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        char *to = (char *)l + fields[i].at;
        const char *from = (const char *)over + fields[i].at;

        if (fields[i].at == AT(native_id) && l->native_id.n)
            continue;
        switch (fields[i].kind) {
        case PLACES:
            /* Some details leave out what the list said of further places. */
            if (over->places.n >= l->places.n)
                *(struct strs *)(void *)to = *(const struct strs *)(const void *)from;
            break;
        case MODE:
            if (over->mode != MODE_UNKNOWN)
                l->mode = over->mode;
            break;
        case PERIOD:
            if (over->pay.period != PERIOD_UNKNOWN)
                l->pay.period = over->pay.period;
            break;
        case MONEY:
            if (*(const double *)(const void *)from > 0)
                *(double *)(void *)to = *(const double *)(const void *)from;
            break;
        case TIME:
        case COUNT:
            if (*(const int64_t *)(const void *)from)
                *(int64_t *)(void *)to = *(const int64_t *)(const void *)from;
            break;
        case ONE:
        case LABEL:
        case JOINED:
        case TEXT:
        case COUNTRY:
        case CURRENCY:
        case URL:
            if (((const struct str *)(const void *)from)->n)
                *(struct str *)(void *)to = *(const struct str *)(const void *)from;
            break;
        }
    }
}

struct listing listing_dup(struct arena *a, const struct listing *l)
{
    struct listing copy = *l;

    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        struct str *to = (void *)((char *)&copy + fields[i].at);

        switch (fields[i].kind) {
        case ONE:
        case LABEL:
        case JOINED:
        case TEXT:
        case COUNTRY:
        case CURRENCY:
        case URL:
            *to = str_dup(a, *to);
            break;
        case PLACES:
        case MODE:
        case PERIOD:
        case MONEY:
        case TIME:
        case COUNT:
            break;
        }
    }
    copy.places = (struct strs){ 0 };
    for (size_t i = 0; i < l->places.n; i++)
        *ARENA_PUSH(a, &copy.places) = str_dup(a, l->places.items[i]);
    return copy;
}
