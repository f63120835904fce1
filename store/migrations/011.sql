-- What the vintage that readers see concludes of each revision. A vintage that replaces it has rows
-- only where it concludes otherwise (signal_next), and they take the place of these at its end.
CREATE TABLE signal_of_11 (
    revision INTEGER PRIMARY KEY REFERENCES revision (id),
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
    packed BLOB NOT NULL
) STRICT;
INSERT INTO signal_of_11
SELECT revision, family, track, level, stage, india, mode, cities, min_months, max_months,
       pay_kind, pay_currency, pay_annual_min, pay_annual_max, packed
FROM signal WHERE vintage = (SELECT id FROM vintage WHERE state = 'current') ORDER BY revision;
DROP TABLE signal;
ALTER TABLE signal_of_11 RENAME TO signal;
CREATE TABLE signal_next (
    revision INTEGER PRIMARY KEY,
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
    packed BLOB NOT NULL
) STRICT;
-- One that was under way begins again.
UPDATE vintage SET state = 'past' WHERE state = 'building';
DELETE FROM skill WHERE vintage NOT IN (SELECT id FROM vintage WHERE state = 'current');
-- What signals call a skill: it keeps its number when the rules after these have others beside it.
ALTER TABLE skill ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE skill SET number = n;

-- A text is found by the first bytes of its hash: the index of whole hashes was half as large as the
-- table.
CREATE TABLE text_of_11 (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 16),
    size INTEGER NOT NULL,
    simhash INTEGER NOT NULL,
    words_hash INTEGER NOT NULL,
    block INTEGER NOT NULL,
    at INTEGER
) STRICT;
INSERT INTO text_of_11 SELECT id, hash, size, simhash, words_hash, block, at FROM text ORDER BY id;
DROP TABLE text;
ALTER TABLE text_of_11 RENAME TO text;
CREATE INDEX text_of_hash ON text (substr(hash, 1, 4));
