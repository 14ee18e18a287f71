"""The words of access: verbs, roles, grants and the person or device that acts (权限)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bulou.kernel.problems import Entry


class Verb(StrEnum):
    """Everything that anybody can be allowed to do (操作). Names stay for ever: they stand in the ledger."""

    GRID_VIEW = "grid.view"
    GRID_EDIT = "grid.edit"
    GRID_IMPORT = "grid.import"
    GRID_UNDO = "grid.undo_import"
    ROUND_VIEW = "round.view"
    ROUND_OPEN = "round.open"
    ROUND_CLOSE = "round.close"
    ROUND_CLOSE_SHORT = "round.close_short"
    UNIT_VIEW = "unit.view"
    UNIT_CHANGE = "unit.change"
    UNIT_EXCUSE = "unit.excuse"
    RECORD_SUBMIT = "record.submit"
    RECORD_VIEW = "record.view"
    RECORD_REVIEW = "record.review"
    RECORD_CORRECT = "record.correct"
    WORKLIST_VIEW = "worklist.view"
    TASK_VIEW = "task.view"
    TASK_ASSIGN = "task.assign"
    DUTY_ASSIGN = "duty.assign"
    FINDING_VIEW = "finding.view"
    FINDING_VIEW_COVERT = "finding.view_covert"
    FINDING_CREATE = "finding.create"
    FINDING_TELL = "finding.tell"
    FINDING_PLAN = "finding.plan"
    FINDING_FIX = "finding.fix"
    FINDING_RECHECK = "finding.recheck"
    FINDING_REASON = "finding.reason"
    SIGNOFF_GIVE = "signoff.give"
    GATE_VIEW = "gate.view"
    PASSAGE_RECORD = "passage.record"
    PASSAGE_REVEAL = "passage.reveal"
    HANDOVER_ACCEPT = "handover.accept"
    PASS_VIEW = "pass.view"  # noqa: S105 - a verb about passes, no password
    PASS_ISSUE = "pass.issue"  # noqa: S105
    PASS_REVOKE = "pass.revoke"  # noqa: S105
    PERSON_REGISTER = "person.register"
    PERSON_VIEW = "person.view"
    PERSON_REVEAL = "person.reveal"
    PERSON_MERGE = "person.merge"
    PERSON_RETAIN = "person.retain"
    RISK_SET = "risk.set"
    TEAM_SET = "team.set"
    WATCH_VIEW = "watch.view"
    WATCH_START = "watch.start"
    WATCH_RECORD = "watch.record"
    WATCH_CONFIRM = "watch.confirm"
    WATCH_CHANGE = "watch.change"
    WATCH_END = "watch.end"
    CASE_VIEW = "case.view"
    CASE_OPEN = "case.open"
    CASE_WORK = "case.work"
    CASE_CLOSE = "case.close"
    RESULT_RECORD = "result.record"
    CUSTODY_VIEW = "custody.view"
    CUSTODY_OPEN = "custody.open"
    CUSTODY_GIVE = "custody.give"
    CUSTODY_RECEIVE = "custody.receive"
    BASIS_SET = "basis.set"
    RESTRICTION_VIEW = "restriction.view"
    RESTRICTION_EVIDENCE = "restriction.evidence"
    RESTRICTION_DECIDE = "restriction.decide"
    RESTRICTION_SECOND = "restriction.second"
    RESTRICTION_FREEZE = "restriction.freeze"
    RESTRICTION_LIFT = "restriction.lift"
    RESTRICTION_NOTICE = "restriction.notice"
    APPEAL_RECORD = "appeal.record"
    APPEAL_ANSWER = "appeal.answer"
    APPEAL_REVIEW = "appeal.review"
    ZONE_SET = "zone.set"
    ORDER_ISSUE = "order.issue"
    REPORT_VIEW = "report.view"
    REPORT_SIGN = "report.sign"
    LIST_EXPORT = "list.export"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_GRANT = "account.grant"
    ACCOUNT_APPROVE = "account.approve"
    ACCOUNT_RESET = "account.reset"
    ACCOUNT_UNLOCK = "account.unlock"
    ACCOUNT_CLOSE = "account.close"
    DEVICE_VIEW = "device.view"
    DEVICE_ENROL = "device.enrol"
    DEVICE_REVOKE = "device.revoke"
    GLASS_BREAK = "glass.break"
    GLASS_REVIEW = "glass.review"
    LEDGER_VERIFY = "ledger.verify"
    LEDGER_SEAL = "ledger.seal"
    LEDGER_REPLAY = "ledger.replay"


class Role(StrEnum):
    """A bundle of verbs that one person holds over one area for a time (角色)."""

    COMMAND = "command"
    STREET_OFFICER = "street_officer"
    COMMUNITY_OFFICER = "community_officer"
    WORKER = "worker"
    CREW = "crew"
    CHECKPOINT = "checkpoint"
    SUPERVISION = "supervision"
    DATA_CLERK = "data_clerk"
    VIEWER = "viewer"
    SYSTEM_ADMIN = "system_admin"
    SERVICE = "service"


class Purpose(StrEnum):
    """What a one-time code (一次性代码) opens, and nothing else."""

    FIRST_START = "first_start"
    SET_PASSWORD = "set_password"  # noqa: S105 - the name of a purpose
    ENROL = "enrol"


class Kind(StrEnum):
    """What access tells the ledger (权限记录); the payload holds ids and paths, never names."""

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_LOCKED = "account.locked"
    ACCOUNT_UNLOCKED = "account.unlocked"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_ENDED_SESSIONS = "account.ended_sessions"
    ACCOUNT_SET_PASSWORD = "account.set_password"  # noqa: S105 - the name of a record kind
    ACCOUNT_SET_PREFERENCES = "account.set_preferences"
    CODE_ISSUED = "code.issued"
    ROLE_PROPOSED = "role.proposed"
    ROLE_REFUSED = "role.refused"
    ROLE_GRANTED = "role.granted"
    ROLE_REVOKED = "role.revoked"
    GLASS_BROKEN = "glass.broken"
    GLASS_USED = "glass.used"
    GLASS_ENDED = "glass.ended"
    GLASS_REVIEWED = "glass.reviewed"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_REVOKED = "device.revoked"
    DEVICE_LOCKED = "device.locked"


class TextSize(StrEnum):
    """How large the desk shows its text (字号)."""

    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


# The author of what the system does by itself: jobs, the command line, the first start.
SYSTEM_ID = UUID("00000000-0000-7000-8000-000000000001")

# A role is proposed by one officer and approved by another of another unit; silence is a no.
PROPOSAL_LIFE = timedelta(hours=72)
# Breaking the glass: for two hours one of these roles over any area of the own district, without asking.
# Everything opened meanwhile is noted, and somebody of another unit looks at it within a day. Roles are
# neither given nor approved with it, and no phone works under it.
GLASS_LIFE = timedelta(hours=2)
GLASS_REVIEW_WITHIN = timedelta(hours=24)

CODE_LIFE: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        Purpose.FIRST_START: timedelta(hours=24),
        Purpose.SET_PASSWORD: timedelta(hours=72),
        Purpose.ENROL: timedelta(minutes=10),
    }
)
MOST_CODES = 24  # on one sheet: three pages of A4, handed out within the ten minutes that they hold
PASSWORD_MIN_LENGTH = 10
SESSION_LENGTH = timedelta(hours=12)
MOST_WRONG_PINS = 5


@dataclass(frozen=True, slots=True)
class Grant:
    """One role over one area path and everything below it, from (inclusive) until (exclusive, or open)."""

    role: Role
    path: str
    valid_from: datetime
    valid_until: datetime | None = None
    by_glass: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person at a desk, a person with a device, or the system itself. Values, never a row."""

    account_id: UUID
    name: str
    display_name: str
    team: str
    grants: tuple[Grant, ...]
    device_id: UUID | None = None
    language: str = "zh-hans"
    text_size: str = "normal"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a list shows it; `path` is the area that answers for it."""

    id: UUID
    name: str
    display_name: str
    team: str
    path: str
    is_active: bool
    is_locked: bool
    last_login: datetime | None
    grants: tuple["GrantRow", ...]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant with who gave it and why."""

    id: UUID
    account_id: UUID
    role: Role
    path: str
    valid_from: datetime
    valid_until: datetime | None
    granted_by: UUID
    reason: str
    by_glass: bool = False


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A role that one officer proposed and another has to approve (授权提议)."""

    id: UUID
    account_id: UUID
    account_name: str
    role: Role
    path: str
    valid_until: datetime | None
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class GlassRow:
    """One time that somebody broke the glass (紧急授权), and who looked at it afterwards."""

    id: UUID
    account_id: UUID
    account_name: str
    role: Role
    path: str
    reason: str
    begun_at: datetime
    ends_at: datetime
    reviewed_by: UUID | None
    reviewed_at: datetime | None
    in_order: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A page with its filters under a name (视图); `shared` ones are seen by who sees the area."""

    id: UUID
    account_id: UUID
    account_name: str
    name: str
    address: str
    path: str
    shared: bool


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device as a list shows it (设备)."""

    id: UUID
    account_id: UUID
    account_name: str
    name: str
    path: str
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None
    app_version: str
    unsent: int | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer to a device that has shown its code: both secrets are told once and kept only as hashes.

    The token acts for the account; the secret only proves which phone it is (share, sealed hand-in).
    """

    device_id: UUID
    token: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """The server's half of a phone's key, until the end of the shift, and whose phone it is (班次密钥)."""

    share: str
    until: datetime
    holder: Actor
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class DeviceStanding:
    """What a phone may know of itself without a PIN: only whether it still counts."""

    device_id: UUID
    district: str
    revoked_at: datetime | None
    locked: bool


@dataclass(frozen=True, slots=True)
class Sealer:
    """The device behind sealed envelopes, revoked or not: who is their author, and until when they count."""

    actor: Actor
    district: str
    token_hash: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Created:
    """A new account and the one-time code with which its owner sets the password."""

    account_id: UUID
    code: str


PROBLEMS = {
    "access.not_found": Entry(404, "There is nothing here, or it is not yours to see."),
    "access.not_allowed": Entry(403, "You can see this, but your role does not allow it: %(verb)s."),
    "access.code_not_valid": Entry(404, "This code is not valid. Ask for a new one."),
    "access.too_many_codes": Entry(422, "At most %(most)s codes at a time."),
    "access.too_many_tries": Entry(429, "Too many wrong codes were tried. Wait ten minutes."),
    "access.name_taken": Entry(409, "There is already an account with this name."),
    "access.name_not_allowed": Entry(
        422, "A name has 2 to 40 letters, digits, dots, hyphens or underscores and starts with a letter."
    ),
    "access.path_not_allowed": Entry(422, "This is not an area path."),
    "access.password_short": Entry(422, "The password needs at least %(min)s characters."),
    "access.password_common": Entry(422, "This password is among the most used ones. Choose another."),
    "access.password_like_name": Entry(422, "The password must not contain the name of the account."),
    "access.password_plain": Entry(422, "The password must not be only digits or one repeated character."),
    "access.password_wrong": Entry(401, "The name or the password is wrong."),
    "access.locked": Entry(
        429,
        "Too many wrong passwords. Wait %(minutes)s minutes, or ask an administrator to unlock the account.",
    ),
    "access.role_not_yours_to_give": Entry(403, "Your role does not let you give this role: %(role)s."),
    "access.not_to_yourself": Entry(403, "Nobody can give a role to themselves. Ask another officer."),
    "access.not_yours_to_change": Entry(
        403, "This account holds more than you could give. Ask an administrator."
    ),
    "access.device_revoked": Entry(410, "This phone has been revoked. Hand in what it still holds."),
    "access.pin_wrong": Entry(403, "The PIN is wrong. Tries left: %(left)s."),
    "access.pin_locked": Entry(410, "Too many wrong PINs. The phone must be enrolled again."),
    "access.four_eyes": Entry(403, "A role needs a second person: propose it, and another unit approves it."),
    "access.same_unit": Entry(403, "You belong to the unit of the proposer. Another unit has to decide."),
    "access.own_proposal": Entry(403, "Nobody decides about themselves or about their own proposal."),
    "access.proposal_over": Entry(409, "This proposal is settled or too old. Propose the role again."),
    "access.role_not_by_glass": Entry(422, "This role cannot be taken in an emergency: %(role)s."),
    "access.other_district": Entry(422, "The area lies in another district than your own."),
    "access.glass_open": Entry(409, "You hold an emergency role already. End that first."),
    "access.glass_over": Entry(409, "This is reviewed already."),
    "access.view_not_allowed": Entry(422, "This address cannot be kept as a view."),
    "access.view_name_taken": Entry(409, "You have a view with this name already."),
    "access.too_many_views": Entry(409, "At most %(most)s views. Remove one first."),
    "access.period_empty": Entry(422, "The end must lie after the beginning."),
    "access.reason_missing": Entry(422, "Give the reason."),
    "access.language_not_known": Entry(422, "This language is not offered."),
    "access.not_signed_in": Entry(401, "Sign in first."),
    "access.already_started": Entry(409, "There are accounts already. Ask an administrator for one."),
}
