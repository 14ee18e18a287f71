-- One row per head count of some districts that holds with no end.
-- Parameters: districts (text[]). Index: grid_population_one.
SELECT path, kind, n, lower(valid) FROM grid_population WHERE district = ANY (%(districts)s) AND upper_inf(valid)
