DROP TRIGGER people_certificate_stays ON people_certificate;
DROP TRIGGER people_read_stays ON people_read;
DROP FUNCTION people_log_stays();
