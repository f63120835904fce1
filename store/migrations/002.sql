-- What moved (docs/method.md, "Alerts"): a row a firing, whatever the rules read since. Days are
-- Asia/Kolkata days. untold: nobody was shown the firing, or the end of it, yet.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('stock', 'new')),
    skill TEXT NOT NULL,
    fired INTEGER NOT NULL,
    resolved INTEGER CHECK (resolved >= fired),
    share_then REAL NOT NULL,
    share_now REAL NOT NULL,
    employers INTEGER NOT NULL,
    employer TEXT NOT NULL,
    untold INTEGER NOT NULL CHECK (untold IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX alert_standing ON alert (kind, skill) WHERE resolved IS NULL;
