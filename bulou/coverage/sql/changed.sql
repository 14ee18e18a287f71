-- Units of one round that may have changed since a moment; one row of the result: a unit as it stands now, an excuse
-- whose time is over as what it falls back to. Parameters: district, operation, scope (path prefixes with dot),
-- subjects (records spoke about them), since, at. Relies on coverage_unit_pk and coverage_unit_excuses.
SELECT subject, subject_type, path, area, building, label, sort,
  CASE WHEN state = 5 AND excused_until <= %(at)s::timestamptz THEN last_state ELSE state END::integer AS state,
  outcome, attempts, alert, effective_at, author
FROM coverage_unit
WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
  AND (subject = ANY(%(subjects)s::uuid[])
    OR (state = 5 AND excused_until > %(since)s::timestamptz AND excused_until <= %(at)s::timestamptz))
ORDER BY path, sort, subject
