-- Unit states, partitioned by round: the id of a round is a UUIDv7, so a month of rounds is one partition,
-- and an old month can be detached and archived as a whole.
CREATE TABLE coverage_unit (
  district text NOT NULL,
  operation uuid NOT NULL,
  subject uuid NOT NULL,
  subject_type text NOT NULL,
  path text COLLATE "C" NOT NULL,
  area text COLLATE "C" NOT NULL,
  building text NOT NULL DEFAULT '',
  label text NOT NULL DEFAULT '',
  sort text COLLATE "C" NOT NULL DEFAULT '',
  origin text NOT NULL,
  added_by uuid,
  rank smallint NOT NULL DEFAULT 0,
  state smallint NOT NULL DEFAULT 0,
  outcome text NOT NULL DEFAULT '',
  alert boolean NOT NULL DEFAULT false,
  effective_at timestamptz,
  record uuid,
  excused_until timestamptz,
  attempts smallint NOT NULL DEFAULT 0,
  last_attempt_at timestamptz,
  last_attempt uuid,
  last_state smallint NOT NULL DEFAULT 0,
  author uuid,
  team text NOT NULL DEFAULT '',
  amended boolean NOT NULL DEFAULT false,
  CONSTRAINT coverage_unit_pk PRIMARY KEY (district, operation, subject)
) PARTITION BY RANGE (operation);

DO $$
DECLARE m timestamptz := '2026-10-01 00:00+00';
BEGIN
  WHILE m < '2027-07-01' LOOP
    EXECUTE format('CREATE TABLE coverage_unit_%s PARTITION OF coverage_unit FOR VALUES FROM (%L) TO (%L)',
      to_char(m AT TIME ZONE 'UTC', 'YYYYMM'), bulou_uuid_floor(m), bulou_uuid_floor(m + interval '1 month'));
    EXECUTE format('REVOKE ALL ON coverage_unit_%s FROM bulou_app', to_char(m AT TIME ZONE 'UTC', 'YYYYMM'));
    m := m + interval '1 month';
  END LOOP;
END $$;
CREATE TABLE coverage_unit_other PARTITION OF coverage_unit DEFAULT;
REVOKE ALL ON coverage_unit_other FROM bulou_app;

-- the missed list of an area, in walking order, page by page
CREATE INDEX coverage_unit_missed ON coverage_unit (district, operation, path, sort, subject) WHERE state <= 4;
-- excuses that have run out: the read moves them back to open
CREATE INDEX coverage_unit_excuses ON coverage_unit (district, operation, excused_until) WHERE state = 5;
-- units with an alert
CREATE INDEX coverage_unit_alerts ON coverage_unit (district, operation, path) WHERE alert;

CREATE TABLE coverage_counter (
  district text NOT NULL,
  operation uuid NOT NULL,
  area text COLLATE "C" NOT NULL,
  state smallint NOT NULL,
  n integer NOT NULL,
  CONSTRAINT coverage_counter_pk PRIMARY KEY (district, operation, area, state) INCLUDE (n)
) WITH (fillfactor = 60);
