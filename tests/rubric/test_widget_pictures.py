"""Pictures of the chat in every state: AFTERCARE_PICTURES=1 pytest tests/rubric/test_widget_pictures.py"""

import io
import os
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from bot.settings import ROOT
from tests.doubles.rasa import RasaDouble
from tests.rubric.chat import Chat, host, settle
from tests.rubric.conftest import DESKTOP, PHONE, ServedBot
from tests.rubric.states import STATES, talking, teach
from tests.rubric.talk import Side

PICTURES = ROOT / "docs" / "screenshots"
LOOKS = {
    "desktop": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}

pytestmark = pytest.mark.skipif(
    os.environ.get("AFTERCARE_PICTURES") != "1", reason="docs/screenshots is rewritten only with AFTERCARE_PICTURES=1"
)


def take(chat: Chat, name: str) -> None:
    """One picture of the chat and its launcher."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = chat.page
    settle(page)
    size = page.viewport_size
    clip = {"x": 0, "y": 0, **size}
    if size == DESKTOP:
        left = page.evaluate("getComputedStyle(document.querySelector('aftercare-chat').shadowRoot"
                             ".querySelector('.frame')).direction") == "rtl"  # fmt: skip
        clip = {"x": 0 if left else size["width"] - 452, "y": 0, "width": 452, "height": size["height"]}
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip, caret="hide", scale="css"))).convert("RGB")
    picture.quantize(256, kmeans=2).save(PICTURES / f"widget-{name}.png", optimize=True)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_states(new_page: Callable[..., Page], bot: ServedBot, rasa: RasaDouble, state: str, look: str) -> None:
    teach(rasa)
    viewport, scheme = LOOKS[look]
    take(STATES[state](bot, new_page(viewport, color_scheme=scheme)), f"{state}-{look}")


def test_closed(new_page: Callable[..., Page], bot: ServedBot, rasa: RasaDouble) -> None:
    chat = Chat(new_page(), opened=False)
    take(chat, "closed-desktop")


def test_right_to_left(new_page: Callable[..., Page], bot: ServedBot, rasa: RasaDouble) -> None:
    teach(rasa)
    page = new_page()
    chat = talking(bot, page)
    page.evaluate("document.querySelector('aftercare-chat').setAttribute('locale', 'ar')")
    take(chat, "talking-right-to-left")


def test_spanish(new_page: Callable[..., Page], bot: ServedBot, rasa: RasaDouble) -> None:
    chat = Chat(host(new_page(), lang="es"), goto=None)
    expect(chat.panel.get_by_text("La clínica está abierta ahora")).to_be_visible()
    take(chat, "greeting-spanish")
    chat.asks("hola", "heard: hola")
    Side.of(bot, chat).treated(23)
    chat.panel.locator("summary").click()
    take(chat, "today-spanish")
    chat.panel.locator(".menu .round").click()
    take(chat, "menu-spanish")
