-- What these rounds found; one row of the result: a round, positive single samples, tubes without a result.
-- Parameters: district, operations. Relies on testing_tube_list.
SELECT operation, count(*) FILTER (WHERE (result = 'positive_single' OR result = 'positive' AND rule = 'single')), count(*) FILTER (WHERE stage NOT IN ('resulted', 'lost'))
FROM testing_tube WHERE district = %(district)s AND operation = ANY(%(operations)s::uuid[]) GROUP BY operation
