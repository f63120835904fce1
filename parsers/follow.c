#include "parsers/follow.h"

#include <stdlib.h>

#include "core/arena.h"
#include "parsers/words.h"

/*
 * The regex as a graph: nodes, and edges on which one byte of a set is read or none. A part that is
 * repeated may be left out or gone through again, however often it is really asked for.
 */
struct bytes {
    uint64_t bits[4];
};

struct edge {
    struct bytes set;
    uint32_t to;
    int32_t next; /* of the same node; -1: none */
    bool reads;   /* a byte of the set */
};

/* The nodes at which one may be, each once. */
struct front {
    uint32_t *items;
    size_t n;
    bool *in;
};

struct graph {
    struct str in;
    size_t at;
    bool strange; /* something stands in it that is not understood */
    struct {
        struct edge *items;
        size_t n, cap;
    } edges;
    struct {
        int32_t *items; /* the first edge of each node */
        size_t n, cap;
    } nodes;
    struct arena a;
    int depth;
    uint32_t start, end;
    struct front here, spare;
    uint32_t *saved;
};

enum { DEPTH_MAX = 32 };

static void add(struct bytes *to, int c)
{
    to->bits[c / 64] |= UINT64_C(1) << (c % 64);
    if (ascii_is_alpha((char)c))
        to->bits[(c ^ 0x20) / 64] |= UINT64_C(1) << ((c ^ 0x20) % 64);
}

static void join(struct bytes *to, const struct bytes *more)
{
    for (int i = 0; i < 4; i++)
        to->bits[i] |= more->bits[i];
}

/* All bytes but these. */
static struct bytes but(const struct bytes *these)
{
    struct bytes ret;

    for (int i = 0; i < 4; i++)
        ret.bits[i] = ~these->bits[i];
    return ret;
}

static uint32_t node(struct graph *g)
{
    *ARENA_PUSH(&g->a, &g->nodes) = -1;
    return (uint32_t)g->nodes.n - 1;
}

static void edge(struct graph *g, uint32_t from, uint32_t to, const struct bytes *set)
{
    static const struct bytes nothing;

    *ARENA_PUSH(&g->a, &g->edges) =
        (struct edge){ set ? *set : nothing, to, g->nodes.items[from], set != NULL };
    g->nodes.items[from] = (int32_t)g->edges.n - 1;
}

static char next(const struct graph *g)
{
    return g->at < g->in.n ? g->in.p[g->at] : '\0';
}

static bool accept(struct graph *g, struct str what)
{
    if (!str_starts(str_from(g->in, g->at), what))
        return false;
    g->at += what.n;
    return true;
}

static int hex(char c)
{
    return ascii_is_digit(c) ? c - '0' : ascii_lower(c) - 'a' + 10;
}

/* What \w, \d and \s name; 'W' and the like: what they do not. */
static bool named_class(char name, struct bytes *io)
{
    struct bytes set = { 0 };

    for (int c = 0; c < 128; c++)
        switch (ascii_lower(name)) {
        case 'w':
            if (ascii_is_alnum((char)c) || c == '_')
                add(&set, c);
            break;
        case 'd':
            if (ascii_is_digit((char)c))
                add(&set, c);
            break;
        case 's':
            if (ascii_is_space((char)c))
                add(&set, c);
            break;
        default:
            return false;
        }
    if (name >= 'A' && name <= 'Z')
        set = but(&set);
    join(io, &set);
    return true;
}

/* The byte that an escape stands for, behind its backslash; -1: none. */
static int escaped(struct graph *g)
{
    static const char names[] = "ntrfe", bytes[] = "\n\t\r\f\x1b";
    char c = next(g);
    const char *name = c ? strchr(names, c) : NULL;

    g->at++;
    if (name)
        return bytes[name - names];
    if (c == 'x' && g->at + 1 < g->in.n && next(g) != '{') {
        g->at += 2;
        return (hex(g->in.p[g->at - 2]) * 16 + hex(g->in.p[g->at - 1])) & 0xFF;
    }
    return !c || ascii_is_alnum(c) ? -1 : (unsigned char)c;
}

static int class_byte(struct graph *g, struct bytes *set)
{
    if (accept(g, STR("\\"))) {
        int c;

        if (named_class(next(g), set)) {
            g->at++;
            return -1;
        }
        if (accept(g, STR("b")))
            return '\b';
        c = escaped(g);
        g->strange |= c < 0;
        return c;
    }
    g->strange |= !next(g) || (next(g) == '[' && g->at + 1 < g->in.n && g->in.p[g->at + 1] == ':');
    return g->strange ? -1 : (unsigned char)g->in.p[g->at++];
}

/* A class, behind its bracket. */
static struct bytes read_class(struct graph *g)
{
    struct bytes set = { 0 };
    bool negated = accept(g, STR("^"));

    do {
        int low = class_byte(g, &set), high = low;

        if (low >= 0 && next(g) == '-' && g->at + 1 < g->in.n && g->in.p[g->at + 1] != ']') {
            g->at++;
            high = class_byte(g, &set);
        }
        for (int c = low; c >= 0 && c <= high; c++)
            add(&set, c);
    } while (!g->strange && next(g) != ']');
    g->at++;
    return negated ? but(&set) : set;
}

static uint32_t read_choice(struct graph *g, uint32_t from);

/* A group, behind its bracket: the node behind it. One that only looks around reads nothing. */
static uint32_t read_group(struct graph *g, uint32_t from)
{
    bool looks = accept(g, STR("?=")) || accept(g, STR("?!")) || accept(g, STR("?<="))
                 || accept(g, STR("?<!"));
    uint32_t to;

    if (!looks && accept(g, STR("?<"))) /* its name */
        while (g->at < g->in.n && g->in.p[g->at++] != '>')
            ;
    else if (!looks && accept(g, STR("?"))) {
        while (next(g) == '-' || next(g) == 'i' || next(g) == 'm')
            g->at++;
        if (accept(g, STR(")")))
            return from; /* "(?i)" */
        g->strange |= !accept(g, STR(":")) && !accept(g, STR(">"));
    }
    g->strange |= ++g->depth > DEPTH_MAX;
    to = g->strange ? from : read_choice(g, looks ? node(g) : from);
    g->depth--;
    g->strange |= !accept(g, STR(")"));
    return looks ? from : to;
}

static uint32_t read_set(struct graph *g, uint32_t from, const struct bytes *set)
{
    uint32_t to = node(g);

    edge(g, from, to, set);
    return to;
}

/* A sign behind its backslash. */
static uint32_t read_escape(struct graph *g, uint32_t from)
{
    struct bytes set = { 0 };
    int c;

    if (next(g) && strchr("bBAZzK", next(g))) { /* places, not bytes */
        g->at++;
        return from;
    }
    if (named_class(next(g), &set)) {
        g->at++;
        return read_set(g, from, &set);
    }
    c = escaped(g);
    g->strange |= c < 0;
    if (c >= 0)
        add(&set, c);
    return read_set(g, from, &set);
}

static uint32_t read_one(struct graph *g, uint32_t from)
{
    struct bytes set = { 0 };
    char c = g->in.p[g->at++];

    switch (c) {
    case '(':
        return read_group(g, from);
    case '[':
        set = read_class(g);
        break;
    case '\\':
        return read_escape(g, from);
    case '^':
    case '$':
        return from;
    case '.':
        set = but(&set);
        break;
    default:
        g->strange |= c == '*' || c == '+' || c == '?' || c == '{';
        add(&set, (unsigned char)c);
    }
    return read_set(g, from, &set);
}

/* "{2,3}": *ret_least is the 2. */
static bool read_times(struct graph *g, int *ret_least)
{
    if (!accept(g, STR("{")))
        return false;
    g->strange |= !ascii_is_digit(next(g)); /* a bracket and no number */
    *ret_least = next(g) != '0';
    while (g->at < g->in.n && g->in.p[g->at++] != '}')
        ;
    return true;
}

/* One thing and how often it stands. */
static uint32_t read_repeated(struct graph *g, uint32_t from)
{
    uint32_t begin = node(g), end;
    int least = 1;
    bool again;

    edge(g, from, begin, NULL);
    end = read_one(g, begin);
    if (end == begin) /* which reads nothing */
        end = read_set(g, begin, NULL);
    if (accept(g, STR("?"))) {
        least = 0;
        again = false;
    } else {
        again = next(g) == '*' || next(g) == '+';
        least = next(g) != '*';
        g->at += again;
        again |= read_times(g, &least);
    }
    if (!accept(g, STR("?")))
        (void)accept(g, STR("+"));
    if (!least)
        edge(g, begin, end, NULL);
    if (again)
        edge(g, end, begin, NULL);
    return end;
}

static uint32_t read_choice(struct graph *g, uint32_t from)
{
    uint32_t to = node(g);

    do {
        uint32_t at = from;

        while (!g->strange && g->at < g->in.n && next(g) != '|' && next(g) != ')')
            at = read_repeated(g, at);
        edge(g, at, to, NULL);
    } while (!g->strange && accept(g, STR("|")));
    return to;
}

static void enter(const struct graph *g, struct front *io, uint32_t node)
{
    size_t done = io->n;

    if (io->in[node])
        return;
    io->in[node] = true;
    io->items[io->n++] = node;
    for (; done < io->n; done++)
        for (int32_t e = g->nodes.items[io->items[done]]; e >= 0; e = g->edges.items[e].next) {
            uint32_t to = g->edges.items[e].to;

            if (g->edges.items[e].reads || io->in[to])
                continue;
            io->in[to] = true;
            io->items[io->n++] = to;
        }
}

/* Where one may be after a byte of the set. */
static void step(const struct graph *g, struct front *io, struct front *spare,
                 const struct bytes *read)
{
    struct front from = *io;

    *io = *spare;
    for (size_t i = 0; i < from.n; i++)
        for (int32_t e = g->nodes.items[from.items[i]]; e >= 0; e = g->edges.items[e].next) {
            const struct edge *at = &g->edges.items[e];
            uint64_t both = 0;

            for (int w = 0; w < 4; w++)
                both |= at->set.bits[w] & read->bits[w];
            if (at->reads && both)
                enter(g, io, at->to);
        }
    for (size_t i = 0; i < from.n; i++)
        from.in[from.items[i]] = false;
    from.n = 0;
    *spare = from;
}

/* Which of the bytes may be read next, as follow_bit() tells them apart. */
static uint64_t next_bits(const struct graph *g, const struct bytes *of)
{
    struct bytes set = { 0 };
    uint64_t ret = 0;

    for (size_t i = 0; i < g->here.n; i++)
        for (int32_t e = g->nodes.items[g->here.items[i]]; e >= 0; e = g->edges.items[e].next)
            join(&set, &g->edges.items[e].set);
    for (int w = 0; w < 4; w++)
        for (uint64_t left = set.bits[w] & of->bits[w]; left; left &= left - 1)
            ret |= UINT64_C(1) << follow_bit((char)(w * 64 + __builtin_ctzll(left)));
    return ret;
}

static struct front nowhere(struct graph *g)
{
    return (struct front){ ARENA_NEW(&g->a, uint32_t, g->nodes.n), 0,
                           ARENA_NEW(&g->a, bool, g->nodes.n) };
}

static void leave(struct graph *g)
{
    for (size_t i = 0; i < g->here.n; i++)
        g->here.in[g->here.items[i]] = false;
    g->here.n = 0;
}

/* What may stand right behind a word where a sweep finds it: no byte of a word, but for the s of a
 * phrase. */
static struct bytes behind(struct str word)
{
    bool ends = word.n && byte_is_word(word.p[word.n - 1]) && !memchr(word.p, ' ', word.n)
                && !memchr(word.p, '-', word.n);
    struct bytes ret = { 0 };

    for (int c = 0; c < 256; c++)
        if (!ends || !byte_is_word((char)c))
            add(&ret, c);
    return ret;
}

/* Go over the word, as a sweep finds it: letters without case, blank and hyphen alike. Whether a
 * match may be over before it is. */
static bool read_word(struct graph *g, struct str word)
{
    bool over = false;

    leave(g);
    enter(g, &g->here, g->start);
    for (size_t i = 0; i < word.n && !over; i++) {
        struct bytes read = { 0 };

        over = g->here.in[g->end];
        add(&read, (unsigned char)word.p[i]);
        if (word.p[i] == ' ' || word.p[i] == '-')
            add(&read, word.p[i] ^ ' ' ^ '-');
        step(g, &g->here, &g->spare, &read);
    }
    return over;
}

/* What may stand behind here and one of the bytes `of`. */
static void look(struct graph *g, const struct bytes *of, bool over, uint64_t behind[FOLLOW_BYTES])
{
    const struct bytes all = but(&(struct bytes){ 0 });

    step(g, &g->here, &g->spare, of);
    for (size_t k = 0; k < FOLLOW_BYTES; k++) {
        over |= g->here.in[g->end];
        behind[k] = over ? UINT64_MAX : next_bits(g, &all);
        if (over)
            continue;
        step(g, &g->here, &g->spare, &all);
    }
}

static void follow(struct graph *g, struct str word, struct follow *ret)
{
    struct bytes of = behind(word), blank = { 0 }, other;
    bool over = g->strange || read_word(g, word) || g->here.in[g->end];
    uint32_t *here = g->saved;
    size_t n = g->here.n;

    add(&blank, ' ');
    other = but(&blank);
    for (int i = 0; i < 4; i++)
        other.bits[i] &= of.bits[i];
    memcpy(here, g->here.items, n * sizeof(*here));
    *ret =
        (struct follow){ .at = (uint32_t)word.n, .first = over ? UINT64_MAX : next_bits(g, &of) };
    look(g, &other, over, ret->other);
    leave(g);
    for (size_t i = 0; i < n; i++)
        enter(g, &g->here, here[i]);
    look(g, &blank, over, ret->blank);
}

static void open(struct graph *g, struct str regex)
{
    *g = (struct graph){ .in = regex };
    g->start = node(g);
    g->end = read_choice(g, g->start);
    g->strange |= g->at < regex.n;
    g->here = nowhere(g);
    g->spare = nowhere(g);
    g->saved = ARENA_NEW(&g->a, uint32_t, g->nodes.n);
}

struct follow *follow_new(struct str regex, const struct strs *finds)
{
    struct follow *ret = calloc(finds->n + 1, sizeof(*ret));
    struct graph g;

    if (!ret)
        out_of_memory();
    open(&g, regex);
    for (size_t i = 0; i < finds->n; i++) {
        struct word_marks m;

        g.strange |= words_read(finds->items[i], &m, &(struct diag){ 0 }) != 0;
        follow(&g, g.strange ? STR("") : m.text, &ret[i]);
    }
    arena_free(&g.a);
    return ret;
}

void follow_begin(struct str regex, struct follow *ret)
{
    struct graph g;

    open(&g, regex);
    follow(&g, STR(""), ret);
    arena_free(&g.a);
}
