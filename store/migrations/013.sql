-- How a source stands, apart from what it is: each reading writes this row, and its pages hold ten
-- times as many of these as of the others.
CREATE TABLE standing (
    source INTEGER PRIMARY KEY REFERENCES source (id),
    last_reading INTEGER,
    last_proven INTEGER,
    last_outcome TEXT NOT NULL DEFAULT '',
    last_error TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    windowed INTEGER NOT NULL DEFAULT 0 CHECK (windowed IN (0, 1))
) STRICT;
INSERT INTO standing
SELECT id, last_reading, last_proven, last_outcome, last_error, failures, gone, windowed
FROM source ORDER BY id;
ALTER TABLE source DROP COLUMN last_reading;
ALTER TABLE source DROP COLUMN last_proven;
ALTER TABLE source DROP COLUMN last_outcome;
ALTER TABLE source DROP COLUMN last_error;
ALTER TABLE source DROP COLUMN failures;
ALTER TABLE source DROP COLUMN gone;
ALTER TABLE source DROP COLUMN windowed;

-- One index of a source's readings serves those that were proven too: each reading is written into
-- it, and the second was as large.
DROP INDEX reading_proven;
DROP INDEX reading_of_source;
CREATE INDEX reading_of_source ON reading (source, ended, proven);
