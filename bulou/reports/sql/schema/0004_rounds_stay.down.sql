DROP TRIGGER reports_round_no_truncate ON reports_round;
DROP TRIGGER reports_round_signed_stays ON reports_round;
