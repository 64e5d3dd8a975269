"""How fast the chat is, measured: `make widget-speed`.

Prints figures of this machine and checks none of them: a busy machine keeps no promise of time.
"""

import os
import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.rubric.chat import Chat, host
from tests.rubric.conftest import PHONE
from tests.rubric.test_widget import TALL

pytestmark = pytest.mark.skipif(
    os.environ.get("AFTERCARE_MEASURE") != "1", reason="figures are measured by `make widget-speed`"
)

RUNS = 5
SLOWER = 4  # a processor slower by this factor, as a middling phone's
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PARTS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration", "TaskDuration")
CLICK = """() => new Promise((done) => {
  const { shadowRoot } = document.querySelector("aftercare-chat");
  const began = performance.now();
  const look = () => shadowRoot.activeElement?.localName === "textarea" ? done(performance.now() - began)
    : requestAnimationFrame(look);
  shadowRoot.querySelector(".launcher").click();
  look();
})"""


def slowed(page: Page) -> Page:
    """The page on a slow processor."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def spent(page: Page, ours: bool) -> list[float]:
    """Milliseconds of the processor that a page's main thread took by itself, whatever else the machine does."""
    if not ours:
        page.route("**/aftercare-widget.js", lambda route: route.abort())
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    host(page, TALL)
    page.wait_for_timeout(500)
    metrics = {one["name"]: one["value"] * 1000 for one in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return [metrics[part] for part in PARTS]


def test_work_before_the_click(new_page: Callable[..., Page]) -> None:
    """What the closed chat adds to a page's work. Under 50 ms at four times the figure, no task of it can be longer."""
    rows = {kind: [spent(new_page(PHONE), kind == "with") for _ in range(RUNS)] for kind in ("without", "with")}
    middle = {kind: [statistics.median(column) for column in zip(*found, strict=True)] for kind, found in rows.items()}
    for part, without, with_it in zip(PARTS, middle["without"], middle["with"], strict=True):
        print(f"\n{part}: {without:.1f} ms without the widget, {with_it:.1f} ms with it", end="")
    added = middle["with"][-1] - middle["without"][-1]
    print(f"\nadded in all: {added:.1f} ms; on a processor {SLOWER} times slower {SLOWER * added:.0f} ms")


def test_from_click_to_typing(new_page: Callable[..., Page]) -> None:
    """From the click until the cursor stands in the composer, on Slow 4G and a slow processor, nothing cached."""
    times = []
    for _ in range(RUNS):
        page = slowed(new_page())
        host(page, TALL)
        expect(Chat(page, goto=None, opened=False).launcher).to_be_visible()
        page.wait_for_load_state("networkidle")
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        times.append(page.evaluate(CLICK))
        page.close()
    print(f"\nfrom click to typing, Slow 4G, processor {SLOWER} times slower, {RUNS} times:"
          f" {statistics.median(times):.0f} ms in the middle, {max(times):.0f} ms at most")  # fmt: skip
