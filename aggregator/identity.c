#include "aggregator/identity.h"

#include <stdlib.h>

#include "aggregator/words.h"
#include "core/arena.h"

/* Forms of company, and the country by which a subsidiary is told from its parent. */
static const char *const legal_forms[] = {
    "pvt", "private", "ltd",  "limited", "inc", "incorporated", "llp", "llc",  "gmbh", "se",
    "sp",  "corp",    "plc",  "company", "co",  "corporation",  "ag",  "sa",   "sas",  "bv",
    "nv",  "pte",     "pty",  "opc",     "lp",  "sarl",         "srl", "spa",  "sl",   "ab",
    "oy",  "oyj",     "aps",  "asa",     "kk",  "sdn",          "bhd", "ltda", "kft",  "zrt",
    "pbc", "fze",     "fzco", "india",   "and", "com",          "zoo", "lda",  "ehf",  "as",
};

/* A remark in brackets or an address is no part of a name: "Squad (YC W18)", "Lever
 * (https://lever.co)". */
static struct str without_remarks(struct arena *a, struct str name)
{
    char *out = ARENA_NEW(a, char, name.n + 1);
    size_t n = 0, depth = 0;

    for (size_t i = 0; i < name.n; i++) {
        depth += name.p[i] == '(' && n > 0;
        if (depth == 0)
            out[n++] = name.p[i];
        depth -= depth > 0 && name.p[i] == ')';
    }
    return (struct str){ out, n };
}

static struct str bare_employer(struct arena *a, struct str name)
{
    struct strs w = words_of(a, without_remarks(a, name));
    size_t from = w.n > 1 && str_eq(w.items[0], STR("the")), n;

    if (w.n > 2 && str_eq(w.items[0], STR("careers")) && str_eq(w.items[1], STR("at")))
        from = 2;
    for (n = from; n < w.n; n++)
        if (n > from && (str_eq(w.items[n], STR("http")) || str_eq(w.items[n], STR("https"))))
            break;
    /* "Bank of India" keeps its India: what follows `of` is part of the name. */
    while (n > from + 1 && word_among(w.items[n - 1], legal_forms, ARRAY_LEN(legal_forms))
           && !str_eq(w.items[n - 2], STR("of")))
        n--;
    return w.n ? words_join(a, w.items + from, n - from) : (struct str){ 0 };
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const struct employer_alias *)x)->name,
                   ((const struct employer_alias *)y)->name);
}

struct employer_names employer_names_of(struct arena *a, const struct employer_alias *aliases,
                                        size_t n_aliases)
{
    struct employer_names ret = { ARENA_NEW(a, struct employer_alias, n_aliases + 1), n_aliases };

    for (size_t i = 0; i < n_aliases; i++)
        ret.items[i] = (struct employer_alias){ bare_employer(a, aliases[i].name),
                                                bare_employer(a, aliases[i].employer) };
    if (n_aliases)
        qsort(ret.items, n_aliases, sizeof(*ret.items), by_name);
    return ret;
}

struct str employer_key(struct arena *a, struct str name, const struct employer_names *names)
{
    struct employer_alias key = { bare_employer(a, name), { 0 } };
    const struct employer_alias *known =
        names->n ? bsearch(&key, names->items, names->n, sizeof(key), by_name) : NULL;

    return known ? known->employer : key.name;
}

struct str requisition_key(struct arena *a, struct str requisition)
{
    char *out = ARENA_NEW(a, char, requisition.n + 1);
    size_t n = 0;
    bool tells = false;

    for (size_t i = 0; i < requisition.n; i++) {
        char c = requisition.p[i];

        if (!ascii_is_alnum(c) && (unsigned char)c < 0x80)
            continue;
        tells |= ascii_is_digit(c) && c != '0';
        out[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return tells ? (struct str){ out, n } : (struct str){ 0 };
}

bool employers_meet(struct str a, struct str b)
{
    struct str of = a.n < b.n ? a : b, in = a.n < b.n ? b : a;

    return str_starts(in, of) && (in.n == of.n || in.p[of.n] == ' ');
}

struct str employer_family(struct str key)
{
    size_t n = 0;

    while (n < key.n && key.p[n] != ' ')
        n++;
    return str_slice(key, 0, n);
}
