-- The same checks, written out: of more than two words `IN` makes a table of its own at each write,
-- which took two thirds of the time of writing a reading or a spell.
CREATE TABLE reading_of_5 (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    started INTEGER NOT NULL,
    ended INTEGER,
    outcome TEXT CHECK (outcome = 'complete' OR outcome = 'partial' OR outcome = 'unchanged'
                        OR outcome = 'failed' OR outcome = 'gone'),
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
    CHECK (proven = 0 OR outcome = 'complete' OR outcome = 'unchanged')
) STRICT;
INSERT INTO reading_of_5 SELECT * FROM reading;
DROP TABLE reading;
ALTER TABLE reading_of_5 RENAME TO reading;
CREATE INDEX reading_of_source ON reading (source, ended);
CREATE INDEX reading_proven ON reading (source, ended) WHERE proven = 1;
CREATE INDEX reading_under_way ON reading (id) WHERE outcome IS NULL;

CREATE TABLE spell_of_5 (
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
    ended_how TEXT CHECK (ended_how = 'absent' OR ended_how = 'expired' OR ended_how = 'detail'
                          OR ended_how = 'max-age' OR ended_how = 'import'),
    PRIMARY KEY (posting, n),
    CHECK ((ended_by IS NULL) = (ended_after IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_how IS NULL)),
    CHECK (ended_by IS NULL OR first_proof <= ended_after AND ended_after <= ended_by)
) STRICT, WITHOUT ROWID;
INSERT INTO spell_of_5 SELECT * FROM spell;
DROP TABLE spell;
ALTER TABLE spell_of_5 RENAME TO spell;
CREATE UNIQUE INDEX spell_open ON spell (posting) WHERE ended_by IS NULL;
CREATE INDEX spell_open_of_source ON spell (source, ended_by) WHERE ended_by IS NULL;
CREATE INDEX spell_held ON spell (source) WHERE ended_by IS NULL AND held_by IS NOT NULL;
