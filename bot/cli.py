"""The `aftercare` command. Each command is thin: it reads its arguments and calls one function."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.errors import MendableError
from bot.settings import load_settings

app = typer.Typer(
    help="Aftercare: a conversational aftercare assistant for clinics that treat hair loss with microneedling.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
staff_app = typer.Typer(help="The people who may sign in to the console.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
clinic_app = typer.Typer(help="The clinic's protocol: read it in plain words, and approve it.", no_args_is_help=True)
app.add_typer(clinic_app, name="clinic")
patient_app = typer.Typer(help="What a patient may ask of their data: a copy, or to be erased.", no_args_is_help=True)
app.add_typer(patient_app, name="patient")
key_app = typer.Typer(help="The encryption keys: a new one, and sealing everything with it.", no_args_is_help=True)
app.add_typer(key_app, name="key")
privacy_app = typer.Typer(help="How long data is kept.", no_args_is_help=True)
app.add_typer(privacy_app, name="privacy")

Named = Annotated[str, typer.Argument(metavar="ID", help="A conversation's id or its beginning, case:12 or record:7.")]

alerts_app = typer.Typer(help="Paging the staff.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")

learn_app = typer.Typer(help="What staff's reviews teach the assistant.", no_args_is_help=True)
app.add_typer(learn_app, name="learn")


def main() -> None:
    """Run the command; an expected error is one line on standard error and exit status 1."""
    try:
        app()
    except MendableError as error:
        Console(stderr=True, soft_wrap=True).print(f"[red]aftercare:[/red] {error}", highlight=False)
        sys.exit(1)


@app.command()
def run() -> None:
    """Start Rasa, the actions and the bot, and say where everything is. Ctrl-C stops all.

    Example: `aftercare run`
    """
    from bot.commands.serving import run as run_all

    run_all(load_settings())


@app.command()
def serve() -> None:
    """Start the bot process alone; Rasa and the actions run elsewhere.

    Example: `AFTERCARE_RASA_URL=http://127.0.0.1:5005 aftercare serve`
    """
    from bot.commands.serving import serve as serve_bot

    serve_bot(load_settings())


@app.command()
def demo() -> None:
    """Start everything with made-up patients, in a folder of its own: nothing of the clinic's is read or changed.

    Example: `aftercare demo`
    """
    from bot.commands.demonstrating import demonstrate

    demonstrate(load_settings())


@app.command()
def doctor() -> None:
    """Look at everything the assistant needs, a line each, and say the mend. Exit status 1 where something is wrong.

    Example: `aftercare doctor`
    """
    from bot.clock import SystemClock
    from bot.doctor.examining import all_well, examine, report
    from bot.settings import ROOT

    checks = examine(SystemClock(), ROOT / ".env")
    sys.stdout.write(report(checks) + "\n")
    if not all_well(checks):
        raise typer.Exit(1)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Write everything but the keys into one file, while the bot runs, and read it again.

    Example: `aftercare backup ~/backups/aftercare-2026-11-22.tar`
    """
    from bot.commands.backing_up import make

    sys.stdout.write(make(load_settings(), file) + "\n")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `aftercare backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of the data there is.")] = False,
) -> None:
    """Put a backup back, once it is found whole and your keys open it. What is there is kept aside. Stop the bot first.

    Example: `aftercare restore ~/backups/aftercare-2026-11-22.tar --replace`
    """
    from bot.commands.backing_up import put_back

    sys.stdout.write(put_back(load_settings(), file, replace=replace) + "\n")


@app.command()
def train(
    if_changed: Annotated[bool, typer.Option(help="Only where data, domain or configuration changed.")] = False,
) -> None:
    """Train the Rasa model from data/, domain.yml and config.yml.

    Example: `aftercare train --if-changed`
    """
    from bot.commands.training import train as train_model

    done = train_model(load_settings(), if_changed=if_changed)
    if done:
        Console(stderr=True).print("The model is trained: models/aftercare.tar.gz")


@app.command()
def screen(
    day: Annotated[float | None, typer.Option(help="Days since treatment, where known.")] = None,
) -> None:
    """Screen lines of text with the red-flag catalogue alone: text in, one JSON verdict a line out.

    Example: `echo "no fever but green stuff" | aftercare screen --day 4`
    """
    from bot.commands.screening import screen_lines

    for verdict in screen_lines(sys.stdin, day):
        sys.stdout.write(verdict + "\n")


@app.command()
def chat() -> None:
    """Talk to the bot in the terminal. Nothing is kept.

    Example: `aftercare chat`
    """
    from bot.commands.chatting import chat as talk

    talk(load_settings())


@app.command()
def evaluate(
    triage: Annotated[Path | None, typer.Option(help="JSONL of id, text, tier, day.")] = None,
    topics: Annotated[Path | None, typer.Option(help="JSONL of id, text, topic, also.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write figures and rows here.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Write pictures of confusion and reliability here.")] = None,
) -> None:
    """Measure the trained model on labelled lines: figures with exact intervals, confusion, misses.

    Example: `aftercare evaluate --triage triage.jsonl --topics topics.jsonl --json out.json`
    """
    from bot.commands.evaluation import evaluate as measure

    if triage is None and topics is None:
        raise typer.BadParameter("give --triage FILE, --topics FILE or both")
    measure(load_settings(), triage, topics, json_out, plots)


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="YAML of dialogues: id, title, setup, turns.")],
    out: Annotated[Path | None, typer.Option(help="Write the transcript here instead of printing it.")] = None,
) -> None:
    """Play written dialogues through the real stack, at the hour each is set, and write what was said.

    A turn has `patient` (what they write, or `[photo]`), `press` (a button's title), `clinician` (what staff write) or
    `clinician_does` (takes over, hands back, closes), and says when it is: `wait: 40 min` or `at: 09:00`. What falls
    due in between happens at its moment. `tests/dialogues` has many to start from.

    Example: `aftercare replay dialogues.yml --out transcript.md`
    """
    from bot.commands.replaying import replay as play

    play(load_settings(), file, out)


@staff_app.command("add")
def staff_add(
    email: Annotated[str, typer.Argument(help="Their e-mail address: what they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name, as patients see it.")],
    title: Annotated[str, typer.Option(help="Nurse, Dr, ... as patients see it.")] = "",
    role: Annotated[str, typer.Option(help="admin, clinician or reviewer.")] = "clinician",
) -> None:
    """Add a member of staff and print the link with which they choose a password (once, 72 hours).

    Example: `aftercare staff add ana@clinic.example --name "Ana Silva" --title Nurse`
    """
    from bot.commands.staffing import add

    sys.stdout.write(add(load_settings(), email, name, title, role) + "\n")


@staff_app.command("reset-factor")
def staff_reset_factor(
    email: Annotated[str, typer.Argument(help="The e-mail address they sign in with.")],
) -> None:
    """Take somebody's second factor off, for a lost phone without recovery codes. They are signed out everywhere.

    Example: `aftercare staff reset-factor ana@clinic.example`
    """
    from bot.commands.staffing import reset_factor

    sys.stdout.write(reset_factor(load_settings(), email) + "\n")


@clinic_app.command("check")
def clinic_check(
    approve: Annotated[str, typer.Option(metavar="NAME", help="The clinician who approves, by name.")] = "",
    row: Annotated[
        str, typer.Option(metavar="KEY", help="Which row is approved, such as protocol.wash_h; or all.")
    ] = "",
) -> None:
    """Explain the protocol of clinic.yml row by row, with who approved it when; or approve rows of it.

    Example: `aftercare clinic check --approve "Dr Ana Silva" --row protocol.wash_h`
    """
    from bot.clock import SystemClock
    from bot.commands.approving import sheet, sign

    if bool(approve) != bool(row):
        raise typer.BadParameter("--approve NAME and --row KEY go together; --row all approves every row")
    file = load_settings().clinic_file
    sys.stdout.write((sign(file, approve, row, SystemClock().now()) if approve else sheet(file)) + "\n")


@alerts_app.command("test")
def alerts_test() -> None:
    """Send a test page to every address, and say which of them took it. Exit status 1 when one did not.

    Example: `aftercare alerts test`
    """
    import asyncio

    from bot.commands.paging import try_addresses

    told, all_reached = asyncio.run(try_addresses(load_settings()))
    sys.stdout.write(told + "\n")
    if not all_reached:
        raise typer.Exit(1)


@learn_app.command("export")
def learn_export(
    out: Annotated[Path, typer.Option(help="Folder for the two files.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only reviews made since this day.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take every line, without showing it first.")] = False,
) -> None:
    """Write reviewed messages as training data and as red-flag proposals for a clinician, personal data masked.

    Only of patients who agreed that we learn from what they write. Example: `aftercare learn export --out learnt`
    """
    from bot.commands.learning import export

    confirm = None if yes else lambda line: typer.confirm(f"{line}\n  Take it?", default=False)
    sys.stdout.write(export(load_settings(), out, since.date() if since else None, confirm) + "\n")


@patient_app.command("export")
def patient_export(
    named: Named, out: Annotated[Path, typer.Option(help="Folder for the files; it must not be there, or be empty.")]
) -> None:
    """Write all that is kept about a person: data.json, a page to read, and their files, decrypted.

    Example: `aftercare patient export 9c1e --out ~/mia`
    """
    from bot.commands.private import export_patient

    sys.stdout.write(export_patient(load_settings(), named, out) + "\n")


@patient_app.command("erase")
def patient_erase(
    named: Named, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False
) -> None:
    """Erase a person: chats, files, record, sessions, search index and dialogue state. It cannot be undone.

    Example: `aftercare patient erase 9c1e`
    """
    from bot.commands.private import erase_patient

    if not yes:
        typer.confirm(f"Erase everything about the person of {named}? This cannot be undone", abort=True)
    sys.stdout.write(erase_patient(load_settings(), named) + "\n")


@key_app.command("add")
def key_add() -> None:
    """Make a new key, with which the bot seals from its next start on.

    Example: `aftercare key add`
    """
    from bot.commands.private import add_key

    sys.stdout.write(add_key(load_settings()) + "\n")


@key_app.command("rotate")
def key_rotate() -> None:
    """Seal everything with the newest key, so that the older ones are needed no more.

    Example: `aftercare key rotate`
    """
    from bot.commands.private import rotate

    sys.stdout.write(rotate(load_settings()) + "\n")


@privacy_app.command("run")
def privacy_run() -> None:
    """Remove now what is kept longer than `privacy` in clinic.yml says. The bot does it once a day.

    Example: `aftercare privacy run`
    """
    from bot.commands.private import clear

    sys.stdout.write(clear(load_settings()) + "\n")


if __name__ == "__main__":
    main()
