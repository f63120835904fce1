-- Times are UTC seconds, days are Asia/Kolkata days since 1970-01-01; NULL is "not stated" or
-- "not yet". docs/store.md is the manual; the v_ views (views.sql) are the public face.

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    adapter TEXT NOT NULL,
    company TEXT NOT NULL,
    policy TEXT NOT NULL,
    attribution TEXT NOT NULL,
    why_added TEXT NOT NULL,
    added INTEGER NOT NULL,
    last_reading INTEGER,
    last_proven INTEGER,
    last_outcome TEXT NOT NULL DEFAULT '',
    last_error TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    windowed INTEGER NOT NULL DEFAULT 0 CHECK (windowed IN (0, 1))
) STRICT;

CREATE TABLE host (
    host TEXT PRIMARY KEY,
    robots BLOB NOT NULL,
    robots_status INTEGER NOT NULL,
    robots_at INTEGER,
    next_ok INTEGER,
    failures INTEGER NOT NULL,
    breaker_until INTEGER
) STRICT, WITHOUT ROWID;

-- outcome NULL: under way. proven: its list may be believed (see "What a reading proves").
CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    started INTEGER NOT NULL,
    ended INTEGER,
    outcome TEXT CHECK (outcome IN ('complete', 'partial', 'unchanged', 'failed', 'gone')),
    proven INTEGER NOT NULL DEFAULT 0 CHECK (proven IN (0, 1)),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    proof TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    pages INTEGER NOT NULL DEFAULT 0,
    advertised INTEGER,
    got INTEGER NOT NULL DEFAULT 0,
    details_owed INTEGER NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    ms INTEGER NOT NULL DEFAULT 0,
    opened INTEGER NOT NULL DEFAULT 0,
    reopened INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 0,
    CHECK ((outcome IS NULL) = (ended IS NULL)),
    CHECK (proven = 0 OR outcome IN ('complete', 'unchanged'))
) STRICT;
CREATE INDEX reading_of_source ON reading (source, ended);
CREATE INDEX reading_proven ON reading (source, ended) WHERE proven = 1;
CREATE INDEX reading_under_way ON reading (id) WHERE outcome IS NULL;

-- The ledger. reading NULL: robots.txt.
CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    reading INTEGER REFERENCES reading (id),
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    robots TEXT NOT NULL,
    robots_line INTEGER NOT NULL,
    gap_required_ms INTEGER NOT NULL,
    gap_kept_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    bytes_wire INTEGER NOT NULL,
    bytes_body INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    reused INTEGER NOT NULL,
    redirects INTEGER NOT NULL,
    error TEXT NOT NULL
) STRICT;
CREATE INDEX request_of_reading ON request (reading);

-- A raw body once a content (zstd); answer says where and when it was read. The data may be
-- dropped after a time (NULL), its hash stays.
CREATE TABLE body (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data BLOB
) STRICT;
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES reading (id),
    body INTEGER NOT NULL REFERENCES body (id),
    url TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_of_body ON answer (body, reading);

-- The pages of a source's list as of its last proven reading: validators for the next one.
CREATE TABLE page (
    source INTEGER NOT NULL REFERENCES source (id),
    key TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- listed: the list entry the stored text belongs to; listed_since: a newer list entry whose text
-- is still owed; gone_listed: the list entry whose own page said that it is closed.
-- revision and revised name the current revision, so that a scan of today needs no search.
CREATE TABLE posting (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    native_id TEXT NOT NULL,
    url TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    listed TEXT NOT NULL,
    listed_since TEXT,
    gone_listed TEXT,
    revision INTEGER,
    revised INTEGER,
    UNIQUE (source, native_id)
) STRICT;
CREATE INDEX posting_url ON posting (url);

-- The text of an ad once a content (zstd): the same ad in ten cities is one row.
CREATE TABLE text (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
    size INTEGER NOT NULL,
    simhash INTEGER NOT NULL,
    words_hash INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    posting INTEGER NOT NULL REFERENCES posting (id),
    reading INTEGER NOT NULL REFERENCES reading (id),
    read_at INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 16),
    body BLOB,
    title TEXT NOT NULL,
    company TEXT NOT NULL,
    requisition TEXT NOT NULL,
    places TEXT NOT NULL,
    country TEXT NOT NULL,
    mode INTEGER NOT NULL,
    department TEXT NOT NULL,
    employment TEXT NOT NULL,
    experience TEXT NOT NULL,
    salary TEXT NOT NULL,
    pay_min REAL,
    pay_max REAL,
    pay_currency TEXT NOT NULL,
    pay_period INTEGER NOT NULL,
    posted INTEGER,
    updated INTEGER,
    expires INTEGER,
    vacancies INTEGER,
    text INTEGER REFERENCES text (id)
) STRICT;
CREATE INDEX revision_of_posting ON revision (posting, read_at);

-- A time in which a posting was open. While open nothing is written here: its last proof is its
-- source's last proven reading. last_seen is kept for windowed sources alone, whose readings do
-- not prove what they no longer show. held_by: a collapse lacked it; a second reading must confirm.
CREATE TABLE spell (
    posting INTEGER NOT NULL REFERENCES posting (id),
    n INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source (id),
    first_proof INTEGER NOT NULL,
    first_reading INTEGER NOT NULL REFERENCES reading (id),
    last_seen INTEGER,
    held_by INTEGER REFERENCES reading (id),
    ended_after INTEGER,
    ended_by INTEGER,
    ended_reading INTEGER REFERENCES reading (id),
    ended_how TEXT CHECK (ended_how IN ('absent', 'expired', 'detail', 'max-age', 'import')),
    PRIMARY KEY (posting, n),
    CHECK ((ended_by IS NULL) = (ended_after IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_how IS NULL)),
    CHECK (ended_by IS NULL OR first_proof <= ended_after AND ended_after <= ended_by)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX spell_open ON spell (posting) WHERE ended_by IS NULL;
CREATE INDEX spell_open_of_source ON spell (source) WHERE ended_by IS NULL;

-- What a posting's own page said: it is closed.
CREATE TABLE gone (
    reading INTEGER NOT NULL REFERENCES reading (id),
    posting INTEGER NOT NULL REFERENCES posting (id),
    why TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (reading, posting)
) STRICT, WITHOUT ROWID;

-- read_to: every revision up to it has its signal in this vintage.
CREATE TABLE vintage (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
    since INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('building', 'current', 'past')),
    read_to INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX vintage_current ON vintage (state) WHERE state <> 'past';

CREATE TABLE skill (
    vintage INTEGER NOT NULL REFERENCES vintage (id),
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (vintage, n)
) STRICT, WITHOUT ROWID;

-- packed holds the whole signal (store/pack.c); the columns beside it are for the views.
CREATE TABLE signal (
    vintage INTEGER NOT NULL REFERENCES vintage (id),
    revision INTEGER NOT NULL REFERENCES revision (id),
    family TEXT NOT NULL,
    track TEXT NOT NULL,
    level TEXT NOT NULL,
    stage INTEGER NOT NULL,
    india TEXT NOT NULL,
    mode TEXT NOT NULL,
    cities TEXT NOT NULL,
    min_months INTEGER,
    max_months INTEGER,
    pay_kind TEXT NOT NULL,
    pay_currency TEXT NOT NULL,
    pay_annual_min INTEGER,
    pay_annual_max INTEGER,
    packed BLOB NOT NULL,
    PRIMARY KEY (vintage, revision)
) STRICT, WITHOUT ROWID;

-- id: the posting id of the member with the earliest first proof.
CREATE TABLE opening (
    id INTEGER PRIMARY KEY REFERENCES posting (id),
    lead INTEGER NOT NULL REFERENCES posting (id),
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    reason TEXT NOT NULL,
    made INTEGER NOT NULL
) STRICT;
CREATE TABLE opening_posting (
    posting INTEGER PRIMARY KEY REFERENCES posting (id),
    opening INTEGER NOT NULL REFERENCES opening (id),
    leads INTEGER NOT NULL CHECK (leads IN (0, 1)),
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL
) STRICT;
CREATE INDEX opening_posting_of ON opening_posting (opening);
CREATE UNIQUE INDEX opening_counted_once ON opening_posting (opening) WHERE counted = 1;

-- For the views: the leads of counted openings, a row a skill, its strongest polarity.
CREATE TABLE mention (
    opening INTEGER NOT NULL REFERENCES opening (id),
    skill TEXT NOT NULL,
    posting INTEGER NOT NULL REFERENCES posting (id),
    polarity TEXT NOT NULL,
    stated INTEGER NOT NULL CHECK (stated IN (0, 1)),
    section TEXT NOT NULL,
    PRIMARY KEY (opening, skill)
) STRICT, WITHOUT ROWID;

-- vintage 0: made before any signal was.
CREATE TABLE figure_day (
    vintage INTEGER NOT NULL,
    day INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL,
    low REAL,
    high REAL,
    n INTEGER NOT NULL,
    employers INTEGER NOT NULL,
    PRIMARY KEY (vintage, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_of_day ON figure_day (vintage, day, name);

CREATE TABLE published (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 16),
    size INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX published_last ON published (name, id);
