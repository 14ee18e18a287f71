-- The account of a round's tubes at and below an area; the one row: tubes, people in them, sealed, taken, received, with a
-- result, lost, at the site, with the courier, in the laboratory; taken by no scan though they came further; sealed with
-- another number; positive or grey pools, the people in them; positive singles; tubes that wait for a result.
-- Parameters: district, operation, path, low and high (the paths below it). Relies on testing_tube_list.
SELECT count(*), coalesce(sum(n), 0)::bigint, count(sealed_at), count(taken_at), count(received_at),
  count(*) FILTER (WHERE stage = 'resulted'), count(*) FILTER (WHERE stage = 'lost'),
  count(*) FILTER (WHERE stage IN ('filling', 'sealed')), count(*) FILTER (WHERE stage = 'taken'),
  count(*) FILTER (WHERE stage = 'received'),
  count(*) FILTER (WHERE taken_at IS NULL AND (received_at IS NOT NULL OR resulted_at IS NOT NULL)),
  count(*) FILTER (WHERE n_sealed <> n), count(*) FILTER (WHERE (result = 'grey' OR result = 'positive' AND rule <> 'single')),
  coalesce(sum(n) FILTER (WHERE (result = 'grey' OR result = 'positive' AND rule <> 'single')), 0)::bigint,
  count(*) FILTER (WHERE (result = 'positive_single' OR result = 'positive' AND rule = 'single')), count(*) FILTER (WHERE stage NOT IN ('resulted', 'lost'))
FROM testing_tube
WHERE district = %(district)s AND operation = %(operation)s AND (path = %(path)s OR (path >= %(low)s AND path < %(high)s))
