-- A trigger against TRUNCATE is not handed down to partitions, unlike the one against UPDATE and DELETE.
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'ledger_record'::regclass LOOP
    EXECUTE format('CREATE TRIGGER ledger_record_no_truncate BEFORE TRUNCATE ON %s'
      ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', part);
  END LOOP;
END $$;
CREATE TRIGGER ledger_conflict_no_truncate BEFORE TRUNCATE ON ledger_conflict
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_seal_no_truncate BEFORE TRUNCATE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
