"""What axe finds on a page: only violations are gathered, for all that is right took most of the time."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
DESK: dict[str, object] = {"runOnly": {"type": "tag", "values": list(WCAG)}}
# Contrast 7:1 too. The app's tests ask for larger targets than axe, and not of what is half scrolled away.
PHONE: dict[str, object] = {
    "runOnly": {"type": "tag", "values": [*WCAG, "wcag2aaa"]},
    "rules": {"target-size": {"enabled": False}},
}
# The rules that look at colours: all that dark can break on a page that was found right in light.
COLOURS: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

_SOURCE = Axe().axe_script
_RUN = """options => axe.run({...options, resultTypes: ["violations"]}).then(
  found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"""


def violations(page: Page, options: dict[str, object] | None = None) -> list[tuple[str, str]]:
    """Return the rule and the first piece of HTML of each violation. `options`: as axe takes them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SOURCE)
    return [(rule, nodes[0][:160]) for rule, nodes in page.evaluate(_RUN, options or {})]
