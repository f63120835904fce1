-- What texts of ads have in common, for zstd: frames of `text` name the dictionary they were
-- packed with by its id. Texts up to `texts` were there before it; those up to `repacked` were
-- packed again with it.
CREATE TABLE dictionary (
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL,
    texts INTEGER NOT NULL,
    repacked INTEGER NOT NULL DEFAULT 0
) STRICT;
