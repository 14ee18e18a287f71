-- Removes the open version of one area that began on that very day or later: it never held another day.
-- Parameters: district, area, on. Index: grid_area_identity.
DELETE FROM grid_area
 WHERE district = %(district)s AND area = %(area)s AND upper_inf(valid) AND lower(valid) >= %(on)s::date
