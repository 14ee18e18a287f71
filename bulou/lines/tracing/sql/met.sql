-- Who was where these people were at the same time, and who was where those were afterwards: a row for each person,
-- with the longest meeting as the reason and the number of people of the degree; the first so many of each degree.
-- Degree 2 counts from the first meeting of degree 1 on: time is respected.
-- Parameters: district, persons, since, until (arrays of one length), degrees, most. No visit is longer than eight
-- hours (tracing_visit_bounded), so a search begins eight hours before. Indexes: primary key, tracing_visit_place; both
-- hold all that is read. Of the second degree places are asked in their order, so that neighbours share pages. Reasons
-- are looked for last, for those alone who are shown.
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
later AS MATERIALIZED (
  SELECT f.person, f.since, f.until, v.place, v.began_at, v.ended_at
  FROM first AS f
  CROSS JOIN LATERAL (
    SELECT place, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND person = f.person AND ended_at > f.since
      AND began_at > f.since - interval '8 hours' AND began_at < f.until
    OFFSET 0
  ) AS v
  ORDER BY v.place, v.began_at
),
far AS (
  SELECT w.person, t.person AS source, t.place, greatest(w.began_at, t.began_at, t.since) AS began_at,
    least(w.ended_at, t.ended_at, t.until) AS ended_at
  FROM later AS t
  CROSS JOIN LATERAL (
    SELECT person, began_at, ended_at FROM tracing_visit
    WHERE district = %(district)s AND place = t.place AND began_at > greatest(t.began_at, t.since) - interval '8 hours'
      AND began_at < least(t.ended_at, t.until) AND ended_at > greatest(t.began_at, t.since) AND person <> t.person
    OFFSET 0
  ) AS w
),
met AS MATERIALIZED (
  SELECT person, source, 1 AS degree, place, began_at, ended_at FROM near
  UNION ALL
  SELECT person, source, 2, place, began_at, ended_at FROM far
  WHERE person NOT IN (SELECT person FROM first) AND person NOT IN (SELECT person FROM seed)
),
person AS MATERIALIZED (
  SELECT degree, person, max(ended_at - began_at) AS longest, count(*) AS n_times FROM met GROUP BY degree, person
),
shown AS MATERIALIZED (
  (SELECT 1 AS degree, person, n_times, count(*) OVER () AS n_people FROM person WHERE degree = 1
  ORDER BY longest DESC, person LIMIT %(most)s)
  UNION ALL
  (SELECT 2, person, n_times, count(*) OVER () FROM person WHERE degree = 2
  ORDER BY longest DESC, person LIMIT %(most)s)
),
reason AS (
  SELECT DISTINCT ON (m.degree, m.person) m.degree, m.person, m.source, m.place, m.began_at, m.ended_at, s.n_times, s.n_people
  FROM shown AS s JOIN met AS m ON m.degree = s.degree AND m.person = s.person
  ORDER BY m.degree, m.person, m.ended_at - m.began_at DESC, m.began_at, m.source, m.place
)
SELECT degree, person, source, place, began_at, ended_at, n_times, n_people
FROM reason
ORDER BY degree, ended_at - began_at DESC, person
