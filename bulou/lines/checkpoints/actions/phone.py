"""What a phone takes along to its gate."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bulou.access import queries as access
from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.checkpoints.actions.details import day_keys
from bulou.lines.checkpoints.actions.passes import signing_key
from bulou.lines.checkpoints.queries import phone
from bulou.lines.checkpoints.rules import passes as rules
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import FEVER_C, KEY_DAYS_AHEAD

NOTHING: Mapping[str, Any] = {}


def take_along(actor: Actor) -> Mapping[str, Any]:
    """Guarantees keys for the details of today and tomorrow, and tells what a gate must know; JSON-ready.

    Empty for who may record no passage. About 9 queries.
    """
    scope = access.scope_of(actor, Verb.PASSAGE_RECORD)
    if not scope.paths:
        return NOTHING
    district = scope.districts[0]
    held = Scope((district,), tuple(p for p in scope.paths if p.partition(".")[0] == district))
    for path in held.paths:
        require(actor, Verb.PASSAGE_RECORD, path)
    now = clock.now()
    today = clock.local_date(now)
    with transaction(whole(district)):
        keys = day_keys(district, today)
        issued, revoked = phone.passes(held, today)
        since = today - phone.LONGEST_RULE
        tags = {on: key[1] for on, key in keys.items() if on >= since}
        return {
            "posts": phone.posts(held),
            "areas": phone.areas(held, today),
            "receivers": phone.receivers(whole(district), today),
            "public_key": _text(signing_key().public_key().public_bytes_raw()),
            "key_id": rules.key_id(signing_key().public_key().public_bytes_raw()),
            "issued": issued,
            "revoked": revoked,
            "uses": phone.uses(held, [one[0] for one in issued], tags),
            "recent": phone.recent(held, now),
            "details": [
                {
                    "on": on.isoformat(),
                    "public": _text(sealing.public_bytes(keys[on][0])),
                    "tags": _text(keys[on][1]),
                }
                for on in (today + timedelta(days=n) for n in range(KEY_DAYS_AHEAD + 1))
            ],
            "fever_c": FEVER_C,
            "as_of": now.isoformat(),
        }


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
