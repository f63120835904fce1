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
-- They and their mentions are replaced where they differ, and made anew after this.
DROP TABLE mention;
DROP TABLE opening_posting;
DROP TABLE opening;
CREATE TABLE reason (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
-- opening: the posting id of the member with the earliest first proof. mentions: the revision that
-- the rows of `mention` were made of.
CREATE TABLE opening_posting (
    posting INTEGER PRIMARY KEY REFERENCES posting (id),
    opening INTEGER NOT NULL REFERENCES posting (id),
    leads INTEGER NOT NULL CHECK (leads IN (0, 1)),
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    reason INTEGER NOT NULL REFERENCES reason (id),
    evidence TEXT NOT NULL,
    mentions INTEGER,
    CHECK (counted = 0 OR leads = 1)
) STRICT;
CREATE INDEX opening_posting_of ON opening_posting (opening);
CREATE UNIQUE INDEX opening_counted_once ON opening_posting (opening) WHERE counted = 1;
CREATE TABLE mention (
    opening INTEGER NOT NULL,
    skill TEXT NOT NULL,
    posting INTEGER NOT NULL REFERENCES posting (id),
    polarity TEXT NOT NULL,
    stated INTEGER NOT NULL CHECK (stated IN (0, 1)),
    section TEXT NOT NULL,
    PRIMARY KEY (opening, skill)
) STRICT, WITHOUT ROWID;
-- When the openings were joined, and in which vintage.
CREATE TABLE joined (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL,
    vintage INTEGER NOT NULL
) STRICT;
