"""Builds a district in an installation that a test serves, and prints what its phones need: `python -m`."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from tests.make import api

    served = api.served(sys.argv[1], doors=int(sys.argv[2]))
    sys.stdout.write(
        json.dumps(
            {
                "doors": [str(door) for door in served.doors],
                "phone": [served.lin.token, str(served.lin.device)],
                "officer": [served.he.token, str(served.he.device)],
            }
        )
    )
