-- What is there already of these records: content hash, and why each is doubtful; one row a record.
-- Parameter 1: ids. Relies on the primary key of each partition.
SELECT id, digest, CASE WHEN standing = 'kept' THEN '{}'::text[] ELSE problems END
FROM ledger_record WHERE id = ANY(%s)
