"""Who falls ill at noon goes home with the phone and what it holds; somebody else walks the whole list."""

from bulou.access.terms import Role
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage

SHARE = 0.03
"""Of the people at work each day."""
NOON = 0.4
"""Of the day's doors that the ill one still knocked at: those meet two phones on one day."""


class Reserve:
    """Substitutes, hired when first needed, with the areas and the team of whom they stand in for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.hired: dict[int, Member] = {}
        """By the number of the one who fell ill."""

    def called(self, members: list[Member], day: int) -> dict[int, Member]:
        """Who stands in today, by the number of the ill one. The first of a team never falls ill."""
        ill = [m for m in members[1:] if self.stage.random("ill", m.number, day).random() < self.stage.ill]
        for member in ill:
            if member.number not in self.hired:
                self.hired[member.number] = self.stage.staff.hire(Role.WORKER, member.paths, member.team)
        if ill:
            self.stage.echo(f"  {len(ill)} fell ill at noon; their phones went home with what they hold")
        return {member.number: self.hired[member.number] for member in ill}

    def hand_in(self) -> None:
        """The last evening: whatever a substitute's phone still holds arrives."""
        for member in self.hired.values():
            member.phone.upload()
