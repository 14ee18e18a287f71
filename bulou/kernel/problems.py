"""What went wrong, as a stable code with parameters; the words are chosen at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str | int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a problem in what was sent: a row of a file, a column, a field of a form."""

    row: int | None = None
    column: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `code` is `room.snake` and stable for ever, `params` fill its message."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=lambda: _NOTHING)
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a room says about one of its codes: the HTTP status and the English message id."""

    status: int
    message: str


class ProblemError(Exception):
    """Ends an action; nothing of it was kept. Doors answer with the problem and the status."""

    def __init__(
        self, code: str, *, status: int = 409, where: Where | None = None, **params: str | int
    ) -> None:
        super().__init__(code, dict(params))
        self.problem = Problem(code, MappingProxyType(params), where)
        self.status = status

    def __str__(self) -> str:
        """Return the code and the parameters, for logs; people read the translated message."""
        details = ", ".join(f"{name}={value}" for name, value in self.problem.params.items())
        return f"{self.problem.code} ({details})" if details else self.problem.code
