#include "cli/show.h"

#include <stdio.h>

#include "core/date.h"
#include "core/utf8.h"

struct str show_text(const struct history *h, enum field f)
{
    const struct listing *l = &h->revision.listing;

    switch (f) {
    case FIELD_TITLE:
        return l->title;
    case FIELD_TEXT:
        return l->text;
    case FIELD_PLACE:
        return h->fact.places_text;
    case FIELD_EXPERIENCE:
        return l->experience;
    case FIELD_SALARY:
        return l->salary;
    case FIELD_COMPANY:
        return l->company;
    case FIELD_NONE:
    case FIELD_SOURCE:
        break;
    }
    return (struct str){ 0 };
}

/* Offsets in JSON count code points (contract). */
static void json_span(struct json_out *j, struct str text, uint32_t start, uint32_t end)
{
    json_int(j, "start", (int64_t)utf8_count(str_slice(text, 0, start)));
    json_int(j, "end", (int64_t)utf8_count(str_slice(text, 0, end)));
    json_str(j, "words", str_slice(text, start, end));
}

static void json_evidence(struct json_out *j, const struct history *h, const struct evidence *e)
{
    struct str text = show_text(h, e->field);

    json_object(j, "evidence");
    json_cstr(j, "rule", e->rule ? e->rule : "");
    json_cstr(j, "field", field_name(e->field));
    json_cstr(j, "confidence", confidence_name(e->confidence));
    if (text.n && e->end > e->start)
        json_span(j, text, e->start, e->end);
    json_end(j);
}

static void json_value(struct json_out *j, const struct history *h, const char *key,
                       const char *value, const struct evidence *e)
{
    json_object(j, key);
    json_cstr(j, "value", value);
    json_evidence(j, h, e);
    json_end(j);
}

static void json_months(struct json_out *j, const char *key, int32_t months)
{
    if (months < 0)
        json_null(j, key);
    else
        json_int(j, key, months);
}

static void json_skills(struct json_out *j, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;

    json_array(j, "skills");
    for (size_t i = 0; i < s->n_mentions; i++) {
        const struct mention *m = &s->mentions[i];

        if (m->skill >= q->m.market.n_skills)
            continue;
        json_object(j, NULL);
        json_str(j, "id", q->m.market.skills[m->skill].id);
        json_cstr(j, "polarity", polarity_name(m->polarity));
        json_cstr(j, "section", section_name(m->section));
        json_bool(j, "implied", m->implied);
        json_cstr(j, "field", field_name(m->field));
        json_span(j, show_text(&q->h, m->field), m->start, m->end);
        json_end(j);
    }
    json_end(j);
}

static void json_bullets(struct json_out *j, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;

    json_array(j, "bullets");
    for (size_t i = 0; i < s->n_bullets; i++) {
        int stage = 0;
        const struct bullet_rule *b = extractor_bullet(q->x, s->bullets[i].bullet, &stage);

        if (!b)
            continue;
        json_object(j, NULL);
        json_str(j, "id", b->id);
        json_str(j, "text", b->text);
        json_int(j, "stage", stage);
        json_evidence(j, &q->h, &s->bullets[i].from);
        json_end(j);
    }
    json_end(j);
}

static void json_rejected(struct json_out *j, const struct asked *q)
{
    json_array(j, "rejected");
    for (size_t i = 0; i < q->n_rejected; i++) {
        const struct rejection *r = &q->rejected[i];

        json_object(j, NULL);
        json_str(j, "id", extractor_skill(q->x, r->skill)->id);
        json_cstr(j, "why", r->why);
        json_str(j, "clause", r->clause);
        json_cstr(j, "field", field_name(r->field));
        json_span(j, show_text(&q->h, r->field), r->start, r->end);
        json_end(j);
    }
    json_end(j);
}

static void json_signal(struct json_out *j, const struct asked *q)
{
    const struct signal *s = &q->h.fact.signal;
    const struct history *h = &q->h;

    json_value(j, h, "family", family_name(s->family), &s->family_from);
    json_value(j, h, "level", level_name(s->level), &s->level_from);
    json_cstr(j, "track", track_name(s->track));
    json_value(j, h, "mode", work_mode_name(s->mode), &s->mode_from);
    json_value(j, h, "india", india_name(s->india), &s->india_from);
    json_object(j, "experience");
    json_months(j, "min_months", s->experience.min_months);
    json_months(j, "max_months", s->experience.max_months);
    json_evidence(j, h, &s->experience.from);
    json_end(j);
    if (s->pay.kind == PAY_UNDISCLOSED) {
        json_null(j, "pay");
    } else {
        json_object(j, "pay");
        json_int(j, "min", s->pay.annual_min);
        json_int(j, "max", s->pay.annual_max);
        json_cstr(j, "currency", s->pay.currency);
        json_cstr(j, "period", pay_period_name(s->pay.period));
        json_cstr(j, "kind", pay_kind_name(s->pay.kind));
        json_evidence(j, h, &s->pay.from);
        json_end(j);
    }
    json_array(j, "places");
    for (size_t i = 0; i < s->n_places; i++) {
        json_object(j, NULL);
        json_str(j, "city", s->places[i].city);
        json_str(j, "state", s->places[i].state);
        json_str(j, "country", s->places[i].country);
        json_evidence(j, h, &s->places[i].from);
        json_end(j);
    }
    json_end(j);
    json_object(j, "stage");
    json_int(j, "value", s->stage);
    json_cstr(j, "confidence", confidence_name(s->stage_confidence));
    json_cstr(j, "reason", s->stage_reason);
    json_end(j);
    json_bullets(j, q);
    json_skills(j, q);
    json_rejected(j, q);
}

static void json_readings(struct json_out *j, const struct history *h)
{
    json_array(j, "readings");
    for (size_t i = 0; i < h->n_readings; i++) {
        const struct reading_row *r = &h->readings[i];

        json_object(j, NULL);
        json_int(j, "id", r->id);
        json_time(j, "ended", r->ended);
        json_str(j, "outcome", r->outcome);
        json_str(j, "proof", r->proof);
        json_int(j, "got", r->got);
        json_end(j);
    }
    json_end(j);
    json_array(j, "spells");
    for (size_t i = 0; i < h->n_spells; i++) {
        json_object(j, NULL);
        json_time(j, "first_proof", h->spells[i].first_proof);
        json_time(j, "ended_by", h->spells[i].ended_by);
        json_str(j, "how", h->spells[i].how);
        json_end(j);
    }
    json_end(j);
}

static void json_near_misses(struct json_out *j, const struct asked *q)
{
    json_array(j, "not_joined");
    for (size_t i = 0; i < q->n_misses; i++) {
        json_object(j, NULL);
        json_int(j, "posting", q->misses[i].f->posting);
        json_str(j, "source", q->misses[i].f->source);
        json_str(j, "native_id", q->misses[i].f->native_id);
        json_int(j, "opening", q->misses[i].opening);
        json_str(j, "why", q->misses[i].why);
        json_end(j);
    }
    json_end(j);
}

void show_json(const struct asked *q)
{
    const struct history *h = &q->h;
    struct buf b = { 0 };
    struct json_out j = { .to = &b };

    json_object(&j, NULL);
    json_int(&j, "posting", h->fact.posting ? h->fact.posting : h->revision.posting);
    json_str(&j, "source", h->revision.source);
    json_str(&j, "native_id", h->revision.listing.native_id);
    json_str(&j, "title", h->revision.listing.title);
    json_str(&j, "company", h->fact.company);
    json_str(&j, "url", h->revision.listing.url);
    if (h->has_opening) {
        json_int(&j, "opening", h->opening.opening);
        json_bool(&j, "counted", h->opening.counted);
        json_str(&j, "reason", h->opening.reason);
        json_str(&j, "joined_by", h->opening.evidence);
    }
    json_near_misses(&j, q);
    json_str(&j, "body_hash", h->body_hash);
    json_bool(&j, "body_kept", h->body_kept);
    json_str(&j, "body_url", h->body_url);
    if (h->request) {
        json_int(&j, "request", h->request);
        json_int(&j, "request_status", h->request_status);
    }
    json_int(&j, "revisions", h->n_revisions);
    json_readings(&j, h);
    if (h->fact.has_signal)
        json_signal(&j, q);
    json_str(&j, "text", h->revision.listing.text);
    json_end(&j);
    answer_print(&j);
}
