-- The account of one round at a past moment, per compound; one row of the result: area, state, n (20 = alerts).
-- Parameters: those of fold.sql, which stands at its mark below (subjects null), and at = the moment whose excuses count.
-- The frame of the moment is the frame at opening and the units that had joined by then (joined.sql at its mark).
WITH f AS (/*fold*/),
u AS (
  SELECT u.area, f.alert,
    CASE WHEN f.rank = 3 AND f.excused_until <= %(at)s::timestamptz THEN f.last_state ELSE coalesce(f.state, 0) END AS state
  FROM coverage_unit u LEFT JOIN f USING (subject)
  WHERE u.district = %(district)s AND u.operation = %(operation)s AND (u.added_by IS NULL OR /*joined*/)
)
SELECT area, state::integer, count(*)::integer AS n FROM u GROUP BY area, state
UNION ALL SELECT area, 20, count(*)::integer FROM u WHERE alert GROUP BY area
