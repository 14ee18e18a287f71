-- The rows of one district in the table named at the mark, as a number and a hash; one row of the result: both as a text.
-- Parameters: district. Reads the whole district: for replay, not for pages.
SELECT count(*)::text || ' ' || md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))
FROM /*table*/ t WHERE district = %s
