#include "store/pack.h"

#include <string.h>

#include "core/arena.h"
#include "core/cleanup.h"

/* Before version 2 no signal had a requisition; before version 3 each had its own strings. */
enum { VERSION = 3, STRINGS_MAX = 4096 };

static void put_uint(struct buf *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_add_byte(b, (char)(v | 0x80));
    buf_add_byte(b, (char)v);
}

static void put_int(struct buf *b, int64_t v)
{
    put_uint(b, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
}

struct packer {
    struct buf fields;
    struct words *words;
    const struct skill_numbers *skills;
};

static uint64_t number_of(const struct skill_numbers *x, uint32_t skill)
{
    return skill < x->n ? x->number[skill] : (uint64_t)skill - x->n + x->n_numbers;
}

static int64_t skill_of(const struct skill_numbers *x, uint32_t number)
{
    if (number >= x->n_numbers)
        return (int64_t)number - (int64_t)x->n_numbers + (int64_t)x->n;
    return x->skill[number] == SKILL_NONE ? -1 : (int64_t)x->skill[number];
}

/* An ad's own: no other will name it. */
static void put_own(struct packer *p, struct str s)
{
    put_uint(&p->fields, 0);
    put_uint(&p->fields, s.n);
    buf_add(&p->fields, s);
}

static void put_str(struct packer *p, struct str s)
{
    uint32_t number = words_number(p->words, s);

    if (number)
        put_uint(&p->fields, number);
    else
        put_own(p, s);
}

static void put_span(struct buf *b, uint32_t start, uint32_t end)
{
    put_uint(b, start);
    put_int(b, (int64_t)end - start);
}

static void put_evidence(struct packer *p, const struct evidence *e)
{
    buf_add_byte(&p->fields, (char)((unsigned)e->field | (unsigned)e->confidence << 3));
    put_str(p, str_of(e->rule));
    put_span(&p->fields, e->start, e->end);
}

static void put_pay(struct packer *p, const struct pay *pay)
{
    buf_add_byte(&p->fields, (char)pay->kind);
    if (pay->kind == PAY_UNDISCLOSED)
        return;
    put_int(&p->fields, pay->annual_min);
    put_int(&p->fields, pay->annual_max);
    put_str(p, (struct str){ pay->currency, strnlen(pay->currency, sizeof(pay->currency)) });
    buf_add_byte(&p->fields, (char)pay->period);
    put_evidence(p, &pay->from);
}

static void put_lists(struct packer *p, const struct signal *sig)
{
    int64_t before = 0;

    put_uint(&p->fields, sig->n_places);
    for (size_t i = 0; i < sig->n_places; i++) {
        put_str(p, sig->places[i].city);
        put_str(p, sig->places[i].state);
        put_str(p, sig->places[i].country);
        put_evidence(p, &sig->places[i].from);
    }
    put_uint(&p->fields, sig->n_bullets);
    for (size_t i = 0; i < sig->n_bullets; i++) {
        put_uint(&p->fields, sig->bullets[i].bullet);
        put_evidence(p, &sig->bullets[i].from);
    }
    put_uint(&p->fields, sig->n_mentions);
    for (size_t i = 0; i < sig->n_mentions; i++) {
        const struct mention *m = &sig->mentions[i];
        int64_t number = (int64_t)number_of(p->skills, m->skill);

        put_int(&p->fields, number - before);
        before = number;
        buf_add_byte(&p->fields, (char)((unsigned)m->polarity | (unsigned)m->section << 3
                                        | (unsigned)m->implied << 7));
        put_uint(&p->fields, m->start);
        put_uint(&p->fields, (uint64_t)(m->end - m->start) << 1 | (m->field == FIELD_TITLE));
    }
}

void signal_pack(struct buf *to, const struct signal *sig, struct words *words,
                 const struct skill_numbers *skills)
{
    struct packer p = { .words = words, .skills = skills };
    const char heads[] = { (char)sig->family,          (char)sig->track,
                           (char)sig->level,           (char)sig->mode,
                           (char)sig->india,           (char)sig->stage,
                           (char)sig->stage_confidence };

    buf_add(&p.fields, (struct str){ heads, sizeof(heads) });
    put_str(&p, str_of(sig->stage_reason));
    put_evidence(&p, &sig->family_from);
    put_evidence(&p, &sig->level_from);
    put_evidence(&p, &sig->mode_from);
    put_evidence(&p, &sig->india_from);
    put_int(&p.fields, sig->experience.min_months);
    put_int(&p.fields, sig->experience.max_months);
    put_evidence(&p, &sig->experience.from);
    put_pay(&p, &sig->pay);
    put_own(&p, sig->requisition.id);
    if (sig->requisition.id.n)
        put_evidence(&p, &sig->requisition.from);
    put_lists(&p, sig);

    buf_add_byte(to, VERSION);
    buf_add(to, buf_str(&p.fields));
    buf_release(&p.fields);
}

struct unpacker {
    const unsigned char *p, *end;
    const struct words *words;
    const struct skill_numbers *skills;
    struct arena *a;
    const char **strings; /* of versions before 3 */
    uint64_t n_strings;
    unsigned version;
    bool bad;
};

static unsigned get_byte(struct unpacker *u, unsigned max)
{
    if (u->p == u->end || *u->p > max) {
        u->bad = true;
        return 0;
    }
    return *u->p++;
}

static uint64_t get_uint(struct unpacker *u)
{
    uint64_t v = 0;

    for (int shift = 0; shift < 64; shift += 7) {
        unsigned c = get_byte(u, 255);

        v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80))
            return v;
    }
    u->bad = true;
    return 0;
}

static int64_t get_int(struct unpacker *u)
{
    uint64_t v = get_uint(u);

    return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

static int64_t get_within(struct unpacker *u, int64_t v, int64_t low, int64_t high)
{
    if (v < low || v > high) {
        u->bad = true;
        return 0;
    }
    return v;
}

static uint32_t get_u32(struct unpacker *u)
{
    return (uint32_t)get_within(u, (int64_t)(get_uint(u) & INT64_MAX), 0, UINT32_MAX);
}

static const char *get_own(struct unpacker *u)
{
    uint64_t n = get_uint(u);
    const char *p = (const char *)u->p;

    if (n > (size_t)(u->end - u->p))
        return NULL;
    u->p += n;
    return str_cstr(u->a, (struct str){ p, n });
}

static const char *get_str(struct unpacker *u)
{
    uint64_t i = get_uint(u);
    const char *s;

    if (u->version < 3)
        s = i < u->n_strings ? u->strings[i] : NULL;
    else
        s = i ? words_text(u->words, i) : get_own(u);
    if (!s)
        u->bad = true;
    return s ? s : "";
}

static void get_span(struct unpacker *u, uint32_t *start, uint32_t *end)
{
    *start = get_u32(u);
    *end = (uint32_t)get_within(
        u, *start + get_within(u, get_int(u), -(int64_t)UINT32_MAX, UINT32_MAX), 0, UINT32_MAX);
}

static void get_evidence(struct unpacker *u, struct evidence *ret)
{
    unsigned c = get_byte(u, CONFIDENCE_HIGH << 3 | 7);

    ret->field = (enum field)(c & 7);
    ret->confidence = (enum confidence)(c >> 3);
    ret->rule = get_str(u);
    get_span(u, &ret->start, &ret->end);
}

/* A count of things that take at least `least` bytes each: more than there are bytes is a lie. */
static size_t get_count(struct unpacker *u, size_t least)
{
    uint64_t n = get_uint(u);

    if (n > (size_t)(u->end - u->p) / least) {
        u->bad = true;
        return 0;
    }
    return (size_t)n;
}

static void get_strings(struct unpacker *u, struct arena *a)
{
    u->n_strings = get_count(u, 1);
    if (u->n_strings > STRINGS_MAX)
        u->bad = true;
    if (u->bad)
        return;
    u->strings = ARENA_NEW(a, const char *, u->n_strings);
    for (uint64_t i = 0; i < u->n_strings; i++) {
        const unsigned char *nul = memchr(u->p, 0, (size_t)(u->end - u->p));

        if (!nul) {
            u->bad = true;
            u->n_strings = i;
            return;
        }
        u->strings[i] = str_cstr(a, (struct str){ (const char *)u->p, (size_t)(nul - u->p) });
        u->p = nul + 1;
    }
}

static void get_pay(struct unpacker *u, struct pay *ret)
{
    ret->kind = (enum pay_kind)get_byte(u, PAY_OTE);
    ret->from.rule = "";
    if (ret->kind == PAY_UNDISCLOSED)
        return;
    ret->annual_min = get_int(u);
    ret->annual_max = get_int(u);
    struct str currency = str_of(get_str(u));
    if (currency.n < sizeof(ret->currency))
        memcpy(ret->currency, currency.p, currency.n);
    ret->period = (enum pay_period)get_byte(u, PERIOD_YEAR);
    get_evidence(u, &ret->from);
}

static void get_requisition(struct unpacker *u, struct requisition *ret)
{
    ret->id = str_of(get_str(u));
    ret->from.rule = "";
    if (ret->id.n)
        get_evidence(u, &ret->from);
}

static void get_short_span(struct unpacker *u, struct mention *m)
{
    uint64_t n;

    m->start = get_u32(u);
    n = get_uint(u);
    m->field = n & 1 ? FIELD_TITLE : FIELD_TEXT;
    m->end = (uint32_t)get_within(u, m->start + (int64_t)(n >> 1 & UINT32_MAX), 0, UINT32_MAX);
}

static void get_mentions(struct unpacker *u, struct arena *a, struct signal *ret)
{
    int64_t number = 0;

    ret->n_mentions = get_count(u, 4);
    ret->mentions = ARENA_NEW(a, struct mention, ret->n_mentions);
    for (size_t i = 0; i < ret->n_mentions && !u->bad; i++) {
        struct mention *m = &ret->mentions[i];
        unsigned c;

        number += get_within(u, get_int(u), -(int64_t)UINT32_MAX, UINT32_MAX);
        number = get_within(u, number, 0, UINT32_MAX);
        m->skill = (uint32_t)get_within(u, skill_of(u->skills, (uint32_t)number), 0, UINT32_MAX);
        c = get_byte(u, 255);
        m->polarity = (enum polarity)get_within(u, c & 7, 0, POLARITY_REQUIRED);
        m->section = (enum section)get_within(u, c >> 3 & 15, 0, SECTION_COUNT - 1);
        m->implied = c >> 7;
        if (u->version > 2)
            get_short_span(u, m);
        else
            m->field = (enum field)get_byte(u, FIELD_SOURCE);
        if (u->version < 3)
            get_span(u, &m->start, &m->end);
    }
}

static void get_lists(struct unpacker *u, struct arena *a, struct signal *ret)
{
    ret->n_places = get_count(u, 7);
    ret->places = ARENA_NEW(a, struct place, ret->n_places);
    for (size_t i = 0; i < ret->n_places && !u->bad; i++) {
        ret->places[i].city = str_of(get_str(u));
        ret->places[i].state = str_of(get_str(u));
        ret->places[i].country = str_of(get_str(u));
        get_evidence(u, &ret->places[i].from);
    }
    ret->n_bullets = get_count(u, 5);
    ret->bullets = ARENA_NEW(a, struct bullet_hit, ret->n_bullets);
    for (size_t i = 0; i < ret->n_bullets && !u->bad; i++) {
        ret->bullets[i].bullet = get_u32(u);
        get_evidence(u, &ret->bullets[i].from);
    }
    get_mentions(u, a, ret);
}

bool signal_unpack(struct str packed, const struct words *words, const struct skill_numbers *skills,
                   struct arena *a, struct signal *ret)
{
    struct unpacker u = {
        .p = (const unsigned char *)packed.p, .words = words, .skills = skills, .a = a
    };

    u.end = u.p + packed.n;
    *ret = (struct signal){ .requisition.from.rule = "" };
    u.version = get_byte(&u, VERSION);
    if (!u.version)
        return false;
    if (u.version < 3)
        get_strings(&u, a);
    ret->family = (enum family)get_byte(&u, FAMILY_CORE);
    ret->track = (enum track)get_byte(&u, TRACK_LLM_INFRA);
    ret->level = (enum level)get_byte(&u, LEVEL_LEAD);
    ret->mode = (enum work_mode)get_byte(&u, MODE_REMOTE);
    ret->india = (enum india)get_byte(&u, INDIA_REMOTE_OPEN);
    ret->stage = (int)get_byte(&u, 5);
    ret->stage_confidence = (enum confidence)get_byte(&u, CONFIDENCE_HIGH);
    ret->stage_reason = get_str(&u);
    get_evidence(&u, &ret->family_from);
    get_evidence(&u, &ret->level_from);
    get_evidence(&u, &ret->mode_from);
    get_evidence(&u, &ret->india_from);
    ret->experience.min_months = (int32_t)get_within(&u, get_int(&u), INT32_MIN, INT32_MAX);
    ret->experience.max_months = (int32_t)get_within(&u, get_int(&u), INT32_MIN, INT32_MAX);
    get_evidence(&u, &ret->experience.from);
    get_pay(&u, &ret->pay);
    if (u.version >= 2)
        get_requisition(&u, &ret->requisition);
    get_lists(&u, a, ret);
    return !u.bad && u.p == u.end;
}
