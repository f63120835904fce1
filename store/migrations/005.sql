-- What people call a skill, and what kind of word it is, as the rules had it when the vintage was
-- last used: answers read no rules. NULL: not known yet.
ALTER TABLE skill ADD COLUMN label TEXT;
ALTER TABLE skill ADD COLUMN category TEXT;
ALTER TABLE skill ADD COLUMN practice INTEGER CHECK (practice IN (0, 1));
ALTER TABLE skill ADD COLUMN generic INTEGER CHECK (generic IN (0, 1));
