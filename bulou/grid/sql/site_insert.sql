-- Adds the sites that are not known. Parameters: district, import, on. Key: grid_site_name.
INSERT INTO grid_site (id, district, path, area, type, name, attributes, origin, import_id, valid_from)
SELECT uuidv7(), %(district)s, p.path, p.area, f.kind, f.name, f.attributes, 'import', %(import)s,
       coalesce(f.since, %(on)s)
  FROM grid_diff f
  JOIN grid_place p USING (place)
 WHERE f.known IS NULL
    ON CONFLICT (district, path, type, name) WHERE valid_until IS NULL DO NOTHING
