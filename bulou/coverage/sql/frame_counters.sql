-- Counts the units of a frame that was just made and seals it; one row per compound goes into the counters. One row: n, sha,
-- the same as frame_seal gives ever after. Both in one pass, because row security looks at each unit of a pass anew.
-- Parameters: district, operation.
WITH compound AS (
  SELECT area, count(*) AS n, sha256(string_agg(uuid_send(subject), ''::bytea ORDER BY subject)) AS h
  FROM coverage_unit WHERE district = %(district)s AND operation = %(operation)s GROUP BY area
), counted AS (
  INSERT INTO coverage_counter (district, operation, area, state, n)
  SELECT %(district)s, %(operation)s, area, 0, n FROM compound
)
SELECT sum(n)::bigint, encode(sha256(string_agg(h, ''::bytea ORDER BY area)), 'hex') FROM compound
