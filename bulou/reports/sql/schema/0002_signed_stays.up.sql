-- A signed report is a document: no update, no deletion, by nobody who comes through the database's front door.
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a signed report does not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reports_daily_signed_stays BEFORE UPDATE OR DELETE ON reports_daily
  FOR EACH ROW WHEN (OLD.state = 'signed') EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_daily_no_truncate BEFORE TRUNCATE ON reports_daily
  FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
REVOKE TRUNCATE ON reports_daily FROM bulou_app;
