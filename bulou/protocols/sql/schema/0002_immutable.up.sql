-- A protocol version stays as it was loaded: records name it, and old records keep the numbers they were made under.
CREATE FUNCTION protocols_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'protocol % version % is immutable', OLD.slug, OLD.version
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Load a file with a new version number.';
END
$$;

CREATE TRIGGER protocols_version_immutable BEFORE UPDATE OR DELETE ON protocols_version
    FOR EACH ROW EXECUTE FUNCTION protocols_version_is_immutable();
