-- One page of the missed list in walking order; one row of the result: an open unit, or an excused one whose time is over.
-- Parameters: district, operation, low/high (path range), scope, whys (smallint[]), alert (boolean or null), building
-- (text or null), subjects (uuid[] or null), after_path/after_sort/after_subject (keyset), at, limit. Relies on coverage_unit_missed and
-- coverage_unit_excuses; both branches stop at the limit.
(
  SELECT subject, subject_type, label, path, area, building, sort, state::integer AS why, attempts, last_attempt_at,
    outcome, alert, false AS excuse_ended
  FROM coverage_unit
  WHERE district = %(district)s AND operation = %(operation)s AND state <= 4
    AND path >= %(low)s AND path < %(high)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
    AND state = ANY(%(whys)s::smallint[]) AND (%(alert)s::boolean IS NULL OR alert = %(alert)s::boolean)
    AND (%(building)s::text IS NULL OR building = %(building)s::text)
    AND (%(subjects)s::uuid[] IS NULL OR subject = ANY(%(subjects)s::uuid[]))
    AND (path, sort, subject) > (%(after_path)s::text, %(after_sort)s::text, %(after_subject)s::uuid)
  ORDER BY path, sort, subject LIMIT %(limit)s
)
UNION ALL
(
  SELECT subject, subject_type, label, path, area, building, sort, last_state::integer, attempts, last_attempt_at,
    outcome, alert, true
  FROM coverage_unit
  WHERE district = %(district)s AND operation = %(operation)s AND state = 5 AND excused_until <= %(at)s::timestamptz
    AND path >= %(low)s AND path < %(high)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
    AND last_state = ANY(%(whys)s::smallint[]) AND (%(alert)s::boolean IS NULL OR alert = %(alert)s::boolean)
    AND (%(building)s::text IS NULL OR building = %(building)s::text)
    AND (%(subjects)s::uuid[] IS NULL OR subject = ANY(%(subjects)s::uuid[]))
    AND (path, sort, subject) > (%(after_path)s::text, %(after_sort)s::text, %(after_subject)s::uuid)
  ORDER BY path, sort, subject LIMIT %(limit)s
)
ORDER BY path, sort, subject LIMIT %(limit)s
