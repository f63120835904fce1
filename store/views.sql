-- The public face for SQL users; docs/store.md explains every column. Views hold no data, so
-- each migration drops and makes them anew.

CREATE VIEW v_source AS
SELECT s.key AS source, s.adapter, s.company, s.policy, s.attribution, s.why_added, s.added,
       n.last_reading, n.last_proven, n.last_outcome, n.last_error, n.failures, n.gone,
       n.windowed AS "window", s.params, s.moved,
       (SELECT key FROM source t WHERE t.id = s.moved_to) AS moved_to,
       (SELECT count(*) FROM spell WHERE spell.source = s.id AND ended_by IS NULL) AS open
FROM source s JOIN standing n ON n.source = s.id;

-- What sources were: each row until its time.
CREATE VIEW v_source_was AS
SELECT s.key AS source, w.until, w.key, w.adapter, w.params, w.company, w.policy, w.attribution,
       w.why_added, w.windowed AS "window"
FROM source_was w JOIN source s ON s.id = w.source;

CREATE VIEW v_reading AS
SELECT r.id AS reading, s.key AS source, r.started, r.ended, r.outcome, r.proven, r.held, r.proof,
       r.error, r.pages, r.advertised, r.got, r.details_owed, r.requests, r.bytes, r.ms, r.opened,
       r.reopened, r.closed, r.changed, r.open
FROM reading r JOIN source s ON s.id = r.source;

CREATE VIEW v_request AS
SELECT q.id AS request, q.reading, s.key AS source, q.method, q.url, q.at, q.outcome, q.robots,
       q.robots_line, q.gap_required_ms, q.gap_kept_ms, q.status, q.bytes_wire, q.bytes_body,
       q.ms, q.reused, q.redirects, q.error
FROM request q LEFT JOIN reading r ON r.id = q.reading LEFT JOIN source s ON s.id = r.source;

CREATE VIEW v_spell AS
SELECT sp.posting, sp.n, s.key AS source, sp.first_proof,
       coalesce(sp.ended_after, max(sp.first_proof, coalesce(sp.last_seen, n.last_proven, 0)))
           AS last_proof,
       sp.ended_by, sp.ended_how, sp.ended_by IS NULL AS open
FROM spell sp JOIN source s ON s.id = sp.source JOIN standing n ON n.source = s.id;

CREATE VIEW v_revision AS
SELECT r.id AS revision, r.posting, r.reading, r.read_at, r.title, r.company, r.requisition,
       r.places, r.country, r.department, r.employment, r.experience, r.salary, r.pay_min,
       r.pay_max, r.pay_currency, r.posted, r.updated, r.expires, r.vacancies,
       r.text IS NOT NULL AS text_read, t.size AS text_bytes, lower(hex(r.content)) AS content,
       lower(hex(b.hash)) AS body
FROM revision r LEFT JOIN text t ON t.id = r.text LEFT JOIN body b ON b.id = r.body;

-- Postings that were proven at least once, with their latest spell and current revision.
CREATE VIEW v_posting AS
SELECT p.id AS posting, s.key AS source, p.native_id,
       coalesce((SELECT text || p.native_id FROM address WHERE id = p.address), p.url) AS url,
       sp.ended_by IS NULL AS open,
       first.first_proof AS first_proof, sp.first_proof AS open_since,
       coalesce(sp.ended_after, max(sp.first_proof, coalesce(sp.last_seen, n.last_proven, 0)))
           AS last_proof,
       sp.ended_by, sp.ended_how, sp.n AS spells, r.id AS revision, r.title, r.company,
       r.requisition, r.places, r.country, r.posted, r.updated, r.expires, r.vacancies,
       r.text IS NOT NULL AS text_read, g.family, CASE WHEN g.family IS NOT NULL THEN
       coalesce(g.track, '') END AS track, CASE WHEN g.family IS NOT NULL THEN
       coalesce(g.level, 'unknown') END AS level, nullif(g.stage, 0) AS stage, g.india,
       CASE WHEN g.family IS NOT NULL THEN coalesce(g.mode, 'unknown') END AS mode, g.cities,
       g.min_months, g.max_months, CASE WHEN g.family IS NOT NULL THEN
       coalesce(g.pay_kind, 'undisclosed') END AS pay_kind, CASE WHEN g.family IS NOT NULL THEN
       coalesce(g.pay_currency, '') END AS pay_currency, g.pay_annual_min, g.pay_annual_max
FROM posting p
JOIN source s ON s.id = p.source
JOIN standing n ON n.source = s.id
JOIN spell sp ON sp.posting = p.id AND sp.n = (SELECT max(n) FROM spell WHERE posting = p.id)
JOIN spell first ON first.posting = p.id AND first.n = 1
JOIN revision r ON r.id = p.revision
LEFT JOIN signal g ON g.revision = r.id;

-- A row an opening; its fields are those of the posting that leads it.
CREATE VIEW v_opening AS
SELECT o.opening, o.posting, o.counted, (SELECT text FROM reason WHERE id = o.reason) AS reason,
       (SELECT count(*) FROM opening_posting m WHERE m.opening = o.opening) AS postings,
       p.company AS employer, p.title, p.url, p.source, p.places, p.cities, p.text_read, p.family,
       p.track, p.level, p.stage, p.india, p.mode, p.min_months, p.max_months, p.pay_kind,
       p.pay_currency, p.pay_annual_min, p.pay_annual_max, p.vacancies, p.posted, p.open,
       p.first_proof, p.last_proof, (SELECT at FROM joined) AS as_of
FROM opening_posting o JOIN v_posting p ON p.posting = o.posting WHERE o.leads = 1;

CREATE VIEW v_counted_opening AS SELECT * FROM v_opening WHERE counted = 1;

-- A line a posting: why it counts or not, and why it is joined to its opening.
CREATE VIEW v_opening_posting AS
SELECT o.posting, o.opening, o.leads, o.counted, r.text AS reason,
       e.text || coalesce(' as ' || s.key || '/' || k.native_id, '') AS evidence
FROM opening_posting o JOIN reason r ON r.id = o.reason JOIN reason e ON e.id = o.evidence
LEFT JOIN posting k ON k.id = o.kin LEFT JOIN source s ON s.id = k.source;

CREATE VIEW v_mention AS
SELECT posting, opening, skill, polarity, stated, section,
       polarity IN ('required', 'duty', 'stack', 'preferred') AS demanded,
       in_words AS required_in_words
FROM mention;

CREATE VIEW v_figure AS
SELECT f.day, date(f.day * 86400, 'unixepoch') AS date, f.name, f.value, f.low, f.high, f.n,
       f.employers, lower(hex(v.hash)) AS vintage, coalesce(v.state = 'current', 0) AS current,
       NOT EXISTS (SELECT 1 FROM vintage e JOIN figure_day o ON o.vintage = e.id AND o.name = f.name
                   AND o.day = f.day WHERE e.id < f.vintage) AS first
FROM figure_day f LEFT JOIN vintage v ON v.id = f.vintage;

-- Empty while answers are not finished: between a reading and the figures made after it.
CREATE VIEW v_demand AS
SELECT d.stage, d.required_only, k.id AS skill, d.openings, d.employers, d.share, d.low, d.high,
       d.stated, d.required, d.lift, d.highest_stage, d.adjacent_lift, d.adjacent_low,
       d.adjacent_high, d.trend, d.share_without, d.low_without, d.high_without, f.made AS as_of
FROM finished f JOIN demand d
JOIN skill k ON k.n = d.skill AND k.vintage = (SELECT id FROM vintage WHERE state = 'current');

CREATE VIEW v_alert AS
SELECT kind, skill, date(fired * 86400, 'unixepoch') AS fired,
       date(resolved * 86400, 'unixepoch') AS resolved, share_then, share_now, employers, employer
FROM alert;

CREATE VIEW v_published AS
SELECT name, at, size, lower(hex(hash)) AS hash FROM published;
