-- What a source was before it became what it is: a row a change, its values as they stood until
-- then. An answer as of a past time reads the row with the least `until` after that time, or the
-- source itself where there is none.
CREATE TABLE source_was (
    source INTEGER NOT NULL REFERENCES source (id),
    until INTEGER NOT NULL,
    key TEXT NOT NULL,
    adapter TEXT NOT NULL,
    params TEXT NOT NULL,
    company TEXT NOT NULL,
    policy TEXT NOT NULL,
    attribution TEXT NOT NULL,
    why_added TEXT NOT NULL,
    windowed INTEGER NOT NULL CHECK (windowed IN (0, 1)),
    PRIMARY KEY (source, until)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_was_key ON source_was (key);

-- params: the adapter's parameters, sorted, one a line. moved: since when its board is read as
-- another source, which has its history from there on.
ALTER TABLE source ADD COLUMN params TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN moved INTEGER;
ALTER TABLE source ADD COLUMN moved_to INTEGER REFERENCES source (id);

-- A spell may end because its board moved; seen_since: at a window, since when each proven reading
-- showed it, and `seen` has the times before that.
CREATE TABLE spell_of_6 (
    posting INTEGER NOT NULL REFERENCES posting (id),
    n INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source (id),
    first_proof INTEGER NOT NULL,
    first_reading INTEGER NOT NULL REFERENCES reading (id),
    last_seen INTEGER,
    seen_since INTEGER,
    held_by INTEGER REFERENCES reading (id),
    ended_after INTEGER,
    ended_by INTEGER,
    ended_reading INTEGER REFERENCES reading (id),
    ended_how TEXT CHECK (ended_how = 'absent' OR ended_how = 'expired' OR ended_how = 'detail'
                          OR ended_how = 'max-age' OR ended_how = 'import' OR ended_how = 'moved'),
    PRIMARY KEY (posting, n),
    CHECK ((ended_by IS NULL) = (ended_after IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_how IS NULL)),
    CHECK (ended_by IS NULL OR first_proof <= ended_after AND ended_after <= ended_by)
) STRICT, WITHOUT ROWID;
INSERT INTO spell_of_6
SELECT posting, n, source, first_proof, first_reading, last_seen,
       CASE WHEN last_seen IS NOT NULL THEN first_proof END, held_by, ended_after, ended_by,
       ended_reading, ended_how
FROM spell;
DROP TABLE spell;
ALTER TABLE spell_of_6 RENAME TO spell;
CREATE UNIQUE INDEX spell_open ON spell (posting) WHERE ended_by IS NULL;
CREATE INDEX spell_open_of_source ON spell (source, ended_by) WHERE ended_by IS NULL;
CREATE INDEX spell_held ON spell (source) WHERE ended_by IS NULL AND held_by IS NOT NULL;

CREATE TABLE seen (
    posting INTEGER NOT NULL REFERENCES posting (id),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (posting, since)
) STRICT, WITHOUT ROWID;
