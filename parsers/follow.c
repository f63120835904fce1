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
    uint64_t kinds; /* of the bytes that are read on it; 0: none is */
    uint32_t to;
    int32_t next; /* of the same node; -1: none */
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
    struct front here;
};

enum { DEPTH_MAX = 32 };

/* Letters 1 to 26, digits from 27, blank and line break, any byte of a letter beyond ASCII, signs.
 */
const uint8_t follow_kinds[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  38, 0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    0,  0,  0,  0,  0,  0,  0,  0,  37, 40, 41, 42, 0,  43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53,
    27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 54, 55, 0,  56, 0,  57, 58, 1,  2,  3,  4,  5,  6,  7,
    8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 59, 0,  60, 0,  61,
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    24, 25, 26, 0,  62, 0,  0,  0,  39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
    39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
    39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
    39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
    39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
    39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39, 39,
};

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

static uint64_t kinds_of(const struct bytes *set)
{
    uint64_t ret = 0;

    for (int w = 0; w < 4; w++)
        for (uint64_t left = set->bits[w]; left; left &= left - 1)
            ret |= UINT64_C(1) << follow_kind((char)(w * 64 + __builtin_ctzll(left)));
    return ret;
}

static void edge(struct graph *g, uint32_t from, uint32_t to, uint64_t kinds)
{
    *ARENA_PUSH(&g->a, &g->edges) = (struct edge){ kinds, to, g->nodes.items[from] };
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

    edge(g, from, to, kinds_of(set));
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

    edge(g, from, begin, 0);
    end = read_one(g, begin);
    if (end == begin) { /* which reads nothing */
        end = node(g);
        edge(g, begin, end, 0);
    }
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
        edge(g, begin, end, 0);
    if (again)
        edge(g, end, begin, 0);
    return end;
}

static uint32_t read_choice(struct graph *g, uint32_t from)
{
    uint32_t to = node(g);

    do {
        uint32_t at = from;

        while (!g->strange && g->at < g->in.n && next(g) != '|' && next(g) != ')')
            at = read_repeated(g, at);
        edge(g, at, to, 0);
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

            if (g->edges.items[e].kinds || io->in[to])
                continue;
            io->in[to] = true;
            io->items[io->n++] = to;
        }
}

static void leave(struct front *io)
{
    for (size_t i = 0; i < io->n; i++)
        io->in[io->items[i]] = false;
    io->n = 0;
}

/* The states of a regex: of each, its nodes and which state a byte of each kind leads to. */
struct maker {
    struct graph *g;
    size_t row;     /* words that nodes take */
    uint64_t *sets; /* a row each */
    uint8_t (*next)[FOLLOW_KINDS];
    size_t n;
};

/* The state of the nodes in `here`, which it empties. Where no more fit, anything goes. */
static uint8_t state_of(struct maker *m)
{
    struct front *here = &m->g->here;
    uint64_t *set = &m->sets[m->n * m->row];
    size_t ret = FOLLOW_FIRST;

    if (!here->n)
        return FOLLOW_NEVER;
    memset(set, 0, m->row * sizeof(*set));
    for (size_t i = 0; i < here->n; i++)
        set[here->items[i] / 64] |= UINT64_C(1) << (here->items[i] % 64);
    while (memcmp(&m->sets[ret * m->row], set, m->row * sizeof(*set)) != 0)
        ret++;
    if (here->in[m->g->end] || ret == FOLLOW_STATES)
        ret = FOLLOW_ANY;
    m->n += ret == m->n;
    leave(here);
    return (uint8_t)ret;
}

/* Enter the nodes to which bytes of one of the kinds lead from a state. Of *io_alike only those
 * are left that lead there all alike. */
static void step(struct maker *m, size_t state, uint64_t kinds, uint64_t *io_alike)
{
    const struct graph *g = m->g;

    for (size_t w = 0; w < m->row; w++)
        for (uint64_t left = m->sets[state * m->row + w]; left; left &= left - 1) {
            int32_t e = g->nodes.items[w * 64 + (size_t)__builtin_ctzll(left)];

            for (; e >= 0; e = g->edges.items[e].next) {
                const struct edge *at = &g->edges.items[e];

                *io_alike &= at->kinds & kinds ? at->kinds : ~at->kinds;
                if (at->kinds & kinds)
                    enter(g, &m->g->here, at->to);
            }
        }
}

/* Where bytes of each kind lead from a state. */
static void work_out(struct maker *m, size_t state)
{
    for (uint64_t left = UINT64_MAX, alike; left; left &= ~alike) {
        uint8_t to;

        alike = left;
        step(m, state, left & -left, &alike);
        to = state_of(m);
        for (uint64_t kinds = alike; kinds; kinds &= kinds - 1)
            m->next[state][__builtin_ctzll(kinds)] = to;
    }
}

/* The state behind a word as a sweep finds it: letters without case, blank and hyphen alike. Those
 * within it are not kept. */
static uint8_t behind(struct maker *m, struct str word)
{
    size_t n = m->n;
    uint8_t state;

    enter(m->g, &m->g->here, m->g->start);
    state = state_of(m);
    for (size_t i = 0; i < word.n && state >= FOLLOW_FIRST; i++) {
        struct bytes read = { 0 };
        uint64_t unused = 0;

        add(&read, (unsigned char)word.p[i]);
        if (word.p[i] == ' ' || word.p[i] == '-')
            add(&read, word.p[i] ^ ' ' ^ '-');
        step(m, state, kinds_of(&read), &unused);
        m->n = n;
        state = state_of(m);
    }
    return state;
}

static void open(struct graph *g, struct str regex)
{
    *g = (struct graph){ .in = regex };
    g->start = node(g);
    g->end = read_choice(g, g->start);
    g->strange |= g->at < regex.n;
    g->here = (struct front){ ARENA_NEW(&g->a, uint32_t, g->nodes.n), 0,
                              ARENA_NEW(&g->a, bool, g->nodes.n) };
}

/* The words' places and the states, in one piece of memory. */
static struct follow *keep(const struct maker *m, const struct follow *words, size_t n)
{
    size_t size = m->n * sizeof(*m->next);
    struct follow *ret = calloc(1, n * sizeof(*ret) + size);

    if (!ret)
        out_of_memory();
    memcpy(ret + n, m->next, size);
    for (size_t i = 0; i < n; i++) {
        ret[i] = words[i];
        ret[i].next = (const uint8_t(*)[FOLLOW_KINDS])(ret + n);
    }
    return ret;
}

struct follow *follow_new(struct str regex, const struct strs *finds)
{
    struct graph g;
    struct maker m = { .g = &g, .n = FOLLOW_FIRST };
    struct follow *words, *ret;

    open(&g, regex);
    m.row = (g.nodes.n + 63) / 64;
    m.sets = ARENA_NEW(&g.a, uint64_t, (FOLLOW_STATES + 1) * m.row);
    m.next = (uint8_t(*)[FOLLOW_KINDS])ARENA_NEW(&g.a, uint8_t, FOLLOW_STATES * FOLLOW_KINDS);
    words = ARENA_NEW(&g.a, struct follow, finds->n + 1);
    for (size_t i = 0; i < finds->n; i++) {
        struct word_marks w = { 0 };
        bool read = !finds->items[i].n || !words_read(finds->items[i], &w, &(struct diag){ 0 });

        words[i].at = (uint32_t)w.text.n;
        words[i].state = g.strange || !read ? FOLLOW_ANY : behind(&m, w.text);
    }
    for (size_t state = FOLLOW_FIRST; state < m.n; state++)
        work_out(&m, state);
    ret = keep(&m, words, finds->n);
    arena_free(&g.a);
    return ret;
}
