-- Revisits that do not match their unit, and units that ask for a revisit and have none; one row of the result: a subject.
-- Parameters: district. Reads all revisits and open units of the district: for replay, not for pages.
SELECT coalesce(t.subject, u.subject)::text
FROM tasks_revisit t
FULL JOIN (SELECT * FROM coverage_unit WHERE district = %(district)s AND state IN (1, 2, 3)) u
  ON t.district = u.district AND t.operation = u.operation AND t.subject = u.subject
WHERE coalesce(t.district, u.district) = %(district)s
  AND (t.subject IS NULL OR u.subject IS NULL OR t.why <> u.state OR t.after_record <> u.last_attempt OR t.path <> u.path)
LIMIT 100
