-- Units whose live row differs from what the ledger says, and units that a record added and that are not there; one row
-- of the result: a subject and both states. Parameters: those of fold.sql, which stands at the mark below, subjects null.
WITH f AS (/*fold*/)
SELECT subject, live, told FROM (
SELECT u.subject, row_to_json(u)::text AS live, coalesce(row_to_json(f)::text, '') AS told
FROM coverage_unit u LEFT JOIN f USING (subject)
WHERE u.district = %(district)s AND u.operation = %(operation)s
  AND (u.rank, u.state, u.outcome, u.alert, u.effective_at, u.record, u.excused_until, u.author, u.team, u.attempts,
       u.last_attempt_at, u.last_attempt, u.last_state)
  IS DISTINCT FROM
      (coalesce(f.rank, 0), coalesce(f.state, 0), coalesce(f.outcome, ''), coalesce(f.alert, false), f.effective_at,
       f.record, f.excused_until, f.author, coalesce(f.team, ''), coalesce(f.attempts, 0), f.last_attempt_at,
       f.last_attempt, coalesce(f.last_state, 0))
UNION ALL
SELECT DISTINCT a.subject, '', 'added by a record'
FROM ledger_record a
WHERE a.district = %(district)s AND a.operation = %(operation)s AND (a.standing = 'kept' OR a.problems = '{coverage.unsaid_alert}')
  AND (a.kind = 'unit.added' OR a.payload->'new_subject' IS NOT NULL)
  AND NOT EXISTS (SELECT FROM coverage_unit u
    WHERE u.district = a.district AND u.operation = a.operation AND u.subject = a.subject)
) d
ORDER BY subject LIMIT 1000
