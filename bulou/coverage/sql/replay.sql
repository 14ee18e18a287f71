-- Units whose live row differs from what the ledger says; one row of the result: a subject and both states.
-- Parameters: those of fold.sql, which stands at the mark below, with subjects null.
WITH f AS (/*fold*/)
SELECT u.subject, row_to_json(u)::text AS live, row_to_json(f)::text AS told
FROM coverage_unit u LEFT JOIN f USING (subject)
WHERE u.district = %(district)s AND u.operation = %(operation)s
  AND (u.rank, u.state, u.outcome, u.alert, u.effective_at, u.record, u.excused_until, u.author, u.team, u.attempts,
       u.last_attempt_at, u.last_attempt, u.last_state)
  IS DISTINCT FROM
      (coalesce(f.rank, 0), coalesce(f.state, 0), coalesce(f.outcome, ''), coalesce(f.alert, false), f.effective_at,
       f.record, f.excused_until, f.author, coalesce(f.team, ''), coalesce(f.attempts, 0), f.last_attempt_at,
       f.last_attempt, coalesce(f.last_state, 0))
ORDER BY u.subject LIMIT 1000
