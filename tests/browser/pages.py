"""The pages that are looked at: who looks, the name of the picture, the address."""

from bulou.kernel import clock
from tests.make.desk import World


def moment() -> str:
    """Return this minute as an address has it."""
    return f"{clock.now().astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M}"


def of_the_command(world: World) -> list[tuple[str, str]]:
    """Pages of the command office."""
    assert world.screening is not None
    board = f"/rounds/{world.screening.id}"
    return [
        ("today", "/"),
        ("rounds", "/rounds"),
        ("board", board),
        ("board-community", f"{board}?area={world.community}"),
        ("missed", f"{board}/missed?area={world.community}"),
        ("units", f"{board}/units?show=done&area={world.community}"),
        ("open-a-round", "/rounds/open"),
        ("close-a-round", f"{board}/close"),
        ("sheets", f"{board}/missed/sheets?area={world.community}"),
        ("door", f"/subjects/dwelling/{world.door}"),
        ("review", "/review"),
        ("conflicts", "/review/conflicts"),
        ("gaps", "/review/gaps"),
        ("arrivals", "/arrivals?minutes=240"),
        ("board-past", f"{board}?as_of={moment()}"),
        ("views", "/views"),
        ("view-new", "/views/new?address=/rounds"),
        ("proposals", "/accounts/proposals"),
        ("glass", "/glass"),
        ("areas", "/areas"),
        ("rename", f"/areas/rename?area={world.community}"),
        ("doors", "/doors"),
        ("sites", "/sites"),
        ("search", "/search?q=1"),
        ("choose-area", "/area"),
        ("disinfection", "/disinfection"),
        ("findings", "/findings"),
        ("finding", f"/findings/{world.findings[1]}"),
        ("zones", "/command"),
        ("zone", f"/command/zones/{world.zone}"),
        ("zone-new", f"/command/zones/new?area={world.community}"),
        ("orders", "/command/orders"),
        ("order", f"/command/orders/{world.order}"),
        ("order-new", "/command/orders/new"),
        ("reports", "/reports"),
        ("daily-report", "/reports/daily"),
        ("me", "/me"),
        ("not-there", "/rounds/01a20125-218d-7eb4-b840-e5563bee6878"),
    ]


def of_the_officer(world: World) -> list[tuple[str, str]]:
    """Pages of a community officer."""
    return [
        ("people", "/people"),
        ("person", f"/people/{world.came[0]}"),
        ("person-new", "/people/new"),
        ("doubles", "/people/doubles"),
        ("risk-rule", "/people/rule"),
        ("teams", "/teams"),
        ("register", "/people/register"),
    ]


def of_the_street(world: World) -> list[tuple[str, str]]:
    """Pages of a street officer: who is watched, held, handed over; gates and passes."""
    here = f"area={world.community}"
    return [
        ("watches", f"/watches?{here}"),
        ("reports-to-confirm", f"/watches?show=reported&{here}"),
        ("missed-watches", f"/watches?show=missed&{here}"),
        ("watch", f"/watches/{world.watch}"),
        ("watch-new", f"/watches/new?{here}"),
        ("cases", "/cases"),
        ("case", f"/cases/{world.case}"),
        ("handovers", "/handovers"),
        ("handover", f"/handovers/{world.chain}"),
        ("handover-new", f"/handovers/new?{here}"),
        ("isolation", f"/isolation?{here}"),
        ("isolation-site", f"/isolation/sites/{world.site}"),
        ("isolation-intake", f"/isolation/sites/{world.site}/intake"),
        ("isolation-stay", f"/isolation/stays/{world.stay}"),
        ("isolation-requests", f"/isolation/requests?{here}"),
        ("isolation-homes", f"/isolation/homes?{here}"),
        ("isolation-home", f"/isolation/homes/{world.door}"),
        ("restrictions", "/restrictions"),
        ("restriction", f"/restrictions/{world.restriction}"),
        ("restriction-new", f"/restrictions/new?{here}&person={world.came[1]}&person={world.came[2]}"),
        ("people-to-mark", f"/people?{here}"),
        ("gates", f"/gates?{here}"),
        ("passes", f"/passes?{here}"),
        ("pass-issue", f"/passes/issue?{here}"),
        ("hand-in", "/devices/hand-in"),
    ]


def of_the_clerk(world: World) -> list[tuple[str, str]]:
    """Pages of the data clerk."""
    return [
        ("imports", "/imports"),
        ("import", f"/imports/{world.import_id}"),
        ("import-new", "/imports/new"),
        ("door-add", f"/doors/add?area={world.community}"),
        ("door-change", f"/doors/{world.door}/change"),
        ("site-add", f"/sites/add?area={world.community}"),
        ("area-move", f"/areas/move?area={world.community}"),
    ]


def of_the_administrator(world: World) -> list[tuple[str, str]]:
    """Pages of the administrator."""
    return [
        ("accounts", "/accounts"),
        ("account-new", "/accounts/new"),
        ("account", f"/accounts/{world.people['lin'].account_id}"),
        ("devices", "/devices"),
        ("devices-enrol", "/devices/enrol"),
        ("glass-take", "/glass/take"),
    ]


OPEN = [("sign-in", "/sign-in"), ("code", "/code"), ("start", "/start")]
