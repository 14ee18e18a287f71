-- Adds versions of areas. Parameters: rows (JSON array of objects), import (uuid), reason.
INSERT INTO grid_area (id, district, area, parent, level, path, name, short_name, pinyin, kind, valid, flags,
                       reason, source)
SELECT uuidv7(), r.district, r.area, r.parent, r.level, r.path, r.name, r.short_name, r.pinyin, r.kind,
       daterange(r.since, NULL), r.flags, %(reason)s, %(import)s
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r (district text, area uuid, parent uuid, level text, path text, name text, short_name text,
             pinyin text, kind text, since date, flags text[])
