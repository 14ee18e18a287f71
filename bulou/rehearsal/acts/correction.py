"""The registry is corrected: more compounds are counted, and the report of yesterday keeps its own sum."""

from bulou.rehearsal import registry
from bulou.rehearsal.district import more_compounds
from bulou.rehearsal.stage import Stage


class RegistryCorrection:
    """Adds the compounds that a later count found, by a second import of areas, valid from its day."""

    def __init__(self, stage: Stage, *, day: int, compounds_later: int) -> None:
        self.stage = stage
        self.day = day
        self.n = compounds_later - len(stage.district.compounds)

    def morning(self, day: int) -> None:
        """The clerk's desk opens later."""

    def work(self, day: int) -> None:
        """One import, after the reports of the days before were signed."""
        if day != self.day:
            return
        more = more_compounds(self.stage.district, self.n, seed=self.stage.seed)
        registry.import_areas(self.stage.district.code, more, since=self.stage.calendar.day(day))
        self.stage.echo(f"  registry corrected: {len(more)} compounds more")
