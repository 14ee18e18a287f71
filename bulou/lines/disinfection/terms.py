"""The words of disinfection: jobs done on objects, and their sign-off by other eyes (消杀、严格销号)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (消杀记录)."""

    JOB = "disinfection.job"
    SIGNOFF = "disinfection.signoff"


class Method(StrEnum):
    """How the agent is brought out (消毒方式)."""

    WIPE = "wipe"
    SPRAY_SURFACE = "spray_surface"
    SOAK = "soak"
    FOG = "fog"
    DRONE = "drone"


class Caution(StrEnum):
    """What the guidance advises against (消毒提示): shown and counted, never refused.

    The values are the keys of the protocol's warnings: one rule for phone and server.
    """

    CHLORINE_MIXED = "chlorine_mixed"
    PEOPLE_SPRAYED = "people_sprayed"
    MASS_SPRAYING = "mass_spraying"
    AIR_OUTDOORS = "air_outdoors"
    OPEN_WATER = "open_water"
    RAIN = "rain"
    ABOVE_PREVENTIVE_DOSE = "above_preventive_dose"
    BELOW_DOSE = "below_dose"
    CONTACT_SHORT = "contact_short"


class Verdict(StrEnum):
    """What a sign-off says (销号结论)."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """The latest job on one object in one round, and what was said about it (消杀作业)."""

    operation: UUID
    subject: UUID
    subject_type: str
    district: str
    path: str
    worker: UUID
    team: str
    crew: tuple[UUID, ...]
    agent: str
    concentration_mg_l: int | None
    method: str
    area_m2: Decimal
    litres: Decimal
    cautions: tuple[Caution, ...]
    done_at: datetime
    record: UUID
    verdict: Verdict | None = None
    signed_by: UUID | None = None
    signed_team: str = ""
    signed_at: datetime | None = None
    signoff: UUID | None = None

    @property
    def is_signed_off(self) -> bool:
        """Whether someone else has seen the work and passed it."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True)
class Totals:
    """What a round of disinfection came to, for one class of objects or all (消杀汇总)."""

    object_class: str
    jobs: int = 0
    signed_off_by_other: int = 0
    failed: int = 0
    with_cautions: int = 0
    area_m2: Decimal = Decimal(0)
    litres: Decimal = Decimal(0)

    @property
    def waiting(self) -> int:
        """Jobs that nobody else has passed or failed yet."""
        return self.jobs - self.signed_off_by_other - self.failed


@dataclass(frozen=True, slots=True)
class JobPage:
    """A page of jobs, oldest first; `total` counts the whole filtered list."""

    items: tuple[Job, ...]
    next: str | None
    total: int


PROBLEMS = {
    "disinfection.own_team": ProblemText(
        409, "The sign-off must come from someone outside the crew, from another team."
    ),
    "disinfection.nothing_to_sign": ProblemText(409, "There is no job on this object to sign off."),
    "disinfection.bad_verdict": ProblemText(400, "A sign-off ends with passed or failed."),
}
