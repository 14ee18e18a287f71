-- One page of the units behind a figure, in walking order; one row of the result: a unit.
-- Parameters: district, operation, scope (path prefixes with dot), states, open (an ended excuse counts as open),
-- alert (boolean or null), after_path/after_sort/after_subject (keyset), at, limit. Relies on coverage_unit_pk.
SELECT operation, subject, subject_type, path, area, building, label, origin, state, outcome, alert, effective_at,
  record, excused_until, attempts, last_attempt_at, sort
FROM coverage_unit
WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
  AND CASE WHEN state = 5 AND excused_until <= %(at)s::timestamptz
    THEN last_state = ANY(%(states)s::smallint[]) ELSE state = ANY(%(states)s::smallint[]) END
  AND (%(alert)s::boolean IS NULL OR alert = %(alert)s::boolean)
  AND (path, sort, subject) > (%(after_path)s::text, %(after_sort)s::text, %(after_subject)s::uuid)
ORDER BY path, sort, subject LIMIT %(limit)s
