-- What the rules of a vintage were, one by one, so that the next need not read what it cannot
-- conclude otherwise. words: at which a rule finds anything, one a line.
CREATE TABLE rule_mark (
    vintage INTEGER NOT NULL REFERENCES vintage (id),
    id TEXT NOT NULL,
    hash BLOB NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (vintage, id)
) STRICT, WITHOUT ROWID;
