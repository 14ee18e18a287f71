-- A signed report of a round is a document like a daily one: no update, no deletion.
CREATE TRIGGER reports_round_signed_stays BEFORE UPDATE OR DELETE ON reports_round
  FOR EACH ROW WHEN (OLD.state = 'signed') EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_round_no_truncate BEFORE TRUNCATE ON reports_round
  FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
REVOKE TRUNCATE ON reports_round FROM bulou_app;
