"""A community with doors, an open round, and people who are given phones: what the field app needs."""

from dataclasses import dataclass
from uuid import UUID

from bulou.access.actions.codes import issue_code
from bulou.access.actions.devices import revoke_device
from bulou.access.actions.gate import system_actor
from bulou.access.models import Device
from bulou.access.terms import Actor, Purpose, Role
from bulou.coverage.terms import Operation
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from tests.make import access, rounds

PIN = "482915"


@dataclass(frozen=True, slots=True)
class Field:
    """The community, its round and the workers."""

    operation: Operation
    doors: tuple[UUID, ...]
    qian: Actor
    wu: Actor

    def code(self, actor: Actor) -> str:
        """A one-time code for a phone of this person."""
        with transaction(whole(rounds.DISTRICT)):
            return issue_code(
                system_actor(rounds.DISTRICT), account_id=actor.account_id, purpose=Purpose.ENROL
            )

    def revoke(self, device: UUID) -> None:
        """The office takes a phone away."""
        revoke_device(system_actor(rounds.DISTRICT), device_id=device, reason="lost")

    def facts_of(self, device: UUID) -> tuple[str, int | None]:
        """Which app a phone has, and how many records wait on it, as the office knows."""
        return Device.objects.values_list("app_version", "unsent").get(pk=device)

    def records(self) -> list[Entry]:
        """Every visit in the ledger, oldest first."""
        with transaction(whole(rounds.DISTRICT)):
            found = ledger.records_of(rounds.DISTRICT, subjects=sorted(self.doors))
        return sorted((one for one in found if one.kind == "screening.visit"), key=lambda one: one.id)


def field(*, doors: int = 8) -> Field:
    """Make the community and its people, committed. The street's labels are plain to look for on a disk."""
    with transaction(whole(rounds.DISTRICT)):
        made = rounds.street(compounds=2, doors=doors // 2)
        operation = rounds.screening()
    return Field(
        operation,
        tuple(made.all_doors),
        qian=access.person("qian", Role.WORKER, rounds.COMMUNITY),
        wu=access.person("wu", Role.WORKER, rounds.COMMUNITY),
    )
