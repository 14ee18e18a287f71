"""The office of a testing day: the plan is kept, published, and tells which batch is called next."""

from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from bulou.access import queries as access
from bulou.access.terms import Actor
from bulou.coverage.queries import rounds
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.actions import plans as acts
from bulou.lines.testing.actions.plans import Draft
from bulou.lines.testing.queries import calls, home, plans
from bulou.lines.testing.queries.calls import Board
from bulou.lines.testing.queries.plans import Kept, Source
from bulou.lines.testing.rules import calling
from bulou.lines.testing.rules.batches import Batch
from bulou.lines.testing.rules.home import Route, Visit, planned
from bulou.lines.testing.rules.planning import Site, Wishes
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.stage import Stage


class Order:
    """One published plan."""

    def __init__(self, stage: Stage, area: str, *, starts_at: datetime, after: UUID | None) -> None:
        """Plans from the last round's corrected frame, or from the register where none was before."""
        self.stage = stage
        source = Source.REGISTER if after is None else Source.FRAME
        wishes = Wishes(starts_at=starts_at)
        with self._office():
            made = acts.keep(self._actor(), Draft(area, source, wishes, after))
            acts.publish(self._actor(), self._kept(made))
            self.kept = self._kept(made)

    def serves(self, operation: UUID) -> None:
        """Ties the round that was opened to this plan."""
        with self._office():
            found = rounds.operation(whole(self.stage.district.code), operation)
            acts.choose(self._actor(), self.kept, found)

    @property
    def sites(self) -> tuple[Site, ...]:
        """Where people are called to."""
        return self.kept.plan.sites

    def batches(self) -> dict[int, tuple[Batch, ...]]:
        """By number of the site: who is called together, in order."""
        buildings = calling.by_site(self.sites, self.kept.buildings)
        return {site.number: calls.batches_of(self.kept, site, buildings) for site in self.sites}

    def boards(self, operation: UUID, at: datetime) -> dict[int, Board]:
        """By number of the site: where its batches stand at a moment, and what the product advises."""
        with self._office():
            found = calls.boards(self.kept, self.sites, operation=operation, now=at)
        return {board.site.number: board for board in found}

    def home_routes(self) -> tuple[list[Route], list[Visit]]:
        """Who drives where in which order, and doors for which the day is too short."""
        names = {place.path: place.name for place in self.stage.district.compounds}
        visits: list[Visit] = []
        with self._office():
            for path in sorted({site.community for site in self.sites}):
                visits += home.visits(path, self.stage.calendar.last_on, names, home.isolated(path))
        _, found = planned(visits, per_visit=self.kept.wishes.home_minutes)
        return list(found.routes), list(found.left_over)

    def _office(self) -> AbstractContextManager[None]:
        return transaction(whole(self.stage.district.code))

    def _actor(self) -> Actor:
        found = access.actor_by_id(self.stage.office.account)
        if found is None:
            raise ScenarioError("The command office has lost its account.")
        return found

    def _kept(self, plan: UUID) -> Kept:
        found = plans.kept(whole(self.stage.district.code), plan)
        if found is None:
            raise ScenarioError("The plan is gone.")
        return found
