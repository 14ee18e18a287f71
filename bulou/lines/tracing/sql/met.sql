-- Who was where these people were at the same time, and who was where those were afterwards: a row for each person,
-- with the longest meeting as the reason and the number of people of the degree; the first so many of each degree.
-- Degree 2 counts from the first meeting of degree 1 on: time is respected.
-- Parameters: district, persons, since, until (arrays of one length), degrees, most. No visit is longer than eight
-- hours (tracing_visit_bounded), so a search begins eight hours before. Indexes: primary key, tracing_visit_place.
WITH seed AS MATERIALIZED (
  SELECT person, since, until
  FROM unnest(%(persons)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS s (person, since, until)
),
near AS MATERIALIZED (
  SELECT w.person, s.person AS source, v.place, greatest(w.began_at, v.began_at, s.since) AS began_at,
    least(w.ended_at, v.ended_at, s.until) AS ended_at, s.until
  FROM seed AS s
  CROSS JOIN LATERAL (
    SELECT place, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND person = s.person AND ended_at > s.since
      AND began_at > s.since - interval '8 hours' AND began_at < s.until
    OFFSET 0
  ) AS v
  CROSS JOIN LATERAL (
    SELECT person, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND place = v.place AND began_at > greatest(v.began_at, s.since) - interval '8 hours'
      AND began_at < least(v.ended_at, s.until) AND ended_at > greatest(v.began_at, s.since) AND person <> s.person
    OFFSET 0
  ) AS w
),
first AS MATERIALIZED (
  SELECT person, min(began_at) AS since, max(until) AS until
  FROM near
  WHERE %(degrees)s > 1 AND person NOT IN (SELECT person FROM seed)
  GROUP BY person
),
far AS (
  SELECT w.person, f.person AS source, v.place, greatest(w.began_at, v.began_at, f.since) AS began_at,
    least(w.ended_at, v.ended_at, f.until) AS ended_at
  FROM first AS f
  CROSS JOIN LATERAL (
    SELECT place, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND person = f.person AND ended_at > f.since
      AND began_at > f.since - interval '8 hours' AND began_at < f.until
    OFFSET 0
  ) AS v
  CROSS JOIN LATERAL (
    SELECT person, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND place = v.place AND began_at > greatest(v.began_at, f.since) - interval '8 hours'
      AND began_at < least(v.ended_at, f.until) AND ended_at > greatest(v.began_at, f.since) AND person <> f.person
    OFFSET 0
  ) AS w
),
met AS (
  SELECT person, source, 1 AS degree, place, began_at, ended_at FROM near
  UNION ALL
  SELECT person, source, 2, place, began_at, ended_at FROM far
  WHERE person NOT IN (SELECT person FROM first) AND person NOT IN (SELECT person FROM seed)
),
reason AS (
  SELECT DISTINCT ON (degree, person) *, count(*) OVER (PARTITION BY degree, person) AS n_times
  FROM met
  ORDER BY degree, person, ended_at - began_at DESC, began_at, source, place
),
ranked AS (
  SELECT *, count(*) OVER (PARTITION BY degree) AS n_people,
    row_number() OVER (PARTITION BY degree ORDER BY ended_at - began_at DESC, person) AS rank
  FROM reason
)
SELECT degree, person, source, place, began_at, ended_at, n_times, n_people
FROM ranked
WHERE rank <= %(most)s
ORDER BY degree, rank
