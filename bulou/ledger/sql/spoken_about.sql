-- Which records some other record corrects, withdraws, accepts or rejects; one row of the result: such a record's id.
-- Parameters: district, ids. Relies on ledger_record_target, which holds few rows.
SELECT coalesce(corrects, withdraws, accepts) FROM ledger_record
WHERE district = %s AND coalesce(corrects, withdraws, accepts) IS NOT NULL
  AND coalesce(corrects, withdraws, accepts) = ANY(%s)
