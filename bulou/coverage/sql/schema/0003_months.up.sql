-- Makes the partitions of the coming months, for the ledger and for the units: called by a job as the application role,
-- which may not change the schema itself. Runs as the owner; takes a number and nothing else, and makes nothing but months.
CREATE FUNCTION bulou_make_months(ahead integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  m timestamptz := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  parent text;
  part text;
  made integer := 0;
BEGIN
  FOR i IN 0..least(greatest(ahead, 0), 24) LOOP
    FOREACH parent IN ARRAY ARRAY['ledger_record', 'coverage_unit'] LOOP
      part := parent || '_' || to_char(m AT TIME ZONE 'UTC', 'YYYYMM');
      CONTINUE WHEN to_regclass(part) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
          part, parent, bulou_uuid_floor(m), bulou_uuid_floor(m + interval '1 month'));
        EXECUTE format('REVOKE ALL ON %I FROM bulou_app', part);
        IF parent = 'ledger_record' THEN
          EXECUTE format('CREATE TRIGGER ledger_record_no_truncate BEFORE TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', part);
        END IF;
        made := made + 1;
      EXCEPTION
        -- the default partition holds such a month already (a clock far ahead), or somebody is in the way: it stays there
        WHEN check_violation OR lock_not_available THEN
          RAISE WARNING 'no partition % was made: %', part, SQLERRM;
      END;
    END LOOP;
    m := m + interval '1 month';
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION bulou_make_months(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bulou_make_months(integer) TO bulou_app;
