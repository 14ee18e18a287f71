"""Many watches at once, written by PostgreSQL itself: what a whole city under observation looks like."""

from uuid import UUID

import psycopg

from tests.make.rounds import DISTRICT

WATCHES = """
INSERT INTO watches_watch (id, district, path, person, protocol, regime, phase, started_at, ends_at, until,
  main, beats, beat_tracks, beat_waits, moments, moment_tracks, moment_waits, worker, team, is_open, outcome,
  seen_at, last_due, record)
SELECT gen_random_uuid(), %(district)s, %(district)s || '.' || lpad((n / 10000)::text, 3, '0') || '.'
    || lpad((n / 100 %% 100)::text, 3, '0') || '.c1', gen_random_uuid(), 'key-person-watch@1', 'cn-2020', '',
  %(from)s, %(from)s::timestamptz + interval '15 days', %(from)s::timestamptz + interval '15 days',
  'visit', '{480,840,1200}', '{visit,visit,visit}', '{180,180,180}', '{}', '{}', '{}',
  CASE WHEN n %% 100 < 50 THEN md5((n / 100)::text)::uuid END, '', true, '',
  %(from)s, %(from)s, gen_random_uuid()
FROM generate_series(0, %(n)s::integer - 1) n
"""
SLOTS = """
INSERT INTO watches_slot (district, watch, track, due_at, state, outcome, alert, at, on_time, record, author)
SELECT district, id, 'visit', %(from)s::timestamptz + (d - 1) * interval '1 day' + h * interval '6 hours', 4,
  'seen_ok', false, %(from)s, true, gen_random_uuid(), gen_random_uuid()
FROM watches_watch, generate_series(1, %(days)s) d, generate_series(0, 2) h
WHERE ('x' || right(id::text, 2))::bit(8)::int < 230
"""


def more(superuser: psycopg.Connection, n: int, *, start: str = "2026-10-20 08:00+08") -> None:
    """As many watches again, of which nothing was said yet."""
    superuser.execute(WATCHES, {"district": DISTRICT, "n": n, "from": start})
    superuser.commit()
    superuser.autocommit = True
    superuser.execute("VACUUM ANALYZE watches_watch, watches_slot")
    superuser.autocommit = False


def given(superuser: psycopg.Connection, worker: UUID, n: int) -> None:
    """So many watches from all over the district belong to this doctor by name."""
    superuser.execute(
        "UPDATE watches_watch SET worker = %s WHERE id IN (SELECT id FROM watches_watch"
        " WHERE worker IS NULL ORDER BY md5(id::text) LIMIT %s)",
        [worker, n],
    )
    superuser.commit()


def fill(superuser: psycopg.Connection, n: int, *, days: int, start: str = "2026-10-20 08:00+08") -> None:
    """Watches, 100 in each compound, half of them a doctor's by name; most past slots settled."""
    parameters = {"district": DISTRICT, "n": n, "from": start, "days": days}
    superuser.execute(WATCHES, parameters)
    superuser.execute(SLOTS, parameters)
    superuser.commit()
    superuser.autocommit = True
    superuser.execute("VACUUM ANALYZE watches_watch, watches_slot")
    superuser.autocommit = False
