"""The picture of a chain, drawn by the server: the case on the left, contacts beside it, theirs beyond."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bulou.lines.tracing.terms import COUNTED, Contact, ContactClass

WIDTH, HEIGHT, GAP, ACROSS, MARGIN = 150, 44, 12, 48, 8
MOST = 30
"""So many people a column: more cannot be told apart; the list beside the picture has all."""


@dataclass(frozen=True, slots=True)
class Box:
    """One person: a box with the name and the class in words."""

    x: int
    y: int
    name: str
    word: str
    mark: str
    href: str

    @property
    def text_x(self) -> int:
        """Where the text begins."""
        return self.x + 10

    @property
    def name_y(self) -> int:
        """The line of the name."""
        return self.y + 18

    @property
    def word_y(self) -> int:
        """The line of the class."""
        return self.y + 35


@dataclass(frozen=True, slots=True)
class Edge:
    """From whom to whom."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws; `left_out` people found no room."""

    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Named:
    """What stands in a box."""

    name: str
    word: str
    href: str


MARKS = {ContactClass.CASE: "case", ContactClass.CLOSE: "close", ContactClass.SECONDARY: "secondary"}


def draw(root: UUID, contacts: Sequence[Contact], named: Mapping[UUID, Named]) -> Picture:
    """Return the picture of a chain: columns by degree, each with the weightiest first."""
    shown = [one for one in contacts if one.judged.klass in {*COUNTED, ContactClass.CASE}]
    first = [one for one in shown if one.judged.via == root]
    second = [one for one in shown if one.judged.via != root]
    columns = [[(root, ContactClass.CASE)]]
    columns += [[(one.person, one.judged.klass) for one in some[:MOST]] for some in (first, second) if some]
    at: dict[UUID, tuple[int, int]] = {}
    boxes = []
    for n, column in enumerate(columns):
        x = MARGIN + n * (WIDTH + ACROSS)
        for row, (person, klass) in enumerate(column):
            y = MARGIN + row * (HEIGHT + GAP)
            at[person] = (x, y)
            one = named[person]
            boxes.append(Box(x, y, one.name, one.word, MARKS.get(klass, "general"), one.href))
    edges = []
    for one_contact in shown:
        via, person = one_contact.judged.via, one_contact.person
        if via in at and person in at:
            (x1, y1), (x2, y2) = at[via], at[person]
            edges.append(Edge(x1 + WIDTH, y1 + HEIGHT // 2, x2, y2 + HEIGHT // 2))
    tallest = max(len(column) for column in columns)
    return Picture(
        2 * MARGIN + len(columns) * WIDTH + (len(columns) - 1) * ACROSS,
        2 * MARGIN + tallest * HEIGHT + (tallest - 1) * GAP, WIDTH, HEIGHT, tuple(boxes), tuple(edges),
        len(shown) - (len(at) - 1),
    )  # fmt: skip
