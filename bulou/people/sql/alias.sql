-- Sets for each id the person it stands for. Parameters: district, people, roots (same order, null for itself).
UPDATE people_person AS p SET merged_into = w.root
FROM unnest(%(people)s::uuid[], %(roots)s::uuid[]) AS w (person, root)
WHERE p.district = %(district)s AND p.id = w.person AND p.merged_into IS DISTINCT FROM w.root
