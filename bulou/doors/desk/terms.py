"""The desk's own problem codes; everything else it says belongs to the room that refused."""

from bulou.kernel.problems import Entry

PROBLEMS = {
    "desk.bad_moment": Entry(400, "This is no moment: %(text)s. Write it like 2026-02-03T18:00."),
}
