-- The ledger proper. Partitioned by id: ids are UUIDv7, so a month of ids is a month of records, and the id alone is unique.
-- arrival: the writing transaction, moved up by bulou_arrival_base() after a logical restore, so that it always grows.
CREATE FUNCTION bulou_arrival_base() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';
CREATE FUNCTION bulou_arrival() RETURNS bigint LANGUAGE sql VOLATILE
  AS 'SELECT pg_current_xact_id()::text::bigint + bulou_arrival_base()';

CREATE TABLE ledger_record (
  id uuid PRIMARY KEY,
  arrival bigint NOT NULL DEFAULT bulou_arrival(),
  district text NOT NULL,
  path text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  operation uuid,
  subject_type text NOT NULL DEFAULT '',
  subject uuid,
  slot text NOT NULL DEFAULT '',
  outcome text NOT NULL DEFAULT '',
  payload json NOT NULL,
  observed_at timestamptz NOT NULL,
  clock_offset_ms bigint NOT NULL DEFAULT 0,
  effective_at timestamptz NOT NULL,
  device uuid,
  device_seq bigint,
  author uuid NOT NULL,
  team text NOT NULL DEFAULT '',
  protocol text NOT NULL DEFAULT '',
  based_on uuid,
  corrects uuid,
  withdraws uuid,
  accepts uuid,
  received_at timestamptz NOT NULL,
  standing text NOT NULL CHECK (standing IN ('kept', 'doubtful')),
  problems text[] NOT NULL DEFAULT '{}',
  digest bytea NOT NULL,
  -- what the record speaks about, as a plain column: an expression would not be trusted below row-level security,
  -- and the index on it would be read whole
  target uuid GENERATED ALWAYS AS (coalesce(corrects, withdraws, accepts)) STORED,
  CONSTRAINT ledger_record_problems CHECK ((standing = 'kept') = (problems = '{}')),
  CONSTRAINT ledger_record_path CHECK (path = district OR starts_with(path, district || '.')),
  CONSTRAINT ledger_record_one_target CHECK (num_nonnulls(corrects, withdraws, accepts) <= 1)
) PARTITION BY RANGE (id);

-- the month of a UUIDv7 as the smallest id in it
CREATE FUNCTION bulou_uuid_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

DO $$
DECLARE m timestamptz := '2026-10-01 00:00+00';
BEGIN
  WHILE m < '2027-07-01' LOOP
    EXECUTE format('CREATE TABLE ledger_record_%s PARTITION OF ledger_record FOR VALUES FROM (%L) TO (%L)',
      to_char(m AT TIME ZONE 'UTC', 'YYYYMM'), bulou_uuid_floor(m), bulou_uuid_floor(m + interval '1 month'));
    -- a partition read directly would go round the policies of its parent
    EXECUTE format('REVOKE ALL ON ledger_record_%s FROM bulou_app', to_char(m AT TIME ZONE 'UTC', 'YYYYMM'));
    m := m + interval '1 month';
  END LOOP;
END $$;
-- ids of other shapes and of clocks that are years off
CREATE TABLE ledger_record_other PARTITION OF ledger_record DEFAULT;
REVOKE ALL ON ledger_record_other FROM bulou_app;

-- seals and verify: a district's records in order of arrival
CREATE INDEX ledger_record_arrival ON ledger_record (district, arrival);
-- history of a subject, refold of a unit, account as of a past moment
CREATE INDEX ledger_record_subject ON ledger_record (district, operation, subject);
CREATE INDEX ledger_record_subject_only ON ledger_record (district, subject) WHERE operation IS NULL;
-- is anything said about this record?
CREATE INDEX ledger_record_target ON ledger_record (district, target) WHERE target IS NOT NULL;
-- the list of doubtful records
CREATE INDEX ledger_record_doubtful ON ledger_record (district, received_at) WHERE standing = 'doubtful';
-- records of office kinds by day (findings, inspections, audit); visits are found by their round
CREATE INDEX ledger_record_kind ON ledger_record (district, kind, effective_at) WHERE operation IS NULL;

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_record_append_only BEFORE UPDATE OR DELETE ON ledger_record
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_record_no_truncate BEFORE TRUNCATE ON ledger_record
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_conflict_append_only BEFORE UPDATE OR DELETE ON ledger_conflict
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE ON ledger_seal
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE TABLE ledger_sequence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  district text NOT NULL,
  device uuid NOT NULL,
  ranges int8multirange NOT NULL,
  CONSTRAINT ledger_sequence_once UNIQUE (district, device)
);

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_record, ledger_conflict, ledger_seal FROM bulou_app;
