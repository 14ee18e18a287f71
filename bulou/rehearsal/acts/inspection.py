"""Supervision on one day: places visited, findings told, planned, fixed, checked again by somebody else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.rehearsal.district import Place
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage

VISIT = "supervision.inspection"
SEVERITIES = ("ordinary", "serious", "ordinary", "ordinary", "serious", "ordinary")
UNFIXED = 2
"""How many findings are not fixed the same day and get a written reason; assumed."""
FOLDED = 0.02
"""Steps of one finding follow each other by about a quarter of an hour."""


class Inspection:
    """Two subgroups inspect compounds; every finding has an owner or a reason by nightfall."""

    def __init__(self, stage: Stage, *, day: int, findings: int, compounds: int, communities: int) -> None:
        self.stage = stage
        self.day = day
        self.n_findings = findings
        self.n_compounds = compounds
        self.n_communities = communities
        self.with_reasons = True

    def morning(self, day: int) -> None:
        """Nothing is announced."""

    def work(self, day: int) -> None:
        """The whole inspection, from the visit to the last reason of the evening."""
        if day != self.day:
            return
        stage = self.stage
        teams = stage.teams("supervision")[:2]
        groups = [stage.staff.hire(Role.SUPERVISION, [stage.area], team) for team in teams]
        places = self._places()
        for number, place in enumerate(places):
            self._visit(groups[number % 2], place, number)
        owners: dict[str, Member] = {}
        names = {one.path: one.name for one in stage.district.communities}
        found = []
        for number in range(self.n_findings):
            place = places[number * len(places) // self.n_findings]
            community = place.path.rsplit(".", 1)[0]
            if community not in owners:
                owners[community] = stage.staff.hire(
                    Role.COMMUNITY_OFFICER, [community], names.get(community, community)
                )
            pair = (groups[number % 2], groups[(number + 1) % 2])
            found.append(self._find(pair, owners[community], place, number))
        self._upload([*groups, *owners.values()])
        stage.echo(f"  inspected {len(places)} compounds, {len(found)} findings")

    def _places(self) -> list[Place]:
        """So many compounds, lying in exactly so many communities."""
        by_community: dict[str, list[Place]] = {}
        for place in self.stage.district.compounds:
            by_community.setdefault(place.path.rsplit(".", 1)[0], []).append(place)
        chosen = sorted(by_community.values(), key=lambda places: -len(places))[: self.n_communities]
        picked = [places[0] for places in chosen]
        rest = [place for places in chosen for place in places[1:]]
        return picked + rest[: self.n_compounds - len(picked)]

    def _visit(self, member: Member, place: Place, number: int) -> None:
        at = self.stage.at(self.day, 0.1 + 0.5 * number / self.n_compounds)
        inspection = uuid7(at, self.stage.random("inspection", number))
        payload = {"methods": ["open"], "group": member.team}
        share = 0.1 + number / 50
        member.phone.note(self._deed(VISIT, place.path, "done", payload, share, inspection))

    def _find(self, groups: tuple[Member, Member], owner: Member, place: Place, number: int) -> UUID:
        """One group finds, the other one looks again: nobody passes what he has told or fixed himself."""
        inspector, other = groups
        share = 0.5 + 0.05 * number
        finding = uuid7(self.stage.at(self.day, share), self.stage.random("finding", number))
        texts = self.stage.scenario.play.get("finding_texts") or self.stage.words["findings"]

        def note(member: Member, kind: str, outcome: str, payload: Mapping[str, Any], step: int) -> None:
            when = share + FOLDED * step
            member.phone.note(self._deed(f"supervision.{kind}", place.path, outcome, payload, when, finding))

        severity = SEVERITIES[number % len(SEVERITIES)]
        text = texts[number % len(texts)]
        note(inspector, "finding", "found", {"severity": severity, "text": text, "methods": ["open"]}, 0)
        note(inspector, "told", "told", {"unit": owner.team, "to": str(owner.account)}, 1)
        plan = {"owner": str(owner.account), "owner_team": owner.team, "unit": owner.team, "text": text}
        note(owner, "plan", "planned", plan, 2)
        if number < UNFIXED and not self.with_reasons:
            return finding
        if number < UNFIXED:
            on = self.stage.calendar.day(self.day).isoformat()
            note(owner, "reason", "reason_given", {"on": on, "text": self.stage.words["reasons"]["today"]}, 3)
            return finding
        note(owner, "fixed", "fixed", {"evidence": [text], "note": ""}, 3)
        note(other, "recheck", "passed", {}, 4)
        return finding

    def _deed(
        self, kind: str, path: str, outcome: str, payload: Mapping[str, Any], share: float, subject: UUID
    ) -> Deed:
        kind_of_subject = "inspection" if kind == VISIT else "finding"
        return Deed(
            kind=kind,
            path=path,
            outcome=outcome,
            payload=dict(payload),
            at=self.stage.at(self.day, min(share, 1.0)),
            subject_type=kind_of_subject,
            subject=subject,
        )

    @staticmethod
    def _upload(members: list[Member]) -> None:
        for member in members:
            member.phone.upload()
