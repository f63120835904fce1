-- An employer of more than a fourth of the openings is named, and the shares of the others stand
-- beside: their part and name; NULL, or 0 and empty, where there is none.
ALTER TABLE demand_total ADD COLUMN largest INTEGER;
ALTER TABLE demand_total ADD COLUMN largest_name TEXT;
ALTER TABLE demand ADD COLUMN share_without REAL;
ALTER TABLE demand ADD COLUMN low_without REAL;
ALTER TABLE demand ADD COLUMN high_without REAL;
