#include "test.h"

#include "config/config.h"
#include "core/arena.h"
#include "parsers/detect.h"

/* The shipped adapters know the addresses; `key` NULL: no board's. */
struct detect_row {
    const char *text, *key, *params;
};

static const struct detect_row addresses[] = {
    { "https://boards.greenhouse.io/tarang", "greenhouse:tarang", "token=tarang" },
    { "https://ats.rippling.com/en-GB/tarang/jobs", "rippling:tarang", "board=tarang" },
    { "https://ats.rippling.com/tarang/jobs/5b0c", "rippling:tarang", "board=tarang" },
    { "https://jobs.gem.com/tarang/5200000011", "gem:tarang", "board=tarang" },
    { "https://jobs.jobvite.com/careers/tarang/job/oVw1xfwA", "jobvite:tarang", "board=tarang" },
    { "https://careers.kula.ai/tarang/12", "kula:tarang", "board=tarang" },
    { "https://tarang.hire.trakstar.com/jobs/fk0", "trakstar:tarang", "board=tarang" },
    { "https://www.icims.com/products", NULL, NULL },
    { "https://www.bamboohr.com/pricing", NULL, NULL },
    { "https://boards.greenhouse.io/tarang/jobs/4012345", "greenhouse:tarang", "token=tarang" },
    { "https://job-boards.greenhouse.io/tarang", "greenhouse:tarang", "token=tarang" },
    { "https://job-boards.eu.greenhouse.io/tarang/jobs/1", "greenhouse:tarang", "token=tarang" },
    { "https://boards.greenhouse.io/embed/job_board?for=tarang", "greenhouse:tarang",
      "token=tarang" },
    { "https://boards.greenhouse.io/embed/job_board/js?for=tarang", "greenhouse:tarang",
      "token=tarang" },
    { "https://boards.greenhouse.io/embed/job_app?token=7&for=tarang", "greenhouse:tarang",
      "token=tarang" },
    { "https://boards-api.greenhouse.io/v1/boards/tarang/jobs?content=true", "greenhouse:tarang",
      "token=tarang" },
    { "https://jobs.lever.co/neelkanth", "lever:neelkanth", "site=neelkanth" },
    { "https://jobs.lever.co/neelkanth/0a1b2c3d-0000-4000-8000-000000000001/apply",
      "lever:neelkanth", "site=neelkanth" },
    { "https://api.lever.co/v0/postings/neelkanth?mode=json", "lever:neelkanth", "site=neelkanth" },
    { "https://jobs.eu.lever.co/neelkanth", "lever:neelkanth",
      "base=https://api.eu.lever.co site=neelkanth" },
    { "https://api.eu.lever.co/v0/postings/neelkanth", "lever:neelkanth",
      "base=https://api.eu.lever.co site=neelkanth" },
    { "https://api.lever.co/v1/users", NULL, NULL },
    { "https://www.amazon.jobs/en/jobs/2900001/ml-engineer", "amazon-jobs",
      "base=https://www.amazon.jobs" },
    { "https://jobs.ashbyhq.com/kaveri", "ashby:kaveri", "board=kaveri" },
    { "https://jobs.ashbyhq.com/Kaveri%20Systems/embed", "ashby:Kaveri Systems",
      "board=Kaveri Systems" },
    { "https://api.ashbyhq.com/posting-api/job-board/kaveri", "ashby:kaveri", "board=kaveri" },
    { "https://careers.smartrecruiters.com/Sahyadri1", "smartrecruiters:Sahyadri1",
      "company=Sahyadri1" },
    { "https://jobs.smartrecruiters.com/Sahyadri1/744000000000001-ml-engineer",
      "smartrecruiters:Sahyadri1", "company=Sahyadri1" },
    { "https://api.smartrecruiters.com/v1/companies/Sahyadri1/postings",
      "smartrecruiters:Sahyadri1", "company=Sahyadri1" },
    { "https://deccan.wd3.myworkdayjobs.com/en-US/External/job/Pune/ML-Engineer_R-1",
      "workday:deccan/External",
      "base=https://deccan.wd3.myworkdayjobs.com tenant=deccan site=External" },
    { "https://deccan.wd3.myworkdayjobs.com/wday/cxs/deccan/External/jobs",
      "workday:deccan/External",
      "base=https://deccan.wd3.myworkdayjobs.com tenant=deccan site=External" },
    { "https://wd5.myworkdaysite.com/en-US/recruiting/deccan/External/job/Pune/ML_R-1",
      "workday:wd5/deccan/External",
      "base=https://wd5.myworkdaysite.com tenant=deccan site=External" },
    { "https://abcd.fa.em2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/jobs",
      "oracle:abcd/CX_1", "base=https://abcd.fa.em2.oraclecloud.com site=CX_1" },
    { "https://apply.workable.com/tarang/j/AB12CD34EF/", "workable:tarang", "account=tarang" },
    { "https://tarang.workable.com/jobs/1", "workable:tarang", "account=tarang" },
    { "https://apply.workable.com/api/v1/widget/accounts/tarang?details=true", "workable:tarang",
      "account=tarang" },
    { "https://apply.workable.com/j/AB12CD34EF", NULL, NULL },
    { "https://www.workable.com/pricing", NULL, NULL },
    { "https://tarang.keka.com/careers/jobdetails/12", "keka:tarang",
      "base=https://tarang.keka.com" },
    { "https://www.keka.com/hrms", NULL, NULL },
    { "https://tarang.recruitee.com/o/ml-engineer", "recruitee:tarang",
      "base=https://tarang.recruitee.com" },
    { "https://tarang.jobs.personio.de/job/7", "personio:tarang",
      "base=https://tarang.jobs.personio.de" },
    { "https://tarang.teamtailor.com/jobs/7-ml", "teamtailor:tarang",
      "base=https://tarang.teamtailor.com" },
    { "https://tarang.na.teamtailor.com/jobs", "teamtailor:tarang",
      "base=https://tarang.na.teamtailor.com" },
    { "https://tarang.zohorecruit.in/jobs/Careers/1", "zohorecruit:tarang",
      "base=https://tarang.zohorecruit.in" },
    { "https://tarang.eightfold.ai/careers?pid=7&domain=tarang.example",
      "eightfold:tarang/tarang.example", "base=https://tarang.eightfold.ai domain=tarang.example" },
    { "https://tarang.zohorecruit.com/jobs/Jobs/1/ML", "zohorecruit:tarang",
      "base=https://tarang.zohorecruit.com site=Jobs" },
    { "https://api.greenhouse.io/v1/boards/tarang/jobs", "greenhouse:tarang", "token=tarang" },
    { "https://jobs.smartrecruiters.com/oneclick-ui/company/Sahyadri1/publication/0a1b",
      "smartrecruiters:Sahyadri1", "company=Sahyadri1" },
    { "https://jobs.smartrecruiters.com/ni/Sahyadri1/0a1b", "smartrecruiters:Sahyadri1",
      "company=Sahyadri1" },
    { "https://www.smartrecruiters.com/Sahyadri1/744000000000001-ml", "smartrecruiters:Sahyadri1",
      "company=Sahyadri1" },
    { "https://www.smartrecruiters.com/resources/7-trends", NULL, NULL },
    { "https://abcd.fa.em2.oraclecloud.com:443/hcmUI/CandidateExperience/en/sites/CX_1",
      "oracle:abcd/CX_1", "base=https://abcd.fa.em2.oraclecloud.com site=CX_1" },
    { "https://abcd.fa.em2.oraclecloud.com/hcmRestApi/resources/latest/"
      "recruitingCEJobRequisitions?onlyData=true&finder=findReqs;siteNumber=CX_2,limit=25",
      "oracle:abcd/CX_2", "base=https://abcd.fa.em2.oraclecloud.com site=CX_2" },
    { "https://www.workable.com/api/accounts/tarang?details=true", "workable:tarang",
      "account=tarang" },
    { "https://ats.rippling.com/api/v2/board/tarang/jobs", "rippling:tarang", "board=tarang" },
    { "https://tarang.recruiterbox.com/jobs/fk0", "trakstar:tarang", "board=tarang" },
    { "https://hire.jobvite.com/CompanyJobs/Careers.aspx?c=qAb9", "jobvite-feed:qAb9",
      "code=qAb9" },
    { "https://www.tarang.example/careers", NULL, NULL },
    { "https://boards.greenhouse.io/embed/job_board", NULL, NULL },
    { "https://www.linkedin.com/company/tarang/jobs", NULL, NULL },
    { "https://deccan.wd3.myworkdayjobs.com/", NULL, NULL },
    { "", NULL, NULL },
};

#define SITE "<link href='https://careers.tarang.example/jobs?x=1' rel='canonical'>"

static const struct detect_row pages[] = {
    { "<p>We are hiring: <a href=\"https://jobs.lever.co/neelkanth?team=ML&amp;x=1\">open "
      "roles</a>",
      "lever:neelkanth", "site=neelkanth" },
    { "<div id=\"grnhse_app\"></div>"
      "<script src=\"https://boards.greenhouse.io/embed/job_board/js?for=tarang\"></script>",
      "greenhouse:tarang", "token=tarang" },
    { "<script>window.board = "
      "{\"url\":\"https:\\/\\/jobs.ashbyhq.com\\/kaveri\\/embed\"};</script>",
      "ashby:kaveri", "board=kaveri" },
    { "<iframe src='//careers.smartrecruiters.com/Sahyadri1'></iframe>",
      "smartrecruiters:Sahyadri1", "company=Sahyadri1" },
    { "<a href=https://deccan.wd3.myworkdayjobs.com/External>Jobs</a>", "workday:deccan/External",
      "base=https://deccan.wd3.myworkdayjobs.com tenant=deccan site=External" },
    /* the board named most often is the employer's: one link may be a partner's */
    { "<a href='https://jobs.lever.co/partner'></a><a href='https://jobs.lever.co/neelkanth/1'></a>"
      "<a href='https://jobs.lever.co/neelkanth/2'></a>",
      "lever:neelkanth", "site=neelkanth" },
    /* no board's address: the page's own site, where it bears a sign */
    { SITE "<script>var phApp = phApp || {}; phApp.ddo = {};</script>",
      "phenom:careers.tarang.example", "base=https://careers.tarang.example" },
    { SITE "<link href='https://rmkcdn.successfactors.com/a.css'>",
      "successfactors:careers.tarang.example", "base=https://careers.tarang.example" },
    { SITE "<script src='//static.vscdn.net/a.js'></script><code>{&#34;domain&#34;: "
           "&#34;tarang.example&#34;}</code>",
      "eightfold:careers.tarang.example",
      "base=https://careers.tarang.example domain=tarang.example" },
    { SITE "<script src='https://a.teamtailor-cdn.com/x.js'></script>"
           "<script type='application/ld+json'>{\"@type\":\"JobPosting\"}</script>",
      "teamtailor:careers.tarang.example", "base=https://careers.tarang.example" },
    { SITE "<script type='application/ld+json'>{\"@type\": \"JobPosting\"}</script>",
      "careers-jsonld:careers.tarang.example",
      "base=https://careers.tarang.example sitemap=/sitemap.xml" },
    { SITE "<link rel=alternate type='application/rss+xml' title='Open jobs' href='/feed'>",
      "rss:careers.tarang.example", "base=https://careers.tarang.example feed=/feed" },
    { SITE
      "<link rel=alternate type='application/atom+xml' href='https://tarang.example/jobs.atom'>",
      "rss:careers.tarang.example", "feed=https://tarang.example/jobs.atom" },
    { SITE "<link rel=alternate type='application/rss+xml' title='Blog' href='/feed'>", NULL,
      NULL },
    { "<script type='application/ld+json'>{\"@type\":\"JobPosting\"}</script>", NULL, NULL },
    { SITE "<script type='application/ld+json'>{\"@type\":\"JobPosting\"}</script>"
           "<a href='https://jobs.lever.co/neelkanth'>",
      "lever:neelkanth", "site=neelkanth" },
    { "<p>Write to jobs at tarang.example</p><a href='https://www.linkedin.com/jobs'>", NULL,
      NULL },
    { "not a page \xff\xfe // https://", NULL, NULL },
    { "", NULL, NULL },
};

static void check(int found, const struct source *got, const struct detect_row *want, size_t i)
{
    struct str rest = str_of(want->params);

    CHECK_ROW(found == (want->key ? DETECT_FOUND : 0), i);
    if (found != DETECT_FOUND || !want->key)
        return;
    CHECK_STR(got->key, str_of(want->key), i);
    CHECK_ROW(str_starts(got->key, got->adapter), i);
    for (size_t k = 0; k < got->params.n; k++) {
        struct str one = got->params.items[k];

        CHECK_ROW(str_starts(rest, one), i);
        rest = str_trim(str_from(rest, one.n < rest.n ? one.n : rest.n));
    }
    CHECK_ROW(rest.n == 0, i);
}

static void load(struct arena *a, struct config *c)
{
    struct config_options opt = { .path = SOURCE_DIR "/config", .shipped = SOURCE_DIR "/config" };
    struct diag d = { 0 };

    CHECK(config_load(a, &opt, c, &d) == 0);
}

static void an_address_names_its_board(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };

    (void)state;
    load(&a, &c);
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        struct source got = { 0 };
        int found = detect_url(&a, c.adapters.items, c.adapters.n, str_of(addresses[i].text), &got);

        check(found, &got, &addresses[i], i);
    }
    arena_free(&a);
}

static void a_careers_page_leads_to_the_board_it_names_most(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };

    (void)state;
    load(&a, &c);
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        struct source got = { 0 };
        int found =
            detect_page(&a, c.adapters.items, c.adapters.n, str_of(pages[i].text), STR(""), &got);

        check(found, &got, &pages[i], i);
    }
    arena_free(&a);
}

/* What is found can be read: it is a source as the adapter wants it. */
static void a_source_that_was_found_is_whole(void **state)
{
    struct arena a = ARENA_INIT;
    struct config c = { 0 };

    (void)state;
    load(&a, &c);
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        struct source got = { 0 };
        struct diag d = { 0 };

        if (detect_url(&a, c.adapters.items, c.adapters.n, str_of(addresses[i].text), &got)
            != DETECT_FOUND)
            continue;
        CHECK_ROW(adapter_check_source(config_adapter(&c, got.adapter), &got, &d) == 0, i);
    }
    arena_free(&a);
}

RUN_TESTS(TEST(an_address_names_its_board), TEST(a_careers_page_leads_to_the_board_it_names_most),
          TEST(a_source_that_was_found_is_whole))
