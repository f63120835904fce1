-- Finished answers: what is asked without a filter, made with the figures, so that asking it scans
-- nothing. `finished` has its one row while they hold; a write that could change one takes it away.
-- until: when the clock alone changes an answer (a board turns stale, an ad expires). terms: what
-- else they were made by (aggregator/finished.c).
CREATE TABLE finished (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    made INTEGER NOT NULL,
    until INTEGER NOT NULL,
    terms INTEGER NOT NULL
) STRICT;

-- How many ads of a board are open, out of the index alone.
DROP INDEX spell_open_of_source;
CREATE INDEX spell_open_of_source ON spell (source, ended_by) WHERE ended_by IS NULL;
-- Whether a board awaits the confirmation of a collapse, without a look at every open spell.
CREATE INDEX spell_held ON spell (source) WHERE ended_by IS NULL AND held_by IS NOT NULL;

-- stage 0: all. skill: as in the current vintage (skill.n).
CREATE TABLE demand_total (
    stage INTEGER NOT NULL,
    required_only INTEGER NOT NULL CHECK (required_only IN (0, 1)),
    openings INTEGER NOT NULL,
    employers INTEGER NOT NULL,
    adjacent INTEGER NOT NULL,
    k_eff REAL NOT NULL,
    PRIMARY KEY (stage, required_only)
) STRICT, WITHOUT ROWID;
CREATE TABLE demand (
    stage INTEGER NOT NULL,
    required_only INTEGER NOT NULL CHECK (required_only IN (0, 1)),
    skill INTEGER NOT NULL,
    openings INTEGER NOT NULL,
    employers INTEGER NOT NULL,
    stated INTEGER NOT NULL,
    required INTEGER NOT NULL,
    highest_stage INTEGER NOT NULL,
    share REAL,
    low REAL,
    high REAL,
    lift REAL,
    adjacent_lift REAL,
    adjacent_low REAL,
    adjacent_high REAL,
    trend REAL,
    PRIMARY KEY (stage, required_only, skill)
) STRICT, WITHOUT ROWID;
