#include "store/pack.h"

#include <string.h>

#include "core/arena.h"

enum { PACK_VERSION = 1, MOST_ITEMS = 100000 };

static void put(struct buf *to, uint64_t v)
{
    while (v >= 0x80) {
        buf_add_byte(to, (char)(v | 0x80));
        v >>= 7;
    }
    buf_add_byte(to, (char)v);
}

static void put_signed(struct buf *to, int64_t v)
{
    put(to, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static void put_text(struct buf *to, struct str s)
{
    put(to, s.n);
    buf_add(to, s);
}

static void put_evidence(struct buf *to, const struct evidence *e)
{
    put(to, (uint64_t)e->field);
    put(to, e->start);
    put(to, e->end - e->start);
    put(to, (uint64_t)e->confidence);
    put_text(to, str_of(e->rule ? e->rule : ""));
}

static void put_pay(struct buf *to, const struct pay *p)
{
    put_signed(to, p->annual_min);
    put_signed(to, p->annual_max);
    put_text(to, str_of(p->currency));
    put(to, (uint64_t)p->period);
    put(to, (uint64_t)p->kind);
    put_evidence(to, &p->from);
}

void signal_pack(const struct signal *s, struct buf *to)
{
    to->n = 0;
    buf_add_byte(to, PACK_VERSION);
    put(to, (uint64_t)s->family);
    put_evidence(to, &s->family_from);
    put(to, (uint64_t)s->track);
    put(to, (uint64_t)s->level);
    put_evidence(to, &s->level_from);
    put_signed(to, s->experience.min_months);
    put_signed(to, s->experience.max_months);
    put_evidence(to, &s->experience.from);
    put_pay(to, &s->pay);
    put(to, (uint64_t)s->mode);
    put_evidence(to, &s->mode_from);
    put(to, (uint64_t)s->india);
    put_evidence(to, &s->india_from);
    put(to, (uint64_t)s->stage);
    put(to, (uint64_t)s->stage_confidence);
    put_text(to, str_of(s->stage_reason ? s->stage_reason : ""));
    put(to, s->n_places);
    for (size_t i = 0; i < s->n_places; i++) {
        put_text(to, s->places[i].city);
        put_text(to, s->places[i].state);
        put_text(to, s->places[i].country);
        put_evidence(to, &s->places[i].from);
    }
    put(to, s->n_mentions);
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        put(to, m->skill);
        put(to, (uint64_t)m->polarity | (uint64_t)m->implied << 3);
        put(to, (uint64_t)m->section | (uint64_t)m->field << 4);
        put(to, m->start);
        put(to, m->end - m->start);
    }
    put(to, s->n_bullets);
    for (size_t i = 0; i < s->n_bullets; i++) {
        put(to, s->bullets[i].bullet);
        put_evidence(to, &s->bullets[i].from);
    }
}

struct reader {
    struct str left;
    struct arena *a;
    bool bad;
};

static uint64_t get(struct reader *r)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64 && r->left.n; shift += 7) {
        unsigned char b = (unsigned char)r->left.p[0];

        r->left = str_from(r->left, 1);
        v |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80)
            return v;
    }
    r->bad = true;
    return 0;
}

static int64_t get_signed(struct reader *r)
{
    uint64_t v = get(r);

    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static size_t get_count(struct reader *r, uint64_t most)
{
    uint64_t n = get(r);

    if (n > most)
        r->bad = true;
    return r->bad ? 0 : (size_t)n;
}

static struct str get_text(struct reader *r)
{
    size_t n = get_count(r, r->left.n);
    struct str s = str_dup(r->a, str_slice(r->left, 0, n));

    r->left = str_from(r->left, n);
    return s;
}

static struct evidence get_evidence(struct reader *r)
{
    struct evidence e = { 0 };

    e.field = (enum field)get_count(r, FIELD_SOURCE);
    e.start = (uint32_t)get(r);
    e.end = e.start + (uint32_t)get(r);
    e.confidence = (enum confidence)get_count(r, CONFIDENCE_HIGH);
    e.rule = get_text(r).p;
    return e;
}

static struct pay get_pay(struct reader *r)
{
    struct pay p = { 0 };
    struct str currency;

    p.annual_min = get_signed(r);
    p.annual_max = get_signed(r);
    currency = get_text(r);
    memcpy(p.currency, currency.p, currency.n < 3 ? currency.n : 3);
    p.period = (enum pay_period)get_count(r, PERIOD_YEAR);
    p.kind = (enum pay_kind)get_count(r, PAY_OTE);
    p.from = get_evidence(r);
    return p;
}

static struct mention get_mention(struct reader *r)
{
    struct mention m = { .skill = (uint32_t)get(r) };
    uint64_t how = get(r), where = get(r);

    m.polarity = (enum polarity)(how & 7);
    m.implied = how >> 3 & 1;
    m.section = (enum section)(where & 15);
    m.field = (enum field)(where >> 4 & 15);
    m.start = (uint32_t)get(r);
    m.end = m.start + (uint32_t)get(r);
    return m;
}

static void get_lists(struct reader *r, struct signal *s)
{
    s->n_places = get_count(r, MOST_ITEMS);
    s->places = ARENA_NEW(r->a, struct place, s->n_places + 1);
    for (size_t i = 0; i < s->n_places && !r->bad; i++) {
        s->places[i].city = get_text(r);
        s->places[i].state = get_text(r);
        s->places[i].country = get_text(r);
        s->places[i].from = get_evidence(r);
    }
    s->n_mentions = get_count(r, MOST_ITEMS);
    s->mentions = ARENA_NEW(r->a, struct mention, s->n_mentions + 1);
    for (size_t i = 0; i < s->n_mentions && !r->bad; i++)
        s->mentions[i] = get_mention(r);
    s->n_bullets = get_count(r, BULLET_MAX);
    s->bullets = ARENA_NEW(r->a, struct bullet_hit, s->n_bullets + 1);
    for (size_t i = 0; i < s->n_bullets && !r->bad; i++) {
        s->bullets[i].bullet = (uint32_t)get(r);
        s->bullets[i].from = get_evidence(r);
    }
}

int signal_unpack(struct str packed, struct arena *a, struct signal *ret, struct diag *d)
{
    struct reader r = { .left = packed, .a = a };
    struct signal s = { 0 };

    if (get(&r) != PACK_VERSION)
        return diag_fail(d, ERR_DB, "database: a stored signal is of an unknown version");
    s.family = (enum family)get_count(&r, FAMILY_CORE);
    s.family_from = get_evidence(&r);
    s.track = (enum track)get_count(&r, TRACK_LLM_INFRA);
    s.level = (enum level)get_count(&r, LEVEL_LEAD);
    s.level_from = get_evidence(&r);
    s.experience.min_months = (int32_t)get_signed(&r);
    s.experience.max_months = (int32_t)get_signed(&r);
    s.experience.from = get_evidence(&r);
    s.pay = get_pay(&r);
    s.mode = (enum work_mode)get_count(&r, MODE_REMOTE);
    s.mode_from = get_evidence(&r);
    s.india = (enum india)get_count(&r, INDIA_REMOTE_OPEN);
    s.india_from = get_evidence(&r);
    s.stage = (int)get_count(&r, 5);
    s.stage_confidence = (enum confidence)get_count(&r, CONFIDENCE_HIGH);
    s.stage_reason = get_text(&r).p;
    get_lists(&r, &s);
    if (r.bad || r.left.n)
        return diag_fail(d, ERR_DB, "database: a stored signal is damaged");
    *ret = s;
    return 0;
}
