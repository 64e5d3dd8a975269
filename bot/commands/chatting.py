"""`aftercare chat`: talk to the bot in the terminal, through the real stack, with nothing kept."""

import asyncio

from rich.console import Console
from rich.text import Text

from bot.commands.stack import Talk, private_stack, services_for
from bot.conversation.inbound import Press
from bot.settings import Settings
from bot.store.tables import Kind, Message
from bot.triage.tier import Tier

HELP = "Write as a patient would. A number presses that button. An empty line or Ctrl-D ends."


def chat(settings: Settings) -> None:
    """Talk until the person stops. Raises ProcessError when the stack cannot be started."""
    with private_stack(settings) as own:
        asyncio.run(_talk(own))


async def _talk(settings: Settings) -> None:
    console = Console()
    console.print(HELP, style="dim")
    async with services_for(settings) as services:
        talk = Talk(services, "terminal")
        offered: Message | None = None
        while said := await asyncio.to_thread(_ask):
            press = _press(said, offered)
            replies = await talk.say(said, Kind.TEXT, press)
            for reply in replies:
                console.print(Text(reply.text, style="cyan"))
                for index, button in enumerate(reply.buttons, 1):
                    console.print(Text(f"  {index}. {button['title']}", style="green"))
            offered = next((reply for reply in reversed(replies) if reply.buttons), None)
            case = talk.case()
            tier = Tier(talk.last_patient_message().tier).label
            console.print(Text(f"tier {tier}" + (f", case {Tier(case.tier).label}" if case else ""), style="dim"))


def _ask() -> str:
    try:
        return input("you> ").strip()
    except EOFError:
        return ""


def _press(said: str, offered: Message | None) -> Press | None:
    if offered and said.isdigit() and 1 <= int(said) <= len(offered.buttons):
        return Press(offered.id, int(said) - 1)
    return None
