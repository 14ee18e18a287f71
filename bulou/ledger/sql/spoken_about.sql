-- Which records some other record corrects, withdraws, accepts or rejects; one row of the result: such a record's id.
-- Parameters: district, ids. Relies on ledger_record_target, which holds few rows.
SELECT target FROM ledger_record
WHERE district = %s AND target IS NOT NULL
  AND target = ANY(%s::uuid[])
