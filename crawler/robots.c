#include "crawler/robots.h"

#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/cleanup.h"

enum {
    ROBOTS_MAX = 500 * 1024,   /* RFC 9309 2.5: at least 500 KiB must be parsed */
    LINE_MAX_BYTES = 2083 * 8, /* a longer line is cut, as Google's parser does */
};

/*
 * A rule's path in normal form, where `*` and a final `$` have become bytes that no
 * normalised text contains, so that `%2A` and `%24` can stand for themselves.
 */
enum { ANY = 0x01, END = 0x02 };

struct rule {
    struct str text;    /* as written */
    struct str pattern; /* in normal form */
    uint32_t line;
    bool allow;
};

struct group {
    struct rule *items;
    size_t n, cap;
    double crawl_delay;
};

struct robots {
    struct group own, any; /* the groups of our token, and those of `*`, each merged */
    bool own_seen;
    struct strs sitemaps;
};

/* One line while it is read, and where its group stands. */
struct parser {
    struct arena *a;
    struct robots *r;
    struct str agent;
    bool in_own, in_any; /* whom the current group is for */
    bool rules_seen;     /* the next user-agent line begins a new group */
    uint32_t line;
};

static int hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes that a URL writes as they are: unreserved and reserved of RFC 3986, which leaves
 * out controls, space, the rest of ASCII and everything above it. */
static bool stands_for_itself(char c)
{
    return ascii_is_alnum(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=", c));
}

/* Escapes of these mean the same as the byte itself: RFC 3986 2.3, and the two that are
 * special in a rule, which RFC 9309 2.2.3 wants escaped where they are meant literally. */
static bool unescapes(char c)
{
    return ascii_is_alnum(c) || (c && strchr("-._~$*", c));
}

/* The byte or escape at s.p[*i], in normal form, at out; *i moves on. */
static size_t put_normal(struct str s, size_t *i, char *out)
{
    static const char hex[] = "0123456789ABCDEF";
    char c = s.p[(*i)++];

    if (c == '%' && *i + 1 < s.n && hex_value(s.p[*i]) >= 0 && hex_value(s.p[*i + 1]) >= 0) {
        c = (char)(hex_value(s.p[*i]) * 16 + hex_value(s.p[*i + 1]));
        *i += 2;
        if (unescapes(c)) {
            out[0] = c;
            return 1;
        }
    } else if (stands_for_itself(c) || c == '%') {
        out[0] = c;
        return 1;
    }
    out[0] = '%';
    out[1] = hex[(unsigned char)c >> 4];
    out[2] = hex[(unsigned char)c & 15];
    return 3;
}

static struct str normal_pattern(struct arena *a, struct str s)
{
    char *out = ARENA_NEW(a, char, s.n * 3 + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == '*') {
            out[n++] = ANY;
            i++;
        } else if (s.p[i] == '$' && i + 1 == s.n) {
            out[n++] = END;
            i++;
        } else {
            n += put_normal(s, &i, out + n);
        }
    }
    return (struct str){ out, n };
}

/* Cut the literal before the next `*` off the pattern; false where no `*` follows it. */
static bool cut_literal(struct str *pattern, struct str *ret)
{
    const char *star = pattern->n ? memchr(pattern->p, ANY, pattern->n) : NULL;

    if (!star) {
        *ret = *pattern;
        return false;
    }
    *ret = str_cut(pattern, ANY);
    return true;
}

/*
 * Does the pattern match the path from its start; and where `whole`, to its end? The
 * literal between two `*` may take the first place it fits: a later place leaves less for
 * the rest. So no step is ever taken back, and the time is linear.
 */
static bool fits(struct str pattern, struct str path, bool whole)
{
    struct str literal;
    bool more = cut_literal(&pattern, &literal);

    if (!more && whole)
        return str_eq(path, literal);
    if (!str_starts(path, literal))
        return false;
    path = str_from(path, literal.n);
    while (more) {
        ptrdiff_t at;

        more = cut_literal(&pattern, &literal);
        if (!more && whole)
            return str_ends(path, literal);
        at = str_find(path, literal);
        if (at < 0)
            return false;
        path = str_from(path, (size_t)at + literal.n);
    }
    return true;
}

/*
 * A final `$` is the end of the path. Sites that wrote their rules before it meant
 * that use it as a letter, so it may also stand for itself, at the end.
 */
static bool matches(struct str pattern, struct str path)
{
    if (!pattern.n || pattern.p[pattern.n - 1] != END)
        return fits(pattern, path, false);
    pattern = str_slice(pattern, 0, pattern.n - 1);
    if (fits(pattern, path, true))
        return true;
    return path.n && path.p[path.n - 1] == '$'
           && fits(pattern, str_slice(path, 0, path.n - 1), true);
}

static bool token_byte(char c, bool wide)
{
    return ascii_is_alpha(c) || c == '-' || c == '_'
           || (wide && (ascii_is_digit(c) || (unsigned char)c >= 0x80));
}

/*
 * The product token at the start of s: letters, `-` and `_` (RFC 9309 2.2.1). The wide
 * form takes digits and other scripts too, since there are robots that use them.
 */
static struct str token(struct str s, bool wide)
{
    size_t n = 0;

    while (n < s.n && token_byte(s.p[n], wide))
        n++;
    return str_slice(s, 0, n);
}

/* "roletide/0.1 (+URL)" is roletide; "Mozilla/5.0 (compatible; a-bot/1.1)" is a-bot. */
static struct str agent_token(struct str agent)
{
    ptrdiff_t at = str_find_fold(agent, STR("compatible;"));

    if (at >= 0 && str_eq_fold(token(agent, true), STR("mozilla")))
        agent = str_trim(str_from(agent, (size_t)at + sizeof("compatible;") - 1));
    return token(agent, true);
}

static bool names(struct str line, struct str agent)
{
    if (!agent.n)
        return false;
    return str_eq_fold(token(line, true), agent) || str_eq_fold(token(line, false), agent);
}

static void begin_group(struct parser *p, struct str value)
{
    if (p->rules_seen)
        p->in_own = p->in_any = p->rules_seen = false;
    if (value.n && value.p[0] == '*' && (value.n == 1 || ascii_is_space(value.p[1])))
        p->in_any = true;
    else if (names(value, p->agent))
        p->in_own = p->r->own_seen = true;
}

static void add_rule(struct parser *p, struct str path, bool allow)
{
    struct group *g = p->in_own ? &p->r->own : &p->r->any;

    if (!p->in_own && !p->in_any)
        return;
    p->rules_seen = true;
    if (path.n)
        *ARENA_PUSH(p->a, g) = (struct rule){
            .text = path, .pattern = normal_pattern(p->a, path), .line = p->line, .allow = allow
        };
}

/*
 * Who allows the index page of a folder allows the folder's own address too. Not in the
 * standard, but so do Google's parser and those who test theirs against it.
 */
static void add_allow(struct parser *p, struct str value)
{
    size_t folder = value.n;

    add_rule(p, value, true);
    while (folder && value.p[folder - 1] != '/')
        folder--;
    if (folder && str_starts(str_from(value, folder), STR("index.htm")))
        add_rule(p, str_printf(p->a, STR_FMT "$", (int)folder, value.p), true);
}

static void add_disallow(struct parser *p, struct str value)
{
    add_rule(p, value, false);
}

static void add_sitemap(struct parser *p, struct str value)
{
    if (value.n)
        *ARENA_PUSH(p->a, &p->r->sitemaps) = value;
}

/* "10" or "0.5"; the longest of several counts. */
static void set_crawl_delay(struct parser *p, struct str value)
{
    struct group *g = p->in_own ? &p->r->own : &p->r->any;
    double seconds = 0, unit = 1;
    bool point = false;

    if ((!p->in_own && !p->in_any) || !value.n || value.p[0] == '.')
        return;
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '.' && !point) {
            point = true;
        } else if (!ascii_is_digit(value.p[i])) {
            return;
        } else if (point) {
            unit /= 10;
            seconds += unit * (value.p[i] - '0');
        } else {
            seconds = seconds * 10 + (value.p[i] - '0');
        }
    }
    if (seconds > g->crawl_delay)
        g->crawl_delay = seconds;
}

/* A field is known by its beginning, and by the ways in which people often misspell it. */
static const struct {
    struct str name;
    void (*take)(struct parser *p, struct str value);
} fields[] = {
    { STR("user-agent"), begin_group },      { STR("useragent"), begin_group },
    { STR("user agent"), begin_group },      { STR("allow"), add_allow },
    { STR("disallow"), add_disallow },       { STR("dissallow"), add_disallow },
    { STR("dissalow"), add_disallow },       { STR("disalow"), add_disallow },
    { STR("diasllow"), add_disallow },       { STR("disallaw"), add_disallow },
    { STR("sitemap"), add_sitemap },         { STR("site-map"), add_sitemap },
    { STR("crawl-delay"), set_crawl_delay },
};

/* "field: value", or "field value" where the colon was forgotten and nothing else follows. */
static bool split_field(struct str line, struct str *name, struct str *value)
{
    ptrdiff_t colon = str_find(line, STR(":"));
    size_t n = 0;

    if (colon >= 0) {
        *name = str_trim(str_slice(line, 0, (size_t)colon));
        *value = str_trim(str_from(line, (size_t)colon + 1));
        return name->n;
    }
    line = str_trim(line);
    while (n < line.n && !ascii_is_space(line.p[n]))
        n++;
    *name = str_slice(line, 0, n);
    *value = str_trim(str_from(line, n));
    for (size_t i = 0; i < value->n; i++)
        if (ascii_is_space(value->p[i]))
            return false;
    return name->n && value->n;
}

static void read_line(struct parser *p, struct str line)
{
    struct str name, value;

    line = str_slice(line, 0, LINE_MAX_BYTES);
    line = str_cut(&line, '\0');
    line = str_cut(&line, '#');
    if (!split_field(line, &name, &value))
        return;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (str_eq_fold(str_slice(name, 0, fields[i].name.n), fields[i].name)) {
            fields[i].take(p, value);
            return;
        }
}

/* Cut a line that ends with LF, CR or CR LF. */
static struct str cut_line(struct str *text)
{
    size_t n = 0;
    struct str line;

    while (n < text->n && text->p[n] != '\n' && text->p[n] != '\r')
        n++;
    line = str_slice(*text, 0, n);
    n += n + 1 < text->n && text->p[n] == '\r' && text->p[n + 1] == '\n' ? 2 : 1;
    *text = str_from(*text, n);
    return line;
}

/* What is over the limit is dropped with the line it would tear: half a rule is another rule. */
static struct str within_limit(struct str body)
{
    size_t n = ROBOTS_MAX;

    if (body.n <= ROBOTS_MAX)
        return body;
    while (n && body.p[n - 1] != '\n' && body.p[n - 1] != '\r')
        n--;
    return str_slice(body, 0, n);
}

struct robots *robots_parse(struct arena *a, struct str body, struct str agent)
{
    struct robots *r = ARENA_NEW(a, struct robots, 1);
    struct parser p = { .a = a, .r = r, .agent = agent_token(agent) };

    r->own.crawl_delay = r->any.crawl_delay = -1;
    body = within_limit(body);
    if (str_starts(body, STR("\xEF\xBB\xBF")))
        body = str_from(body, 3);
    while (body.n) {
        p.line++;
        read_line(&p, cut_line(&body));
    }
    return r;
}

static size_t find_any(struct str s, size_t from, const char *set)
{
    while (from < s.n && (!s.p[from] || !strchr(set, s.p[from])))
        from++;
    return from;
}

/* The path and query of a URL or of a path, without what precedes and what follows. */
static struct str path_of(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"));
    size_t start = str_starts(url, STR("//")) ? 2 : 0;

    if (scheme >= 0 && (size_t)scheme < find_any(url, start, "/?;#"))
        start = (size_t)scheme + 3;
    start = find_any(url, start, "/?;#");
    return str_slice(url, start, find_any(url, start, "#"));
}

static void add_normal_path(struct buf *b, struct str path)
{
    char c[3];

    if (!path.n || path.p[0] != '/')
        buf_add_byte(b, '/');
    for (size_t i = 0, from = 0; i < path.n; from = i) {
        while (i < path.n && path.p[i] != '%' && stands_for_itself(path.p[i]))
            i++;
        buf_add(b, str_slice(path, from, i));
        if (i < path.n) {
            size_t n = put_normal(path, &i, c);

            buf_add(b, (struct str){ c, n });
        }
    }
}

/* The longest match decides; of two equally long, the one that allows (RFC 9309 2.2.2). */
static const struct rule *decide(const struct group *g, struct str path)
{
    const struct rule *best = NULL;

    for (size_t i = 0; i < g->n; i++) {
        const struct rule *rule = &g->items[i];

        if (best
            && (rule->pattern.n < best->pattern.n
                || (rule->pattern.n == best->pattern.n && (best->allow || !rule->allow))))
            continue;
        if (matches(rule->pattern, path))
            best = rule;
    }
    return best;
}

static const struct group *group_of(const struct robots *r)
{
    return r->own_seen ? &r->own : &r->any;
}

struct robots_verdict robots_ask(const struct robots *r, struct str url_or_path)
{
    CLEANUP(buf_release) struct buf path = { 0 };
    struct str whole = path_of(url_or_path), file = whole;
    const struct rule *rule;

    if (str_eq(str_cut(&file, '?'), STR("/robots.txt")))
        return (struct robots_verdict){ .allow = true };
    buf_reserve(&path, whole.n + 1);
    add_normal_path(&path, whole);
    rule = decide(group_of(r), buf_str(&path));
    if (!rule)
        return (struct robots_verdict){ .allow = true };
    return (struct robots_verdict){ rule->allow, rule->line, rule->text };
}

double robots_crawl_delay(const struct robots *r)
{
    return group_of(r)->crawl_delay;
}

const struct strs *robots_sitemaps(const struct robots *r)
{
    return &r->sitemaps;
}
