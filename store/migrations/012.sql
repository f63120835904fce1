-- Why a posting is joined, in words that stand once in `reason`, and with which other (kin): the
-- words with the other's name in them were a third of what an opening took.
CREATE TABLE said AS
SELECT o.posting, p.id AS kin, CASE WHEN p.id IS NULL THEN o.evidence ELSE o.words END AS text
FROM (
    SELECT posting, evidence, substr(evidence, 1, instr(evidence, ' as ') - 1) AS words,
           substr(evidence, instr(evidence, ' as ') + 4) AS other
    FROM opening_posting
) o
LEFT JOIN source s ON s.key = substr(o.other, 1, instr(o.other, '/') - 1)
LEFT JOIN posting p ON p.source = s.id AND p.native_id = substr(o.other, instr(o.other, '/') + 1)
                   AND instr(o.evidence, ' as ') > 0;
INSERT OR IGNORE INTO reason (text) SELECT DISTINCT text FROM said;
CREATE TABLE opening_posting_of_12 (
    posting INTEGER PRIMARY KEY REFERENCES posting (id),
    opening INTEGER NOT NULL REFERENCES posting (id),
    leads INTEGER NOT NULL CHECK (leads IN (0, 1)),
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    reason INTEGER NOT NULL REFERENCES reason (id),
    evidence INTEGER NOT NULL REFERENCES reason (id),
    kin INTEGER REFERENCES posting (id),
    mentions INTEGER,
    CHECK (counted = 0 OR leads = 1)
) STRICT;
INSERT INTO opening_posting_of_12
SELECT o.posting, o.opening, o.leads, o.counted, o.reason, r.id, d.kin, o.mentions
FROM opening_posting o JOIN said d ON d.posting = o.posting JOIN reason r ON r.text = d.text
ORDER BY o.posting;
DROP TABLE said;
DROP TABLE opening_posting;
ALTER TABLE opening_posting_of_12 RENAME TO opening_posting;
CREATE INDEX opening_posting_of ON opening_posting (opening);
CREATE UNIQUE INDEX opening_counted_once ON opening_posting (opening) WHERE counted = 1;
