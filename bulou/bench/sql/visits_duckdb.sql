-- The same visits for DuckDB, sorted by place as its zone maps want them: a row for each.
-- Placeholders: {file}, {base}. The names of people and places are made as for PostgreSQL.
CREATE TABLE visit AS
SELECT md5('p' || person)::UUID AS person, md5('s' || place)::UUID AS place,
  TIMESTAMP '{base}' + began * INTERVAL 1 MINUTE AS began_at,
  TIMESTAMP '{base}' + (began + max(minutes)) * INTERVAL 1 MINUTE AS ended_at
FROM read_csv('{file}', header = false, delim = '\t',
  columns = {{'person': 'INTEGER', 'place': 'INTEGER', 'began': 'INTEGER', 'minutes': 'INTEGER'}})
GROUP BY person, place, began
ORDER BY place, began_at
