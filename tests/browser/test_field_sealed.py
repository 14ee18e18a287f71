"""What lies on a phone is sealed: nothing to read without the PIN, and still nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Error, Route

from bulou.intake.actions.handing_in import hand_in_file
from bulou.kernel import clock
from tests.browser.phone import Phone, everything, on_disk, phone
from tests.make.field import PIN, Field
from tests.make.rounds import DONE

REMARK = "a remark that nobody else may read"
FILE = """async () => {
  const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
  const { exportFile } = await import(base + "handing.js");
  return exportFile().blob.text();
}"""


NEXT_SHIFT = """async ([device]) => {
  const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
  const db = await import(base + "db.js");
  await db.change("profiles", [device], (row) => ({ ...row, share: null }));
  (await import(base + "session.js")).lock();
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  globalThis.full = true;
  IDBObjectStore.prototype.put = function (...given) {
    if (globalThis.full && this.name === "profiles") throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, given);
  };
}"""


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field) -> Iterator[Phone]:
    """Qian's phone, enrolled, with the list."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(field.qian))
        yield found


def problem(phone: Phone, pin: str) -> str:
    """What the app says to a PIN."""
    with pytest.raises(Error) as error:
        phone.unlock(pin)
    return error.value.message


def test_nothing_personal_stands_in_the_open_on_the_phone(mine: Phone, field: Field) -> None:
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0], payload=DONE | {"remark": REMARK})
    tasks = mine.call("sync.tasks")
    mine.call("session.lock")
    kept = on_disk(mine)
    shown = mine.page.content()
    for secret in [REMARK, PIN, "Qian", str(tasks[0]["path"]), str(field.doors[0]), str(field.operation.id)]:
        assert secret not in kept, secret
    assert str(tasks[0]["path"]) not in shown
    assert REMARK not in shown
    assert "key true" not in kept, "a key can be read out"
    assert any("/field/sw.js" not in text and "app.js" in text for text in everything(mine))


def test_five_wrong_pins_wipe_the_keys_and_what_was_kept_is_handed_in_sealed(
    mine: Phone, field: Field
) -> None:
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.call("session.lock")
    assert "pin_wrong" in problem(mine, "111222")
    mine.unlock()  # a right one between: the count begins anew
    mine.call("session.lock")
    for _ in range(4):
        assert "pin_wrong" in problem(mine, "111222")
    assert "wiped" in problem(mine, "111222")
    assert "wiped" in problem(mine, PIN)
    assert mine.call("session.profiles")[0]["state"] == "wiped"
    assert mine.summary()["others"] == 1
    mine.context.set_offline(False)
    mine.call("sync.sendNow")
    assert len(field.records()) == 1
    assert field.records()[0].author == field.qian.account_id


def test_a_wrong_pin_is_counted_before_it_is_tried(mine: Phone) -> None:
    mine.call("session.lock")
    mine.page.evaluate(
        """async ([device]) => {
          const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
          const { unlock } = await import(base + "session.js");
          await Promise.allSettled(Array.from({ length: 9 }, () => unlock(device, "111222")));
        }""",
        [str(mine.device)],
    )
    assert mine.call("session.profiles")[0]["state"] == "wiped"


def test_a_revoked_phone_loses_its_keys_and_hands_in_what_it_holds(mine: Phone, field: Field) -> None:
    assert mine.device is not None
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    field.revoke(mine.device)
    later = clock.now() + timedelta(seconds=30)
    mine.visit(field, field.doors[1], observed_at=later.isoformat())
    mine.context.set_offline(False)
    mine.page.locator("#bar").get_by_text("All sent").or_(mine.page.locator(".screen.start")).first.wait_for()
    mine.call("sync.sendNow")
    assert mine.call("session.current") is None
    assert mine.call("session.profiles")[0]["state"] == "revoked"
    assert "revoked" in problem(mine, PIN)
    assert [str(one.standing) for one in field.records()] == ["kept", "doubtful"]
    assert field.records()[1].problems == ("intake.after_revocation",)
    assert f"{mine.device}/day" not in on_disk(mine)


def test_a_revocation_is_noticed_within_a_minute_without_any_act(mine: Phone, field: Field) -> None:
    assert mine.device is not None
    mine.page.clock.install()
    mine.open()
    mine.unlock()
    field.revoke(mine.device)
    with mine.page.expect_response("**/devices/standing"):
        mine.page.clock.run_for(60_000)
    mine.page.locator(".screen.start").wait_for()
    assert mine.call("session.profiles")[0]["state"] == "revoked"


def test_a_shift_ends_by_itself_and_the_next_one_needs_the_network_once(mine: Phone, field: Field) -> None:
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.page.clock.install(time=clock.now() + timedelta(hours=12, minutes=1))
    mine.open()
    assert mine.call("session.profiles")[0]["state"] == "away"
    assert "needs_network" in problem(mine, PIN)
    mine.context.set_offline(False)
    mine.unlock()
    assert mine.call("session.current")["name"] == "Qian"


def test_a_clock_that_is_put_back_does_not_make_a_shift_longer(mine: Phone, field: Field) -> None:
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.page.clock.install(time=clock.now() - timedelta(hours=1))
    mine.open()
    assert mine.call("session.profiles")[0]["state"] == "away"


def test_a_change_of_the_pin_whose_answer_is_lost_locks_nobody_out(mine: Phone) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    mine.context.route("**/devices/share", lose, times=1)
    with pytest.raises(Error):
        mine.call("session.changePin", PIN, "730164")
    mine.call("session.lock")
    mine.unlock()  # in the shift, the phone cannot know yet
    mine.page.evaluate(NEXT_SHIFT, [str(mine.device)])
    assert "pin_wrong" in problem(mine, PIN)
    mine.unlock("730164")
    mine.call("session.changePin", "730164", "915283")
    mine.page.evaluate(NEXT_SHIFT, [str(mine.device)])
    mine.unlock("915283")


def test_a_shared_phone_knows_who_works_by_the_pin(mine: Phone, field: Field) -> None:
    mine.visit(field, field.doors[0])
    qian = mine.device
    mine.enrol(field.code(field.wu), name="phone 3, late shift", pin="730164")
    mine.visit(field, field.doors[1])
    mine.send()
    assert mine.states() == ["kept"]
    mine.call("session.lock")
    mine.device = qian
    assert "pin_wrong" in problem(mine, "730164")
    mine.unlock()
    authors = {one.subject: one.author for one in field.records()}
    assert authors[field.doors[1]] == field.wu.account_id
    mine.send()
    authors = {one.subject: one.author for one in field.records()}
    assert authors[field.doors[0]] == field.qian.account_id
    assert {one.device_seq for one in field.records()} == {1}


def test_a_file_and_scanned_pages_bring_in_what_a_phone_cannot_send(mine: Phone, field: Field) -> None:
    mine.context.set_offline(True)
    for door in field.doors[:3]:
        mine.visit(field, door)
    pages = mine.call("handing.qrPages")
    assert all(page.isascii() and len(page) < 1000 for page in pages)
    answer = hand_in_file("\n".join(pages).encode())
    assert [result.standing for result in answer.results] == ["kept"] * 3
    mine.call("session.lock")
    answer = hand_in_file(str(mine.page.evaluate(FILE)).encode())
    assert [result.standing for result in answer.results] == ["duplicate"] * 3
    mine.context.set_offline(False)
    mine.unlock()
    mine.send()
    assert mine.states() == ["kept"] * 3
    assert len(field.records()) == 3


def test_a_cleared_storage_is_noticed_and_told(mine: Phone, field: Field) -> None:
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.visit(field, field.doors[1])
    mine.context.set_offline(False)
    mine.context.route("**/api/v1/records", lambda route: route.abort())
    mine.page.goto("about:blank")
    clearing = mine.context.new_page()
    clearing.goto(f"{mine.address}/healthz")
    clearing.evaluate(
        """() => new Promise((resolve, reject) => {
          const asked = indexedDB.deleteDatabase("bulou");
          asked.onsuccess = resolve;
          asked.onerror = reject;
        })"""
    )
    mine.open()
    mine.wait("This phone has lost 2 records")
    mine.open()
    mine.wait("This phone has lost 2 records")
    mine.page.get_by_role("button", name="Understood").click()
    assert mine.summary()["lost"] == 0


def test_a_phone_that_was_set_back_counts_on_from_what_the_server_has(mine: Phone, field: Field) -> None:
    for door in field.doors[:3]:
        mine.visit(field, door)
    mine.send()
    device = str(mine.device)
    mine.page.evaluate(
        """async ([device]) => {
          const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
          const db = await import(base + "db.js");
          await db.change("profiles", [device], (row) => ({ ...row, seq: 1 }));
        }""",
        [device],
    )
    mine.open()
    mine.unlock()
    mine.wait("This phone has lost 2 records")
    mine.visit(field, field.doors[3])
    mine.send()
    assert [one.device_seq for one in field.records()] == [1, 2, 3, 4]


def test_a_full_phone_says_so_and_keeps_all_of_a_record_or_nothing(mine: Phone, field: Field) -> None:
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.page.evaluate(FULL)  # the browser says so at the second row of the record, the first is placed
    with pytest.raises(Error) as error:
        mine.visit(field, field.doors[1])
    assert "storage full" in error.value.message
    assert len(mine.states()) == 1
    mine.page.evaluate("globalThis.full = false")
    mine.visit(field, field.doors[1])
    mine.context.set_offline(False)
    mine.send()
    assert [one.device_seq for one in field.records()] == [1, 2]


def test_the_office_sees_what_a_phone_tells_of_itself(mine: Phone, field: Field) -> None:
    mine.context.route("**/api/v1/records", lambda route: route.abort())
    mine.visit(field, field.doors[0])
    mine.call("sync.beat", True)
    assert mine.device is not None
    version, unsent = field.facts_of(mine.device)
    assert version.startswith("1.")
    assert unsent == 1
