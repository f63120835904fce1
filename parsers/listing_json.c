#include "parsers/listing_json.h"

#include <math.h>

static void text(struct json_out *j, const char *key, struct str s)
{
    if (s.n)
        json_str(j, key, s);
    else
        json_null(j, key);
}

static void money(struct json_out *j, const char *key, double v)
{
    if (v > 0)
        json_num(j, key, v, v == floor(v) ? 0 : 2);
    else
        json_null(j, key);
}

static void pay(struct json_out *j, const struct stated_pay *p)
{
    if (!(p->min > 0) && !(p->max > 0)) {
        json_null(j, "pay");
        return;
    }
    json_object(j, "pay");
    money(j, "min", p->min);
    money(j, "max", p->max);
    text(j, "currency", p->currency);
    if (p->period == PERIOD_UNKNOWN)
        json_null(j, "period");
    else
        json_cstr(j, "period", pay_period_name(p->period));
    json_end(j);
}

void listing_json(struct json_out *j, const char *key, const struct listing *l)
{
    json_object(j, key);
    text(j, "native_id", l->native_id);
    text(j, "title", l->title);
    text(j, "company", l->company);
    json_array(j, "places");
    for (size_t i = 0; i < l->places.n; i++)
        json_str(j, NULL, l->places.items[i]);
    json_end(j);
    text(j, "country", l->country);
    if (l->mode == MODE_UNKNOWN)
        json_null(j, "mode");
    else
        json_cstr(j, "mode", work_mode_name(l->mode));
    text(j, "department", l->department);
    text(j, "employment", l->employment);
    json_time(j, "posted", l->posted);
    json_time(j, "updated", l->updated);
    pay(j, &l->pay);
    text(j, "url", l->url);
    text(j, "text", l->text);
    text(j, "requisition", l->requisition);
    json_time(j, "expires", l->expires);
    text(j, "salary", l->salary);
    text(j, "experience", l->experience);
    if (l->vacancies)
        json_int(j, "vacancies", l->vacancies);
    else
        json_null(j, "vacancies");
    json_end(j);
}
