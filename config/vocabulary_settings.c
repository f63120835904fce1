/* What roletide.yaml may say. */
#include "config/vocabulary.h"

#include "config/config.h"

enum { DAY_S = 86400 };

#define AT(member) offsetof(struct fetch_options, member)
static const struct schema_field fetch_keys[] = {
    { "user_agent", SCHEMA_STR, AT(user_agent), .otherwise = "roletide/VERSION (+site_url)",
      .help = "who asks; must not imitate a browser" },
    { "secrets_dir", SCHEMA_STR, AT(secrets_dir), .otherwise = "$CREDENTIALS_DIRECTORY",
      .help = "the folder of keys, a file each, named as the adapter names it" },
    { "ca_file", SCHEMA_STR, AT(ca_file), .otherwise = "the system's",
      .help = "certificate authorities to trust instead (PEM), as behind a proxy of yours" },
    { "contact", SCHEMA_STR, AT(contact), .help = "From: header, an e-mail address of yours" },
    { "max_body_kib", SCHEMA_U32, AT(max_body_kib), .min = 1, .max = 32768, .otherwise = "8192",
      .help = "decoded size of an answer" },
    { "timeout_s", SCHEMA_U32, AT(timeout_s), .min = 1, .max = 3600, .otherwise = "60",
      .help = "a whole transfer" },
    { "connect_timeout_s", SCHEMA_U32, AT(connect_timeout_s), .min = 1, .max = 600,
      .otherwise = "10", .help = "until the connection stands" },
    { "stall_s", SCHEMA_U32, AT(stall_s), .min = 1, .max = 600, .otherwise = "15",
      .help = "under 1 KiB/s for so long ends a transfer" },
    { "gap_ms", SCHEMA_U32, AT(gap_ms), .min = 1, .max = 600000, .otherwise = "1000",
      .help = "least time between two requests of a pace group" },
    { "max_crawl_delay_s", SCHEMA_U32, AT(max_crawl_delay_s), .min = 1, .max = 600,
      .otherwise = "30", .help = "a host that asks for a longer Crawl-delay is skipped" },
    { "max_redirects", SCHEMA_U32, AT(max_redirects), .min = 1, .max = 20, .otherwise = "5",
      .help = "of one request" },
    { "max_active", SCHEMA_U32, AT(max_active), .min = 1, .max = 256, .otherwise = "32",
      .help = "transfers at once, over all hosts" },
    { "breaker_failures", SCHEMA_U32, AT(breaker_failures), .min = 1, .max = 1000, .otherwise = "5",
      .help = "failures in a row before a host is left alone" },
    { "breaker_s", SCHEMA_U32, AT(breaker_s), .min = 1, .max = (int64_t)7 * DAY_S,
      .otherwise = "3600", .help = "for so long" },
    { 0 },
};
#undef AT
static const struct schema schema_fetch = { .what = "fetch",
                                            .size = sizeof(struct fetch_options),
                                            .fields = fetch_keys };

#define AT(member) offsetof(struct settings, member)
static const struct schema_field settings_keys[] = {
    { "fetch", SCHEMA_RECORD, AT(fetch), .of = &schema_fetch, .help = "how boards are asked" },
    { "state_dir", SCHEMA_STR, AT(state_dir), .otherwise = "$STATE_DIRECTORY, /var/lib/roletide",
      .help = "the folder of the store and its lock" },
    { "publish_dir", SCHEMA_STR, AT(publish_dir), .otherwise = "STATE/public",
      .help = "where run publishes" },
    { "site_title", SCHEMA_STR, AT(site_title), .help = "for the feeds and the page" },
    { "site_url", SCHEMA_STR, AT(site_url), .help = "where the page is published" },
    { "roadmap", SCHEMA_STR, AT(roadmap), .otherwise = "mlops-engineer-in",
      .help = "the roadmap whose stages and bullets are sought" },
    { "allow_loopback", SCHEMA_BOOL, AT(allow_loopback), .otherwise = "false",
      .help = "boards on this machine may be asked (tests and demo)" },
    { "own_sources", SCHEMA_BOOL, AT(own_sources), .otherwise = "false",
      .help = "read only the boards configured here, none of the shipped ones" },
    { "run_limit_s", SCHEMA_INT, AT(run_limit_s), .min = 10, .max = DAY_S, .otherwise = "3000",
      .help = "run stops itself after so long" },
    { "keep_bodies_days", SCHEMA_INT, AT(keep_bodies_days), .min = 1, .max = 36500,
      .otherwise = "90", .help = "how long raw answers are kept; their hash stays" },
    { "keep_bodies_mib", SCHEMA_INT, AT(keep_bodies_mib), .min = 0, .max = 1 << 20,
      .otherwise = "0", .help = "how much of them, compressed; 0: no bound" },
    { "extra_requests", SCHEMA_INT, AT(extra_requests), .min = 0, .max = 1000000,
      .otherwise = "500", .help = "a day, to read fast-changing boards more than once; 0: none" },
    { "board_details", SCHEMA_INT, AT(board_details), .min = 1, .max = 100000, .otherwise = "500",
      .help = "texts asked of one board in a run; the rest in the next ones" },
    { 0 },
};
#undef AT
const struct schema schema_settings = { .what = "the settings",
                                        .size = sizeof(struct settings),
                                        .fields = settings_keys };
