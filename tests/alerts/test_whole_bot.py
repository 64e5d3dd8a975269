"""The whole bot process pages by itself: through Apprise and in the staff's Telegram group."""

from bot.app import create_app
from tests.doubles.bot_api import TelegramDouble
from tests.house import EMERGENCY, House, until


async def test_a_case_pages_while_no_console_is_open(shared, rasa, tmp_path, nurse):
    with TelegramDouble() as double:
        group = double.group(-1009)
        house = House.build(
            shared,
            tmp_path,
            rasa.url,
            alert_urls=nurse.url,
            telegram_token=double.token,
            telegram_api_base=double.base_url,
            telegram_staff_group=-1009,
        )
        app = create_app(house.services)
        async with app.router.lifespan_context(app):
            house.receive(EMERGENCY)
            await until(lambda: nurse.pages and group.texts)
            assert not [name for name, task in app.state.background.items() if task.done()]
    assert "throat" not in str(nurse.pages) + str(group.texts)
