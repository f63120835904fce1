-- A mention that is stated and requires the skill: what the coverage of a roadmap is counted from.
-- Mentions are made anew with the next figures.
ALTER TABLE mention ADD COLUMN in_words INTEGER NOT NULL DEFAULT 0 CHECK (in_words IN (0, 1));
UPDATE opening_posting SET mentions = NULL;
