-- What met.sql of tracing answers, asked of DuckDB: a row for each person and degree, the longest meeting as reason.
-- Parameters: persons (list of UUID), since, until, most. A contact hands on from its first meeting on.
WITH seed AS (SELECT unnest($persons::UUID[]) AS person),
near AS MATERIALIZED (
  SELECT w.person, v.person AS source, v.place, greatest(w.began_at, v.began_at, $since::TIMESTAMP) AS began_at,
    least(w.ended_at, v.ended_at, $until::TIMESTAMP) AS ended_at
  FROM visit AS v JOIN seed USING (person) JOIN visit AS w ON w.place = v.place
  WHERE w.person <> v.person AND w.began_at < least(v.ended_at, $until::TIMESTAMP)
    AND w.ended_at > greatest(v.began_at, $since::TIMESTAMP) AND v.ended_at > $since::TIMESTAMP
    AND v.began_at < $until::TIMESTAMP
),
first AS MATERIALIZED (
  SELECT person, min(began_at) AS since FROM near WHERE person NOT IN (SELECT person FROM seed) GROUP BY person
),
far AS (
  SELECT w.person, v.person AS source, v.place, greatest(w.began_at, v.began_at, f.since) AS began_at,
    least(w.ended_at, v.ended_at, $until::TIMESTAMP) AS ended_at
  FROM visit AS v JOIN first AS f USING (person) JOIN visit AS w ON w.place = v.place
  WHERE w.person <> v.person AND w.began_at < least(v.ended_at, $until::TIMESTAMP)
    AND w.ended_at > greatest(v.began_at, f.since) AND v.ended_at > f.since AND v.began_at < $until::TIMESTAMP
),
met AS (
  SELECT 1 AS degree, * FROM near
  UNION ALL
  SELECT 2, * FROM far
  WHERE person NOT IN (SELECT person FROM first) AND person NOT IN (SELECT person FROM seed)
),
reason AS (
  SELECT *, count(*) OVER (PARTITION BY degree, person) AS n_times
  FROM met
  QUALIFY row_number() OVER (PARTITION BY degree, person ORDER BY ended_at - began_at DESC, began_at, source, place) = 1
),
ranked AS (
  SELECT *, count(*) OVER (PARTITION BY degree) AS n_people,
    row_number() OVER (PARTITION BY degree ORDER BY ended_at - began_at DESC, person) AS rank
  FROM reason
)
SELECT degree, person, source, place, began_at, ended_at, n_times, n_people
FROM ranked
WHERE rank <= $most
ORDER BY degree, rank
