"""What later facts stand on: a round's frozen frame keeps the rows under it from being taken out."""

from uuid import UUID

from bulou.grid import projections


def hold(*, district: str, path: str, held_by: UUID) -> None:
    """Keep every import that lies at or below a path from being undone. 1 query.

    Part of an action that has asked for permission, in its transaction: opening a round calls it.
    """
    projections.hold(district=district, path=path, held_by=held_by)
