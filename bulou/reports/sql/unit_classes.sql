-- The units of one round at a moment with their class; one row of the result: subject, class, state.
-- Class: the type of the site, or the round's subject type where the unit is an area. Parameters: those of the
-- coverage room's fold and of its joined.sql, which stand at the marks below (subjects null); at = the moment
-- whose excuses count; path = the part of the area that is asked about. Relies on coverage_unit's key and ledger_record_subject.
WITH f AS (/*fold*/)
SELECT u.subject, coalesce(s.type, u.subject_type) AS class,
  CASE WHEN f.rank = 3 AND f.excused_until <= %(at)s::timestamptz THEN f.last_state ELSE coalesce(f.state, 0) END AS state
FROM coverage_unit u
LEFT JOIN f USING (subject)
LEFT JOIN grid_site s ON s.district = u.district AND s.id = u.subject
WHERE u.district = %(district)s AND u.operation = %(operation)s
  AND (u.path = %(path)s OR (u.path >= %(path)s || '.' AND u.path < %(path)s || '/'))
  AND (u.added_by IS NULL OR /*joined*/)
