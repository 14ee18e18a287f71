-- Units of a round over people whose person was merged into somebody else of the same round; one row of the result: both
-- subjects, their paths and states. Parameters: district, operation. Uses people_person_merged and coverage_unit_pk.
SELECT u.subject, u.path, u.state, r.subject, r.path, r.state
FROM people_person p
JOIN coverage_unit u ON u.district = p.district AND u.operation = %(operation)s AND u.subject = p.id
JOIN coverage_unit r ON r.district = p.district AND r.operation = %(operation)s AND r.subject = p.merged_into
WHERE p.district = %(district)s AND p.merged_into IS NOT NULL AND u.state <> 8 AND r.state <> 8
ORDER BY u.subject LIMIT 500
