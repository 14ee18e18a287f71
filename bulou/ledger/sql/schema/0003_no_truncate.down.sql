DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'ledger_record'::regclass LOOP
    EXECUTE format('DROP TRIGGER ledger_record_no_truncate ON %s', part);
  END LOOP;
END $$;
DROP TRIGGER ledger_conflict_no_truncate ON ledger_conflict;
DROP TRIGGER ledger_seal_no_truncate ON ledger_seal;
