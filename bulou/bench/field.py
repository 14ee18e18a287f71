"""The app on phones, in a real browser against a real server: load, cold start, list, saving, sending."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bulou.access.actions.codes import issue_code
from bulou.access.actions.gate import system_actor
from bulou.access.terms import Purpose, Role
from bulou.bench import scripts, station, town
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure, NotHereError
from bulou.coverage.terms import Operation

CHROMIUM: Final = Path("/usr/bin/chromium")
COMMUNITY: Final = f"{town.DISTRICT}.001.001"
DOORS: Final = 2_000
RECORDS: Final = 3_000
SAVES: Final = 200
SLOWER: Final = 4
PIN: Final = "482915"
READY: Final = "html[data-ready=yes]"


def measure(where: Place, scale: float) -> list[Figure]:
    """The figures of issues 3 and 5. Lists are whole at any scale; only the records sent are fewer.

    Raises:
        NotHereError: Playwright or Chromium is not installed.
    """
    if find_spec("playwright") is None or not CHROMIUM.exists():
        raise NotHereError("a browser is needed: pip install 'bulou[dev]' and apt-get install chromium")
    here = town.build(phones=1)
    town.doors(DOORS // town.COMPOUNDS)
    worker = town.person("walker", Role.WORKER, COMMUNITY)
    operation = town.round_over(here.officer, COMMUNITY)
    doors = [subject for subject, _path in town.subjects(operation, DOORS)]
    code = issue_code(system_actor(town.DISTRICT), account_id=worker.account_id, purpose=Purpose.ENROL)
    with serving(where), _browser() as browser:
        phone = _Phone(browser, where.port)
        figures = phone.first_load()
        phone.enrol(code)
        figures += phone.cold_start()
        figures += phone.scrolling()
        figures += phone.saving(operation, doors)
        figures += phone.sending(operation, doors, max(300, int(RECORDS * min(scale, 1))))
        with ThreadPoolExecutor(1) as aside:  # only now: these people would stand on the list of doors
            people = aside.submit(station.population, where, here).result()
        figures += phone.station(people)
        phone.close()
    return figures


@contextmanager
def _browser() -> Iterator[Any]:
    with import_module("playwright.sync_api").sync_playwright() as driver:
        words = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=words)
        yield browser
        browser.close()


class _Phone:
    """One phone with the app, on this machine's processor."""

    def __init__(self, browser: Any, port: int) -> None:
        self.address = f"http://localhost:{port}/field/"
        self.context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
        self.context.set_default_timeout(120_000)
        self.page = self.context.new_page()
        self.device = ""

    def close(self) -> None:
        self.context.close()

    def call(self, function: str, *given: Any) -> Any:
        """Call an exported function of the app, as its screens do."""
        return self.page.evaluate(scripts.CALL, [function, *given])

    def first_load(self) -> list[Figure]:
        """What comes over the network until the app can be used, packed; fonts and pictures apart."""
        seen: dict[str, int] = {}
        kinds: dict[str, str] = {}
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
        wire.on(
            "Network.loadingFinished",
            lambda told: seen.update({told["requestId"]: told["encodedDataLength"]}),
        )
        self.page.goto(self.address)
        self.page.wait_for_selector(READY, state="attached")
        self.page.wait_for_load_state("load")
        shell = sum(n for request, n in seen.items() if kinds.get(request) not in {"Image", "Font"})
        wire.detach()
        return [Figure("field.first_load", shell / 1024, "KiB packed", limit=100)]

    def enrol(self, code: str) -> None:
        self.device = self.call("session.enrol", code, "walker", PIN)["device"]
        began = time.perf_counter()
        self.call("sync.download")
        self.downloaded = time.perf_counter() - began
        self.page.evaluate(scripts.CONTROLLED)

    def cold_start(self) -> list[Figure]:
        """Without a network, in a new tab: from the address to an app that can be used."""
        self.context.set_offline(True)
        times = []
        for _ in range(5):
            page = self.context.new_page()
            page.goto(self.address)
            page.wait_for_selector(READY, state="attached")
            times.append(float(page.evaluate("performance.now()")))
            page.close()
        self.context.set_offline(False)
        return [Figure("field.cold_start_offline", sorted(times)[2], "ms", limit=1_000)]

    def scrolling(self) -> list[Figure]:
        """Frames a second while the list moves, on a processor made slower; and those of an empty page."""
        self.page.evaluate("location.hash = '#/list'")
        self.page.wait_for_selector("button[data-key]")
        self.page.wait_for_timeout(1_000)  # the list has settled, as it has when a thumb comes
        wire = self.context.new_cdp_session(self.page)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        ours = self.page.evaluate(scripts.SCROLL, 3_000)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        empty = self.context.new_page()
        empty.goto(self.address.replace("/field/", "/healthz"))
        empty.evaluate(scripts.TALL)
        bare_wire = self.context.new_cdp_session(empty)
        bare_wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        bare = empty.evaluate(scripts.SCROLL, 3_000)
        empty.close()
        listed = self.page.evaluate("document.querySelectorAll('button[data-key]').length")
        return [
            Figure("field.list_doors", float(ours["tall"]), "pixels tall"),
            Figure("field.list_drawn", float(listed), "doors in the page"),
            Figure("field.list_frames", ours["frames"], "frames/s", limit=57, at_least=True),
            Figure("field.empty_frames", bare["frames"], "frames/s of an empty page"),
            Figure(
                "field.list_to_empty", ours["frames"] / bare["frames"], "of an empty page", limit=0.95,
                at_least=True,
            ),
        ]  # fmt: skip

    def saving(self, operation: Operation, doors: list[UUID]) -> list[Figure]:
        """From the tap until the record lies sealed on the disk; nothing is sent meanwhile."""
        self.page.bring_to_front()
        self.context.set_offline(True)
        times = sorted(self.page.evaluate(scripts.SAVE, [_visits(operation, doors[:SAVES])]))
        return [
            Figure("field.save_p50", times[len(times) // 2], "ms"),
            Figure("field.save_p95", times[int(len(times) * 0.95)], "ms", limit=50),
        ]

    def sending(self, operation: Operation, doors: list[UUID], n: int) -> list[Figure]:
        """What was kept without a network, from its return until the server has answered for each."""
        more = [doors[k % len(doors)] for k in range(SAVES, n)]
        for start in range(0, len(more), 200):
            self.page.evaluate(scripts.SAVE, [_visits(operation, more[start : start + 200])])
        waiting = self.call("sync.summary")["waiting"]
        self.context.set_offline(False)
        seconds = float(self.page.evaluate(scripts.SEND)) / 1_000
        left = self.call("sync.summary")
        return [
            Figure("field.download", self.downloaded, "s for a list of 2,000 doors"),
            Figure("field.sent", float(waiting), "records"),
            Figure("field.left", float(left["waiting"]) + float(left["need_help"]), "records", limit=0),
            Figure("field.sync", seconds, "s", limit=10),
            Figure("field.sync_rate", waiting / seconds, "records/s"),
        ]

    def station(self, people: list[UUID]) -> list[Figure]:
        """People at a sampling station."""
        self.call("words.setLanguage", "en")  # what the screen says is waited for
        return station.sampling(self.page, self.context, people, SLOWER)


def _visits(operation: Operation, doors: list[UUID]) -> list[dict[str, Any]]:
    answers = {"met": "adult", "n_persons": 3, "returned": "no", "contact_with_case": "no"}
    return [
        {
            "kind": "screening.visit", "operation": str(operation.id), "outcome": "done", "payload": answers,
            "subject": {"type": "dwelling", "id": str(door)}, "protocol": operation.protocol,
        }
        for door in doors
    ]  # fmt: skip
