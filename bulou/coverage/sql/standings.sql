-- What a batch must know of the units that it speaks about; one row of the result: a unit that is in the frame.
-- Parameters: district, operation, subjects. Relies on coverage_unit_pk; one partition, whatever their number.
SELECT subject, path, area, state, record, author, amended FROM coverage_unit
WHERE district = %(district)s AND operation = %(operation)s AND subject = ANY(%(subjects)s::uuid[])
