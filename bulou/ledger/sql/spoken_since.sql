-- Which units of these rounds records have spoken about since an arrival number; one row of the result: a round, a subject.
-- Parameters: district, since, operations, most. Relies on ledger_record_arrival.
SELECT DISTINCT operation, subject FROM ledger_record
WHERE district = %(district)s AND arrival >= %(since)s AND operation = ANY(%(operations)s::uuid[]) AND subject IS NOT NULL
LIMIT %(most)s
