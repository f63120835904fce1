-- The bytes of texts apart from what is known of them. A new text has a block of its own; texts of
-- one kind are later put into one block, plain one after the other, and packed whole: then the text
-- is the `size` bytes from `at` on. at NULL: it is its block. (Not declared as a reference: to let
-- a block go would look through all texts.)
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
INSERT INTO block SELECT id, data FROM text;
CREATE TABLE text_of_7 (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 16),
    size INTEGER NOT NULL,
    simhash INTEGER NOT NULL,
    words_hash INTEGER NOT NULL,
    block INTEGER NOT NULL,
    at INTEGER
) STRICT;
INSERT INTO text_of_7 SELECT id, hash, size, simhash, words_hash, id, NULL FROM text;
DROP TABLE text;
ALTER TABLE text_of_7 RENAME TO text;

-- The words of signals by number (store/pack.h): the same few thousand in all of them.
CREATE TABLE word (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- The texts of the revisions up to this one are in blocks with others.
CREATE TABLE tidied (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO tidied VALUES (1, 0);
ALTER TABLE dictionary DROP COLUMN repacked;

-- What the addresses of a board's ads begin with, where they end with the ad's id.
CREATE TABLE address (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    text TEXT NOT NULL,
    UNIQUE (source, text)
) STRICT;
INSERT INTO address (source, text)
SELECT source, text FROM (
    SELECT source, substr(url, 1, length(url) - length(native_id)) AS text,
           row_number() OVER (PARTITION BY source ORDER BY count(*) DESC) AS place
    FROM posting WHERE substr(url, -length(native_id)) = native_id GROUP BY source, text
    HAVING count(*) > 1
) WHERE place <= 8;

-- A posting is found by a hash of its address (url_hash() is this program's): the index of whole
-- addresses was as large as the table. listed, listed_since, gone_listed: 16 bytes where they are
-- a hash of 32 digits. address: its address begins so and ends with native_id; then url is empty.
CREATE TABLE posting_of_7 (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    native_id TEXT NOT NULL,
    url TEXT NOT NULL,
    address INTEGER REFERENCES address (id),
    url_hash INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    listed BLOB NOT NULL,
    listed_since BLOB,
    gone_listed BLOB,
    revision INTEGER,
    revised INTEGER,
    UNIQUE (source, native_id)
) STRICT;
INSERT INTO posting_of_7
SELECT p.id, p.source, native_id, CASE WHEN a.id IS NULL THEN url ELSE '' END, a.id, url_hash(url),
       first_seen, short_hash(listed), short_hash(listed_since), short_hash(gone_listed), revision,
       revised
FROM posting p LEFT JOIN address a ON a.source = p.source AND a.text || native_id = url;
DROP TABLE posting;
ALTER TABLE posting_of_7 RENAME TO posting;
CREATE INDEX posting_url ON posting (url_hash);

-- body: the answer it was read from.
CREATE TABLE revision_of_7 (
    id INTEGER PRIMARY KEY,
    posting INTEGER NOT NULL REFERENCES posting (id),
    reading INTEGER NOT NULL REFERENCES reading (id),
    read_at INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 16),
    body INTEGER REFERENCES body (id),
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
INSERT INTO revision_of_7
SELECT id, posting, reading, read_at, content, (SELECT id FROM body WHERE hash = revision.body),
       title, company, requisition, places, country, mode, department, employment, experience,
       salary, pay_min, pay_max, pay_currency, pay_period, posted, updated, expires, vacancies, text
FROM revision;
DROP TABLE revision;
ALTER TABLE revision_of_7 RENAME TO revision;
CREATE INDEX revision_of_posting ON revision (posting);

-- What most ads do not say is not written: NULL is an unknown level or mode, no track, undisclosed
-- pay.
CREATE TABLE signal_of_7 (
    vintage INTEGER NOT NULL REFERENCES vintage (id),
    revision INTEGER NOT NULL REFERENCES revision (id),
    family TEXT NOT NULL,
    track TEXT,
    level TEXT,
    stage INTEGER NOT NULL,
    india TEXT NOT NULL,
    mode TEXT,
    cities TEXT NOT NULL,
    min_months INTEGER,
    max_months INTEGER,
    pay_kind TEXT,
    pay_currency TEXT,
    pay_annual_min INTEGER,
    pay_annual_max INTEGER,
    packed BLOB NOT NULL,
    PRIMARY KEY (vintage, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO signal_of_7
SELECT vintage, revision, family, nullif(track, ''), nullif(level, 'unknown'), stage, india,
       nullif(mode, 'unknown'), cities, min_months, max_months, nullif(pay_kind, 'undisclosed'),
       nullif(pay_currency, ''), pay_annual_min, pay_annual_max, packed
FROM signal;
DROP TABLE signal;
ALTER TABLE signal_of_7 RENAME TO signal;
