"""Builds a community with doors and many phones in an installation that a test serves: `python -m`."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from bulou.access.terms import Role
    from bulou.kernel.scope import transaction, whole
    from tests.make import access, rounds

    doors, phones = int(sys.argv[1]), int(sys.argv[2])
    with transaction(whole(access.DISTRICT)):
        made = rounds.street(compounds=4, doors=doors // 4)
    workers = [access.person(f"worker-{n}", Role.WORKER, access.COMMUNITY) for n in range(phones)]
    enrolled = [access.phone(worker, name=worker.name) for worker in workers]
    revoked = access.phone(workers[0], name="stolen")
    from bulou.access.actions.devices import revoke_device

    revoke_device(access.lin(), device_id=revoked.device_id, reason="stolen")
    sys.stdout.write(
        json.dumps(
            {
                "doors": [str(door) for door in made.all_doors],
                "phones": [phone.token for phone in enrolled],
                "revoked": revoked.token,
                "officer": access.phone(access.he()).token,
            }
        )
    )
