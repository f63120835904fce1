/* What adapters and sources may say. */
#include "config/vocabulary.h"

#include "core/str.h"
#include "parsers/adapter.h"

#define WORDS(...)  ((const char *const[]){ __VA_ARGS__, NULL })
#define HTTP_STATUS .min = 0, .max = 599

static const char *const policies[] = { "default", "opt-in", "off", NULL };

#define AT(member) offsetof(struct adapter_row, member)
static const struct schema_field row_fields[] = {
    { "to", SCHEMA_STR, AT(to), .help = "the listing's field, or the name to bind" },
    { "at", SCHEMA_STR, AT(at),
      .help = "where the value is: JSON Pointer with * and **, or XPath" },
    { "each", SCHEMA_STR, AT(each), .help = "do this row for each of these; the values append" },
    { "template", SCHEMA_STR, AT(template), .help = "text with {/pointer}s, instead of at" },
    { "split", SCHEMA_STR, AT(split), .help = "a value is as many as this text leaves between" },
    { "match", SCHEMA_STR, AT(match), .help = "PCRE2: keep its group 1, or the whole match" },
    { "map", SCHEMA_PAIRS, AT(map), .joint = "=", .help = "values to replace, from: to" },
    { "as", SCHEMA_STRS, AT(as), .help = "transforms, in order" },
    { "is", SCHEMA_STR, AT(is), .help = "where: the value must equal this; null: absent" },
    { "not", SCHEMA_STR, AT(not_), .help = "where: the value must differ from this" },
    { "value", SCHEMA_STR, AT(value), .help = "a constant" },
    { "or", SCHEMA_BOOL, AT(or_), .help = "only if the rows before gave this field nothing" },
    { "all", SCHEMA_BOOL, AT(all), .help = "bind: every value, not the first alone" },
    { 0 },
};
#undef AT
static const struct schema schema_row = { .what = "a row",
                                          .size = sizeof(struct adapter_row),
                                          .fields = row_fields };

#define AT(member) offsetof(struct adapter_paging, member)
static const struct schema_field paging_fields[] = {
    { "kind", SCHEMA_STR, AT(kind), .otherwise = "none",
      .choices = WORDS("none", "offset", "page", "cursor", "link", "tree"),
      .help = "how the next page is asked for" },
    { "first", SCHEMA_INT, AT(first), .max = 1000, .otherwise = "0",
      .help = "the first {offset} or {page}" },
    { "size", SCHEMA_INT, AT(size), .max = 10000, .otherwise = "0",
      .help = "{limit}: items a page should hold; 0: not known" },
    { "by_received", SCHEMA_BOOL, AT(by_received), .otherwise = "false",
      .help = "offset advances by the items received, not by size" },
    { "at", SCHEMA_STR, AT(at), .help = "cursor, link, tree: where the next one is" },
    { "match", SCHEMA_STR, AT(match),
      .help = "link, tree: PCRE2; only addresses that match are followed" },
    { "total", SCHEMA_STR, AT(total), .help = "where the advertised number of items is" },
    { "total_from", SCHEMA_STR, AT(total_from), .choices = WORDS("first", "every"),
      .otherwise = "first", .help = "whose word on the total holds" },
    { "cap", SCHEMA_INT, AT(cap), .max = 1000000, .otherwise = "0",
      .help = "the board never lists more than this; 0: no cap" },
    { "max_pages", SCHEMA_INT, AT(max_pages), .min = 1, .max = 10000, .otherwise = "500",
      .help = "a bound on our side" },
    { 0 },
};
#undef AT
static const struct schema schema_paging = { .what = "paging",
                                             .size = sizeof(struct adapter_paging),
                                             .fields = paging_fields };

#define AT(member) offsetof(struct adapter_step, member)
static const struct schema_field step_fields[] = {
    { "name", SCHEMA_STR, AT(name), .help = "what errors and the ledger call this step" },
    { "for", SCHEMA_STR, AT(for_), .help = "repeat for each value of this bound name" },
    { "method", SCHEMA_STR, AT(method), .choices = WORDS("GET", "POST"), .otherwise = "GET",
      .help = "HTTP method" },
    { "url", SCHEMA_STR, AT(url), .help = "template of the address" },
    { "body", SCHEMA_STR, AT(body), .help = "template of what is posted" },
    { "headers", SCHEMA_PAIRS, AT(headers), .joint = ": ", .help = "request headers" },
    { "decode", SCHEMA_STR, AT(decode), .otherwise = "json",
      .choices = WORDS("json", "json_in_html", "jsonld", "sitemap", "xml", "html"),
      .help = "what the answer is" },
    { "within", SCHEMA_STR, AT(within),
      .help = "json_in_html: XPath of the attribute or element that holds the JSON" },
    { "after", SCHEMA_STR, AT(after),
      .help = "json_in_html: the text behind which the JSON stands" },
    { "shape", SCHEMA_STR, AT(shape), .help = "a place that must be there" },
    { "whole", SCHEMA_STR, AT(whole),
      .help = "regex: what a page of the list that was not cut off holds at its end" },
    { "tenant", SCHEMA_STR, AT(tenant), .help = "a place that must equal tenant_is" },
    { "tenant_is", SCHEMA_STR, AT(tenant_is), .otherwise = "{tenant}", .help = "template" },
    { "items", SCHEMA_STR, AT(items), .help = "the listings; without it the step only binds" },
    { "must", SCHEMA_STRS, AT(must), .help = "places that every item of this board has" },
    { "bind", SCHEMA_RECORDS, AT(bind), .of = &schema_row, .help = "names for later steps" },
    { "where", SCHEMA_RECORDS, AT(where), .of = &schema_row,
      .help = "an item that fails one is no listing" },
    { "where_counts", SCHEMA_BOOL, AT(where_counts), .otherwise = "false",
      .help = "the advertised total counts what where drops" },
    { "group_by", SCHEMA_STR, AT(group_by), .help = "items with the same value are one listing" },
    { "paging", SCHEMA_RECORD, AT(paging), .of = &schema_paging, .help = "how the list goes on" },
    { 0 },
};
#undef AT
static const struct schema schema_step = { .what = "a step",
                                           .size = sizeof(struct adapter_step),
                                           .fields = step_fields };

#define AT(member) offsetof(struct adapter_sign, member)
static const struct schema_field sign_fields[] = {
    { "status", SCHEMA_INT, AT(status), HTTP_STATUS, .otherwise = "0",
      .help = "HTTP status; 0: any" },
    { "final_url", SCHEMA_STR, AT(final_url), .help = "PCRE2 on the URL after redirects" },
    { "phrase", SCHEMA_STR, AT(phrase), .help = "PCRE2 on the body" },
    { 0 },
};
#undef AT
static const struct schema schema_sign = { .what = "a sign",
                                           .size = sizeof(struct adapter_sign),
                                           .fields = sign_fields };

#define AT(member) offsetof(struct adapter_param, member)
static const struct schema_field param_fields[] = {
    { "name", SCHEMA_STR, AT(name), .required = true, .help = "as {name} in the templates" },
    { "help", SCHEMA_STR, AT(help), .help = "what it is and where to find it" },
    { "default", SCHEMA_STR, AT(default_), .help = "if the source does not give it" },
    { "required", SCHEMA_BOOL, AT(required), .otherwise = "false",
      .help = "the source must give it" },
    { "map", SCHEMA_PAIRS, AT(map), .joint = "=",
      .help = "what source detect finds: what it means" },
    { "detected", SCHEMA_STR, AT(detected), .help = "what page_sign means where it does not say" },
    { 0 },
};
#undef AT
static const struct schema schema_param = { .what = "a parameter",
                                            .size = sizeof(struct adapter_param),
                                            .fields = param_fields,
                                            .name_key = "name" };

#define AT(member) offsetof(struct adapter_secret, member)
static const struct schema_field secret_fields[] = {
    { "name", SCHEMA_STR, AT(name), .required = true,
      .help = "as {secret:name} in url, body and headers; the file of the key has this name" },
    { "help", SCHEMA_STR, AT(help), .help = "what it is and where to get it" },
    { 0 },
};
#undef AT
static const struct schema schema_secret = { .what = "a secret",
                                             .size = sizeof(struct adapter_secret),
                                             .fields = secret_fields,
                                             .name_key = "name" };

#define AT(member) offsetof(struct adapter, member)
static const struct schema_field adapter_keys[] = {
    { "adapter", SCHEMA_STR, AT(id), .required = true, .help = "the id, as sources name it" },
    { "label", SCHEMA_STR, AT(label), .help = "the kind of board, for people" },
    { "about", SCHEMA_STR, AT(about), .help = "what a maintainer should know" },
    { "variant_of", SCHEMA_STR, AT(variant_of),
      .help = "the adapter of which this is another form: `source try` knows it by both" },
    { "policy", SCHEMA_STR, AT(policy), .choices = policies, .otherwise = "default",
      .help = "whether its sources are read: always, where the source opts in, never" },
    { "why", SCHEMA_STR, AT(why), .help = "the permission, or the reason against it" },
    { "attribution", SCHEMA_STR, AT(attribution),
      .help = "what must stand beside anything published from it" },
    { "namespaces", SCHEMA_PAIRS, AT(namespaces), .joint = "=", .help = "XML prefix: URI" },
    { "params", SCHEMA_NAMED, AT(params), .of = &schema_param, .help = "what a source gives" },
    { "secrets", SCHEMA_NAMED, AT(secrets), .of = &schema_secret,
      .help = "keys it cannot be read without; each a file in secrets_dir" },
    { "needs_permission", SCHEMA_BOOL, AT(needs_permission), .otherwise = "false",
      .help = "its sources are read only with a permission note" },
    { "url_param", SCHEMA_STR, AT(url_param),
      .help = "PCRE2 with named groups for the params: source detect" },
    { "page_sign", SCHEMA_STR, AT(page_sign),
      .help = "PCRE2 on a careers page whose own site is the board, {base}: source detect" },
    { "steps", SCHEMA_RECORDS, AT(steps), .of = &schema_step, .help = "requests, in order" },
    { "scope", SCHEMA_STR, AT(scope), .choices = WORDS("whole", "window"), .otherwise = "whole",
      .help = "whether the list is everything that is open" },
    { "zero", SCHEMA_STR, AT(zero), .choices = WORDS("proof", "ambiguous"), .otherwise = "proof",
      .help = "whether an empty list proves that nothing is open" },
    { "max_age_days", SCHEMA_INT, AT(max_age_days), .min = 1, .max = 3650, .otherwise = "60",
      .help = "window: a posting not seen for so long is expired" },
    { "gone", SCHEMA_RECORDS, AT(gone), .of = &schema_sign, .help = "the board does not exist" },
    { "not_board", SCHEMA_RECORDS, AT(not_board), .of = &schema_sign,
      .help = "a challenge, a login page, another tenant" },
    { "detail", SCHEMA_RECORD, AT(detail), .of = &schema_step, .help = "one request a listing" },
    { "detail_fields", SCHEMA_RECORDS, AT(detail_fields), .of = &schema_row,
      .help = "as fields, from the detail's answer" },
    { "detail_fields_of", SCHEMA_STR, AT(detail_fields_of),
      .help = "the adapter that reads what detail_fields do not give" },
    { "detail_gone", SCHEMA_RECORDS, AT(detail_gone), .of = &schema_sign,
      .help = "the posting is gone" },
    { "detail_when", SCHEMA_STR, AT(detail_when),
      .help = "PCRE2 on the title: details only for these; empty: all" },
    { "fields", SCHEMA_RECORDS, AT(fields), .of = &schema_row,
      .help = "what of an item is what of a listing" },
    { "api_hosts", SCHEMA_STRS, AT(api_hosts),
      .help = "hosts whose API the vendor documents as public" },
    { "pace_group", SCHEMA_STR, AT(pace_group),
      .help = "template; requests of one group keep one pace; empty: the host" },
    { "gap_ms", SCHEMA_INT, AT(gap_ms), .max = 600000, .otherwise = "0",
      .help = "least time between two requests; 0: the crawler's default" },
    { "max_body_kib", SCHEMA_INT, AT(max_body_kib), .max = 32768, .otherwise = "0",
      .help = "decoded size of an answer; 0: the crawler's default" },
    { 0 },
};
#undef AT
const struct schema schema_adapter = { .what = "an adapter",
                                       .size = sizeof(struct adapter),
                                       .fields = adapter_keys };

#define AT(member) offsetof(struct source, member)
static const struct schema_field source_keys[] = {
    { "key", SCHEMA_STR, AT(key), .otherwise = "adapter:first required parameter",
      .help = "the unique name" },
    { "was", SCHEMA_STRS, AT(was),
      .help = "the keys it had before: its history goes on under this one" },
    { "adapter", SCHEMA_STR, AT(adapter), .required = true, .help = "the kind of board" },
    { "company", SCHEMA_STR, AT(company),
      .help = "the employer's name, where the board does not state it" },
    { "policy", SCHEMA_STR, AT(policy), .choices = policies, .otherwise = "the adapter's",
      .help = "whether it is read" },
    { "confidence", SCHEMA_STR, AT(confidence), .choices = WORDS("high", "medium", "low"),
      .help = "that this is the employer's board" },
    { "learned_from", SCHEMA_STR, AT(learned_from), .help = "where the board was learned" },
    { "why_added", SCHEMA_STR, AT(why_added), .choices = WORDS("list", "hiring"),
      .otherwise = "list", .help = "hiring: it was added because it was hiring" },
    { "added", SCHEMA_STR, AT(added), .help = "the day it was added, YYYY-MM-DD" },
    { "permission", SCHEMA_STR, AT(permission), .help = "who allowed the reading, when and how" },
    { "params", SCHEMA_PAIRS, AT(params), .joint = "=", .help = "the adapter's parameters" },
    { 0 },
};
#undef AT
const struct schema schema_source = { .what = "a source",
                                      .size = sizeof(struct source),
                                      .fields = source_keys };
