-- Who looked at whom stays as it was written; a certificate of destruction too. Rows of the log go only when they are
-- three years old.
CREATE FUNCTION people_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'people_read' AND (to_jsonb(OLD) ->> 'at')::timestamptz < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a row of % is never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER people_read_stays BEFORE UPDATE OR DELETE ON people_read
    FOR EACH ROW EXECUTE FUNCTION people_log_stays();
CREATE TRIGGER people_certificate_stays BEFORE UPDATE OR DELETE ON people_certificate
    FOR EACH ROW EXECUTE FUNCTION people_log_stays();
