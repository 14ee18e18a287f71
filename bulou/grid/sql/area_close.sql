-- Ends the open version of one area on a day, when it began before that day.
-- Parameters: district, area, on. Index: grid_area_identity.
UPDATE grid_area
   SET valid = daterange(lower(valid), %(on)s::date)
 WHERE district = %(district)s AND area = %(area)s AND upper_inf(valid) AND lower(valid) < %(on)s::date
