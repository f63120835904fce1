-- What people call a skill, and what kind of word it is, as the rules had it when the vintage was
-- last used: answers read no rules. NULL: not known yet.
ALTER TABLE skill ADD COLUMN label TEXT;
ALTER TABLE skill ADD COLUMN category TEXT;
ALTER TABLE skill ADD COLUMN practice INTEGER CHECK (practice IN (0, 1));
ALTER TABLE skill ADD COLUMN generic INTEGER CHECK (generic IN (0, 1));

-- What figures ask of the openings as they stood at a time, packed (aggregator/kept.c): a question
-- with a filter, and a change since then, read this instead of every posting there ever was. A
-- write that changes what was known at a time takes away the markets kept of it and of later ones.
-- terms: what else it was made by. front: what demand asks; most questions need no more.
CREATE TABLE market (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    vintage INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    front BLOB NOT NULL,
    rest BLOB NOT NULL,
    UNIQUE (at, vintage)
) STRICT;

-- The rows of `demand` for this stage as they lie in memory: one read instead of hundreds. layout:
-- in whose memory; another program's are as good as none.
ALTER TABLE demand_total ADD COLUMN packed BLOB;
ALTER TABLE finished ADD COLUMN layout INTEGER NOT NULL DEFAULT 0;

-- Openings as their postings' lines alone: what the opening is stands in the line that leads it.
-- They and their mentions are replaced where they differ.
CREATE TABLE reason (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO reason (text) SELECT DISTINCT reason FROM opening_posting;
-- opening: the posting id of the member with the earliest first proof. mentions: the revision that
-- the rows of `mention` were made of; NULL: they are made anew with the next figures.
CREATE TABLE opening_posting_of_8 (
    posting INTEGER PRIMARY KEY REFERENCES posting (id),
    opening INTEGER NOT NULL REFERENCES posting (id),
    leads INTEGER NOT NULL CHECK (leads IN (0, 1)),
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    reason INTEGER NOT NULL REFERENCES reason (id),
    evidence TEXT NOT NULL,
    mentions INTEGER,
    CHECK (counted = 0 OR leads = 1)
) STRICT;
INSERT OR IGNORE INTO opening_posting_of_8
SELECT o.posting, o.opening, o.leads, o.counted, r.id, o.evidence, NULL
FROM opening_posting o JOIN reason r ON r.text = o.reason;
CREATE TABLE mention_of_8 (
    opening INTEGER NOT NULL,
    skill TEXT NOT NULL,
    posting INTEGER NOT NULL REFERENCES posting (id),
    polarity TEXT NOT NULL,
    stated INTEGER NOT NULL CHECK (stated IN (0, 1)),
    section TEXT NOT NULL,
    PRIMARY KEY (opening, skill)
) STRICT, WITHOUT ROWID;
INSERT INTO mention_of_8 SELECT opening, skill, posting, polarity, stated, section FROM mention;
-- When the openings were joined, and in which vintage.
CREATE TABLE joined (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL,
    vintage INTEGER NOT NULL
) STRICT;
INSERT INTO joined
SELECT 1, at, coalesce((SELECT id FROM vintage WHERE state = 'current'), 0)
FROM (SELECT max(made) AS at FROM opening) WHERE at IS NOT NULL;
DROP TABLE mention;
DROP TABLE opening_posting;
DROP TABLE opening;
ALTER TABLE mention_of_8 RENAME TO mention;
ALTER TABLE opening_posting_of_8 RENAME TO opening_posting;
CREATE INDEX opening_posting_of ON opening_posting (opening);
CREATE UNIQUE INDEX opening_counted_once ON opening_posting (opening) WHERE counted = 1;
