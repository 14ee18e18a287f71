-- How many units a frame has and their hash; one row: n, sha. Parameters: district, operation.
-- A hash of hashes per compound, so that the text to sort stays small.
SELECT coalesce(sum(n), 0)::bigint, encode(sha256(coalesce(string_agg(h, ''::bytea ORDER BY area), ''::bytea)), 'hex') FROM (
  SELECT area, count(*) AS n, sha256(string_agg(uuid_send(subject), ''::bytea ORDER BY subject)) AS h
  FROM coverage_unit WHERE district = %(district)s AND operation = %(operation)s AND added_by IS NULL GROUP BY area
) s
