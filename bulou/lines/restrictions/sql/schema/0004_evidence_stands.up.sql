-- Evidence that waits for a person is none: whatever a phone or a service sends under this kind is doubtful. And what the
-- database refuses leaves a trace that no ROLLBACK takes back: a sequence counts beside transactions.
CREATE SEQUENCE restrictions_refused;
CREATE OR REPLACE FUNCTION restrictions_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act restrictions_act;
    shown timestamptz;
    before timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a restriction is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.act, NEW.person, NEW.path, NEW.evidence, NEW.evidence_record, NEW.starts_at, NEW.renews)
            IS DISTINCT FROM (OLD.act, OLD.person, OLD.path, OLD.evidence, OLD.evidence_record, OLD.starts_at, OLD.renews)
            OR NEW.ends_at > OLD.ends_at OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at)
            OR upper(NEW.held) > upper(OLD.held) THEN
            RAISE EXCEPTION 'a restriction can only become shorter' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.held IS NULL OR NEW.held <@ OLD.held THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT * INTO act FROM restrictions_act a WHERE a.district = NEW.district AND a.id = NEW.act;
    IF act.id IS NULL OR NEW.ends_at > act.ends_at OR NEW.starts_at < act.starts_at THEN
        PERFORM nextval('restrictions_refused');
        RAISE EXCEPTION 'a restriction needs its act' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM restrictions_basis b WHERE b.district = NEW.district AND b.id = act.basis) THEN
        PERFORM nextval('restrictions_refused');
        RAISE EXCEPTION 'an act needs its legal basis' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT r.effective_at INTO shown FROM ledger_record r
        WHERE r.district = NEW.district AND r.id = NEW.evidence_record AND r.subject = NEW.person
          AND r.kind IN ('restriction.evidence', 'screening.person') AND r.standing = 'kept';
    IF shown IS NULL THEN
        PERFORM nextval('restrictions_refused');
        RAISE EXCEPTION 'a restriction needs evidence about this person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.held IS NOT NULL THEN
        IF act.decided_at IS NULL THEN
            PERFORM nextval('restrictions_refused');
            RAISE EXCEPTION 'nobody has decided' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF lower(NEW.held) < NEW.starts_at OR upper(NEW.held) IS NULL OR upper(NEW.held) > NEW.ends_at THEN
            RAISE EXCEPTION 'a restriction has an end' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF act.second IS NULL AND (
            (SELECT count(*) FROM restrictions_restriction r WHERE r.district = NEW.district AND r.act = NEW.act
                AND r.held IS NOT NULL AND r.id <> NEW.id) >= 20
            OR (SELECT count(*) FROM restrictions_restriction r JOIN restrictions_act a ON a.id = r.act
                WHERE a.district = NEW.district AND r.district = NEW.district AND a.proposer = act.proposer
                AND a.second IS NULL AND r.held IS NOT NULL AND r.id <> NEW.id
                AND a.decided_at > act.decided_at - interval '1 day' AND a.decided_at <= act.decided_at) >= 50) THEN
            RAISE EXCEPTION 'so many persons need two bodies' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT max(a.decided_at) INTO before FROM restrictions_restriction r JOIN restrictions_act a ON a.id = r.act
            WHERE r.district = NEW.district AND a.district = NEW.district AND r.person = NEW.person AND r.id <> NEW.id
              AND r.held IS NOT NULL AND r.ends_at > NEW.starts_at - interval '7 days';
        IF TG_OP = 'INSERT' OR OLD.held IS NULL THEN
            IF before IS NOT NULL AND shown <= before THEN
                RAISE EXCEPTION 'a renewal needs new evidence' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
