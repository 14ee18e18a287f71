-- A kept version of a plan stays as it is: people were called by it. Publishing it once is all that may happen to it.
CREATE FUNCTION testing_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a plan is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.published_at IS NOT NULL
        OR (to_jsonb(NEW) - '{published_at,published_by}'::text[]) IS DISTINCT FROM
           (to_jsonb(OLD) - '{published_at,published_by}'::text[]) THEN
        RAISE EXCEPTION 'a plan stays as it was kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testing_plan_stays BEFORE UPDATE OR DELETE ON testing_plan
    FOR EACH ROW EXECUTE FUNCTION testing_plan_stays();
