DROP TRIGGER reports_daily_no_truncate ON reports_daily;
DROP TRIGGER reports_daily_signed_stays ON reports_daily;
DROP FUNCTION reports_refuse_change();
