-- The account of one round at a moment per class of object; one row of the result: class, state, n.
-- Parameters: those of fold.sql and joined.sql, which stand at their marks below (subjects null), at, and scope (path prefixes with dot).
-- Classes are those of grid_site; units that are no sites carry their subject type.
WITH f AS (/*fold*/)
SELECT coalesce(s.type, u.subject_type) AS class,
  CASE WHEN f.rank = 3 AND f.excused_until <= %(at)s::timestamptz THEN f.last_state ELSE coalesce(f.state, 0) END::integer AS state,
  count(*)::integer AS n
FROM coverage_unit u LEFT JOIN f USING (subject)
LEFT JOIN grid_site s ON s.district = u.district AND s.id = u.subject
WHERE u.district = %(district)s AND u.operation = %(operation)s AND ((u.path || '.') ^@ ANY (%(scope)s::text[]))
  AND (u.added_by IS NULL OR /*joined*/)
GROUP BY 1, 2
