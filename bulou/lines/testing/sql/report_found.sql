-- When people were sampled who were missing as the chase began, and who was sampled again; the one row: found by half, by all,
-- later; people sampled again; people in positive or grey pools, those of them sampled again.
-- Parameters: district, operation, path, low and high (the paths below it), begins, half, done (moments).
-- Relies on testing_sample_person and testing_tube_list.
SELECT count(*) FILTER (WHERE first AND at >= %(begins)s AND at < %(half)s),
  count(*) FILTER (WHERE first AND at >= %(half)s AND at < %(done)s), count(*) FILTER (WHERE first AND at >= %(done)s),
  count(DISTINCT person) FILTER (WHERE counts AND outcome = 'resampled'),
  count(DISTINCT person) FILTER (WHERE pool), count(DISTINCT person) FILTER (WHERE again)
FROM (
  SELECT s.person, s.at, s.counts, s.outcome, s.counts AND s.outcome = 'sampled' AS first,
    p.id IS NOT NULL AS pool, o.id IS NOT NULL AND s.counts AS again
  FROM testing_sample s
  LEFT JOIN testing_tube p ON p.district = s.district AND p.id = s.tube AND (p.result = 'grey' OR p.result = 'positive' AND p.rule <> 'single')
  LEFT JOIN testing_tube o ON o.district = s.district AND o.id = s.of_tube AND (o.result = 'grey' OR o.result = 'positive' AND o.rule <> 'single')
  WHERE s.district = %(district)s AND s.operation = %(operation)s
    AND (s.area = %(path)s OR (s.area >= %(low)s AND s.area < %(high)s))
) told
