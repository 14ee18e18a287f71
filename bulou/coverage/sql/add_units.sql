-- Adds units to frames and counts them as untried; one row of the result: a unit that was not there before.
-- Parameters: JSON array of coverage.terms.NewUnit, district. Relies on coverage_unit_pk.
WITH n AS MATERIALIZED (
  SELECT * FROM json_to_recordset(%(units)s::json) AS r(operation uuid, subject uuid, subject_type text, path text,
    area text, building text, label text, sort text, origin text, record uuid)
),
added AS (
  INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin, added_by)
  SELECT %(district)s, n.operation, subject, n.subject_type, n.path, area, building, label, sort, origin, record
  FROM n JOIN coverage_operation o ON o.id = n.operation AND o.district = %(district)s
  ORDER BY n.operation, subject
  ON CONFLICT DO NOTHING RETURNING operation, subject, area
),
counted AS (
  INSERT INTO coverage_counter AS c (district, operation, area, state, n)
  SELECT %(district)s, operation, area, 0, count(*) FROM added GROUP BY operation, area ORDER BY operation, area
  ON CONFLICT (district, operation, area, state) DO UPDATE SET n = c.n + excluded.n
)
SELECT operation, subject FROM added
