-- Facts: what was asked, answered and read. Times are UTC seconds.
CREATE TABLE source(
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL UNIQUE,
  adapter     TEXT NOT NULL,
  company     TEXT NOT NULL,
  policy      TEXT NOT NULL,
  attribution TEXT NOT NULL,
  why_added   TEXT NOT NULL,
  added       INTEGER NOT NULL,
  is_window   INTEGER NOT NULL DEFAULT 0, -- its readings prove presence, never absence
  gone        INTEGER NOT NULL DEFAULT 0, -- the board itself answered that it does not exist
  awaiting    INTEGER REFERENCES reading(id) DEFERRABLE INITIALLY DEFERRED -- a collapse that a second complete reading must confirm
) STRICT;

CREATE TABLE host(
  host          TEXT PRIMARY KEY, -- scheme://name:port
  robots        BLOB NOT NULL,
  robots_status INTEGER NOT NULL,
  robots_at     INTEGER NOT NULL,
  next_ok       INTEGER NOT NULL,
  failures      INTEGER NOT NULL,
  breaker_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reading(
  id           INTEGER PRIMARY KEY,
  source       INTEGER NOT NULL REFERENCES source(id),
  started      INTEGER NOT NULL,
  ended        INTEGER,          -- null: the run died in it; it proves nothing
  proven_at    INTEGER,          -- not null: the whole list was proven at this time
  outcome      TEXT NOT NULL DEFAULT '',
  proof        TEXT NOT NULL DEFAULT '',
  error        TEXT NOT NULL DEFAULT '',
  pages        INTEGER NOT NULL DEFAULT 0,
  advertised   INTEGER NOT NULL DEFAULT -1,
  got          INTEGER NOT NULL DEFAULT 0,
  details_owed INTEGER NOT NULL DEFAULT 0,
  requests     INTEGER NOT NULL DEFAULT 0,
  bytes        INTEGER NOT NULL DEFAULT 0,
  ms           INTEGER NOT NULL DEFAULT 0,
  opened       INTEGER NOT NULL DEFAULT 0,
  reopened     INTEGER NOT NULL DEFAULT 0,
  closed       INTEGER NOT NULL DEFAULT 0,
  changed      INTEGER NOT NULL DEFAULT 0,
  held         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reading_of_source ON reading(source, proven_at);

CREATE TABLE page( -- pages of the list at the last proven reading: validators and hash
  source        INTEGER NOT NULL REFERENCES source(id),
  key           TEXT NOT NULL,
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  body_hash     TEXT NOT NULL,
  PRIMARY KEY(source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE request( -- the ledger
  id              INTEGER PRIMARY KEY,
  reading         INTEGER REFERENCES reading(id), -- null: robots.txt
  at              INTEGER NOT NULL,
  method          TEXT NOT NULL,
  url             TEXT NOT NULL,
  outcome         TEXT NOT NULL,
  robots          TEXT NOT NULL,
  robots_line     INTEGER NOT NULL,
  gap_required_ms INTEGER NOT NULL,
  gap_kept_ms     INTEGER NOT NULL,
  status          INTEGER NOT NULL,
  bytes_wire      INTEGER NOT NULL,
  bytes_body      INTEGER NOT NULL,
  ms              INTEGER NOT NULL,
  reused          INTEGER NOT NULL,
  redirects       INTEGER NOT NULL,
  error           TEXT NOT NULL
) STRICT;

CREATE TABLE body( -- raw answers, by content
  hash  BLOB PRIMARY KEY, -- XXH3-128, big-endian
  url   TEXT NOT NULL,
  at    INTEGER NOT NULL,
  reading INTEGER NOT NULL REFERENCES reading(id), -- the first that got it
  size  INTEGER NOT NULL,
  zstd  BLOB              -- null: removed by age; the hash stays
) STRICT, WITHOUT ROWID;

CREATE TABLE posting(
  id        INTEGER PRIMARY KEY,
  source    INTEGER NOT NULL REFERENCES source(id),
  native_id TEXT NOT NULL,
  listed    TEXT NOT NULL, -- hash of what the list says of it
  UNIQUE(source, native_id)
) STRICT;

CREATE TABLE revision(
  id           INTEGER PRIMARY KEY,
  posting      INTEGER NOT NULL REFERENCES posting(id),
  reading      INTEGER NOT NULL REFERENCES reading(id),
  read_at      INTEGER NOT NULL,
  content      BLOB NOT NULL, -- hash of all that is stated
  body         BLOB NOT NULL, -- hash of the answer it was read from
  requisition  TEXT NOT NULL,
  title        TEXT NOT NULL,
  company      TEXT NOT NULL,
  places       TEXT NOT NULL, -- one a line
  country      TEXT NOT NULL,
  mode         INTEGER NOT NULL,
  department   TEXT NOT NULL,
  employment   TEXT NOT NULL,
  experience   TEXT NOT NULL,
  salary       TEXT NOT NULL,
  pay_min      REAL NOT NULL,
  pay_max      REAL NOT NULL,
  pay_currency TEXT NOT NULL,
  pay_period   INTEGER NOT NULL,
  posted       INTEGER NOT NULL,
  updated      INTEGER NOT NULL,
  expires      INTEGER NOT NULL,
  vacancies    INTEGER NOT NULL,
  url          TEXT NOT NULL,
  text_read    INTEGER NOT NULL,
  text_size    INTEGER NOT NULL,
  text         BLOB NOT NULL, -- zstd
  text_hash    INTEGER NOT NULL,
  simhash      INTEGER NOT NULL
) STRICT;
CREATE INDEX revision_of_posting ON revision(posting, id);

CREATE TABLE spell( -- a time in which a posting was open
  id          INTEGER PRIMARY KEY,
  posting     INTEGER NOT NULL REFERENCES posting(id),
  first_proof INTEGER NOT NULL,
  seen_at     INTEGER NOT NULL,           -- window sources: last seen in the list
  ended_after INTEGER,                    -- last proof
  ended_by    INTEGER,                    -- first proven absence; null: open
  ended_how   TEXT NOT NULL DEFAULT ''    -- absent, expired, detail, max-age
) STRICT;
CREATE INDEX spell_of_posting ON spell(posting, first_proof);
CREATE UNIQUE INDEX spell_open ON spell(posting) WHERE ended_by IS NULL;

CREATE TABLE detail_gone( -- a posting's own page said that it is closed; the verdict applies it
  posting INTEGER NOT NULL REFERENCES posting(id),
  reading INTEGER NOT NULL REFERENCES reading(id),
  at      INTEGER NOT NULL,
  why     TEXT NOT NULL,
  PRIMARY KEY(posting, reading)
) STRICT, WITHOUT ROWID;

-- Conclusions: made again from the facts when a rule changes.
CREATE TABLE vintage(
  id      INTEGER PRIMARY KEY,
  hash    TEXT NOT NULL UNIQUE,
  used_at INTEGER NOT NULL,
  current INTEGER NOT NULL
) STRICT;

CREATE TABLE skill( -- the order in which a vintage's mentions count the skills
  vintage INTEGER NOT NULL REFERENCES vintage(id),
  number  INTEGER NOT NULL,
  id      TEXT NOT NULL,
  PRIMARY KEY(vintage, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE signal(
  revision INTEGER NOT NULL REFERENCES revision(id),
  vintage  INTEGER NOT NULL REFERENCES vintage(id),
  packed   BLOB NOT NULL, -- docs/store.md has the format
  PRIMARY KEY(revision, vintage)
) STRICT, WITHOUT ROWID;

CREATE TABLE opening(
  posting  INTEGER PRIMARY KEY REFERENCES posting(id),
  opening  INTEGER NOT NULL, -- posting id of the member with the earliest first proof
  leads    INTEGER NOT NULL,
  counted  INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;
CREATE INDEX opening_members ON opening(opening);

CREATE TABLE redirect( -- openings that were joined to another
  opening INTEGER PRIMARY KEY,
  now_is  INTEGER NOT NULL
) STRICT;

CREATE TABLE counted( -- the counted openings' signals, unpacked for the views
  opening    INTEGER PRIMARY KEY,
  posting    INTEGER NOT NULL,
  family     TEXT NOT NULL,
  track      TEXT NOT NULL,
  level      TEXT NOT NULL,
  stage      INTEGER NOT NULL,
  mode       TEXT NOT NULL,
  min_months INTEGER,
  max_months INTEGER,
  pay_min    INTEGER,
  pay_max    INTEGER,
  pay_currency TEXT,
  cities     TEXT NOT NULL,
  text_read  INTEGER NOT NULL
) STRICT;

CREATE TABLE mention( -- one row a skill of a counted opening: its strongest mention
  opening  INTEGER NOT NULL,
  skill    TEXT NOT NULL,
  polarity TEXT NOT NULL,
  stated   INTEGER NOT NULL,
  section  TEXT NOT NULL,
  PRIMARY KEY(opening, skill)
) STRICT, WITHOUT ROWID;

CREATE TABLE figure_day( -- finished figures
  vintage   INTEGER NOT NULL REFERENCES vintage(id),
  day       INTEGER NOT NULL, -- Asia/Kolkata, since 1970-01-01
  name      TEXT NOT NULL,
  value     REAL, low REAL, high REAL,
  n         INTEGER NOT NULL,
  employers INTEGER NOT NULL,
  PRIMARY KEY(vintage, day, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE published(
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL,
  at    INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  size  INTEGER NOT NULL,
  zstd  BLOB NOT NULL
) STRICT;
CREATE INDEX published_name ON published(name, id);

-- The public face: these views are documented (docs/store.md) and stay.
CREATE VIEW v_source AS
  SELECT s.key AS source, s.adapter, s.company, s.policy, s.attribution, s.why_added, s.gone,
         (SELECT max(proven_at) FROM reading r WHERE r.source = s.id) AS last_proven,
         (SELECT count(*) FROM spell x JOIN posting p ON p.id = x.posting
           WHERE p.source = s.id AND x.ended_by IS NULL) AS open_postings
    FROM source s;
CREATE VIEW v_reading AS
  SELECT r.id AS reading, s.key AS source, r.started, r.ended, r.proven_at, r.outcome, r.proof, r.error,
         r.pages, r.advertised, r.got, r.details_owed, r.requests, r.bytes, r.ms, r.opened, r.reopened,
         r.closed, r.changed, r.held
    FROM reading r JOIN source s ON s.id = r.source;
CREATE VIEW v_request AS
  SELECT q.id AS request, q.reading, q.at, q.method, q.url, q.outcome, q.robots, q.robots_line,
         q.gap_required_ms, q.gap_kept_ms, q.status, q.bytes_wire, q.bytes_body, q.ms, q.reused,
         q.redirects, q.error
    FROM request q;
CREATE VIEW v_posting AS
  SELECT p.id AS posting, s.key AS source, p.native_id, v.title, v.company, v.requisition, v.places,
         v.country, v.posted, v.url, v.text_read, x.first_proof, x.ended_after, x.ended_by, x.ended_how,
         x.ended_by IS NULL AS open
    FROM posting p JOIN source s ON s.id = p.source
    JOIN revision v ON v.id = (SELECT max(id) FROM revision WHERE posting = p.id)
    JOIN spell x ON x.id = (SELECT id FROM spell WHERE posting = p.id ORDER BY first_proof DESC LIMIT 1);
CREATE VIEW v_opening AS
  SELECT o.opening, o.posting, o.leads, o.counted, o.reason, o.evidence, v.source, v.native_id, v.title,
         v.company, v.url, v.open
    FROM opening o JOIN v_posting v ON v.posting = o.posting;
CREATE VIEW v_counted_opening AS
  SELECT c.opening, c.posting, v.title, v.company, v.source, v.url, c.family, c.track, c.level, c.stage,
         c.mode, c.min_months, c.max_months, c.pay_min, c.pay_max, c.pay_currency, c.cities, c.text_read,
         v.first_proof
    FROM counted c JOIN v_posting v ON v.posting = c.posting;
CREATE VIEW v_mention AS
  SELECT m.opening, m.skill, m.polarity, m.stated, m.section FROM mention m;
CREATE VIEW v_figure AS
  SELECT date(f.day * 86400, 'unixepoch') AS day, f.name, f.value, f.low, f.high, f.n, f.employers,
         v.hash AS vintage, v.current
    FROM figure_day f JOIN vintage v ON v.id = f.vintage;
