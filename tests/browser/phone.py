"""A phone with the field app in real Chromium: enrolled, locked and unlocked, online and not."""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from tests.make.field import PIN, Field
from tests.make.rounds import DONE

MODULE = """async ([path, ...given]) => {
  const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
  const [file, name] = path.split(".");
  const module = await import(base + file + ".js");
  const result = await module[name](...given);
  return result === undefined ? null : JSON.parse(JSON.stringify(result));
}"""
READY = "html[data-ready=yes]"
CONTROLLED = """async () => {
  const workers = navigator.serviceWorker;
  if (!workers.controller) await new Promise((done) => workers.addEventListener("controllerchange", done));
}"""


@dataclass
class Phone:
    """One tab of the app on one phone."""

    context: BrowserContext
    page: Page
    address: str
    device: UUID | None = None

    def call(self, function: str, *given: Any) -> Any:
        """Call an exported function of a module, such as `outbox.add`."""
        return self.page.evaluate(MODULE, [function, *given])

    def open(self) -> None:
        """Load the app and wait until it can be used."""
        self.page.goto(f"{self.address}/field/")
        self.page.wait_for_selector(READY, state="attached")

    def enrol(self, code: str, *, name: str = "phone 3", pin: str = PIN) -> None:
        """Make a profile with a one-time code and take the list along."""
        self.device = UUID(self.call("session.enrol", code, name, pin)["device"])
        self.call("sync.download")

    def unlock(self, pin: str = PIN) -> None:
        """Open the profile again."""
        self.call("session.unlock", str(self.device), pin)

    def visit(self, field: Field, door: UUID, **more: Any) -> dict[str, Any]:
        """Keep a visit, as a screen would."""
        record = {
            "kind": "screening.visit",
            "operation": str(field.operation.id),
            "subject": {"type": "dwelling", "id": str(door)},
            "outcome": "done",
            "payload": DONE,
            "protocol": field.operation.protocol,
        }
        return cast("dict[str, Any]", self.call("outbox.add", record | more))

    def send(self) -> None:
        """Send now and wait until it is over."""
        self.call("sync.sendNow")

    def states(self) -> list[str]:
        """The state of everything that the open profile has kept, oldest first."""
        return [one["state"] for one in self.call("outbox.states")]

    def summary(self) -> Mapping[str, Any]:
        """What the bar tells."""
        return cast("Mapping[str, Any]", self.call("sync.summary"))

    def wait(self, words: str) -> None:
        """Wait until the bar says so."""
        self.page.locator("#bar").get_by_text(words).first.wait_for()

    def worker_ready(self) -> None:
        """Wait until the service worker has taken the page: from now on it opens without a network."""
        self.page.evaluate(CONTROLLED)

    def tab(self) -> "Phone":
        """Another tab on the same phone."""
        other = Phone(self.context, self.context.new_page(), self.address, self.device)
        other.open()
        return other


def told(text: str) -> None:
    """Shown when a test fails."""
    sys.stderr.write(f"in the page: {text}\n")


@contextmanager
def phone(browser: Browser, address: str) -> Iterator[Phone]:
    """A new phone with the app loaded, nothing on it; closed afterwards."""
    context = browser.new_context(
        locale="en", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(20_000)
    context.on("weberror", lambda error: told(f"{error.error}"))
    context.on("console", lambda said: told(f"{said.type} {said.text} {said.location['url']}"))
    context.on("requestfailed", lambda asked: told(f"failed {asked.url} {asked.failure}"))
    found = Phone(context, context.new_page(), address)
    found.open()
    yield found
    context.close()


def lost_replies(phone: Phone, times: int) -> list[int]:
    """Let requests through and lose the answers, so many times; the list fills with their statuses."""
    seen: list[int] = []

    def lose(route: Route) -> None:
        if len(seen) >= times:
            route.continue_()
            return
        seen.append(route.fetch().status)
        route.abort("connectionreset")

    phone.context.route("**/api/v1/records", lose)
    return seen


def body_of(request: Request) -> bytes:
    """What a request carries, unpacked."""
    body = request.post_data_buffer or b""
    return gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body


EVERYTHING = """async () => {
  const texts = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  const show = (value) => {
    if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return show(value.buffer);
    if (value instanceof CryptoKey) {
      return `key ${value.extractable}`;
    }
    if (Array.isArray(value)) return value.map(show).join(" ");
    if (value && typeof value === "object") {
      return Object.entries(value).map(([key, one]) => key + "=" + show(one)).join(" ");
    }
    return String(value);
  };
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => resolve(asked.result);
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
      });
      texts.push(store + ": " + rows.map(show).join("\\n"));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      texts.push(request.url + " " + await (await cache.match(request)).text());
    }
  }
  return texts;
}"""


def everything(phone: Phone) -> Sequence[str]:
    """All that the browser keeps for this address, as text."""
    return cast("Sequence[str]", phone.page.evaluate(EVERYTHING))


def on_disk(phone: Phone) -> str:
    """The same as one text."""
    return json.dumps(everything(phone), ensure_ascii=False)
