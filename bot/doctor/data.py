"""The data: the folder, the database and the uploads, and whether what is in them can be so."""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.console.setting_telegram import Check
from bot.settings import Settings, SettingsError
from bot.store.database import Store
from bot.store.keys import KeyRing, SealingError
from bot.store.revisions import known, newest, revision_of
from bot.store.sealing import check_keys
from bot.store.tables import Attachment, Audit, Event, Message, Role, Staff, StaffFactor

LITTLE, TOO_LITTLE = 2 * 10**9, 200 * 10**6  # bytes free
AHEAD = timedelta(minutes=5)  # so far a row may be before the clock


def data_checks(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Folder, disk, database and what is in it. Makes nothing and changes nothing."""
    folder = settings.data_dir
    if not folder.exists():
        yield Check("Data folder", "good", f"Not there yet: the first start makes {folder}.")
    else:
        yield folder_check("Data folder", folder)
        yield free_check(shutil.disk_usage(folder).free)
        if settings.uploads.exists():
            yield folder_check("Uploads", settings.uploads)
    file = make_url(settings.database).database if settings.database.startswith("sqlite") else None
    if file and not Path(file).exists():
        yield Check("Database", "good", f"Not there yet: the first start makes {file}.")
        return
    try:
        store = Store(settings.database, _ring(settings))
    except SettingsError:  # told with the keys
        return
    try:
        yield from _database_checks(store, settings, clock)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        mend = f"Put a backup back: aftercare restore FILE --replace (the damaged one is kept beside {file})"
        elsewhere = "Start the server, or mend AFTERCARE_DATABASE_URL in .env."
        yield Check("Database", "bad", f"It cannot be read: {reason}.", mend if file else elsewhere)
    finally:
        store.close()


def _ring(settings: Settings) -> KeyRing:
    """The keys there are. Where there are none, one that opens nothing: looking makes no key."""
    return settings.key_ring() if settings.has_encryption_key else KeyRing.read(secrets.token_hex(32))


def folder_check(name: str, folder: Path) -> Check:
    """Whether we may write into a folder, and nobody else may look into it."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check(name, "bad", f"{folder} cannot be written.", f"chown -R $(id -un) {folder}")
    if folder.stat().st_mode & stat.S_IRWXO:
        return Check(name, "note", f"Everybody on this machine may look into {folder}.", f"chmod 700 {folder}")
    return Check(name, "good", f"{folder} can be written.")


def free_check(free: int) -> Check:
    """The free disk, in bytes."""
    says = f"{free / 10**9:.1f} GB are free."
    mend = "Free some disk: without it no message can be stored."
    if free < TOO_LITTLE:
        return Check("Disk", "bad", says, mend)
    return Check("Disk", "note", says, mend) if free < LITTLE else Check("Disk", "good", says)


def _database_checks(store: Store, settings: Settings, clock: Clock) -> Iterator[Check]:
    with store.engine.connect() as connection:
        revision = revision_of(connection)
        sound = "ok"
        if store.engine.dialect.name == "sqlite":
            sound = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if sound != "ok":
        mend = "Stop the bot and put a backup back: aftercare restore FILE --replace"
        yield Check("Database", "bad", f"It is damaged: {sound.splitlines()[-1]}.", mend)
        return
    yield Check("Database", "good", "It answers" + (" and is sound." if "sqlite" in settings.database else "."))
    yield _revision_check(revision)
    if revision == newest():
        yield from _row_checks(store, settings, clock)


def _revision_check(revision: str | None) -> Check:
    if revision == newest():
        return Check("Tables", "good", f"Of today's version, {revision}.")
    if revision is None or revision in known():
        mend = "aftercare backup FILE, then start the bot: it brings them up to date"
        return Check("Tables", "note", f"Of version {revision or 'none'}; today's is {newest()}.", mend)
    mend = "Use the version of Aftercare that made them, or a newer one: git pull && make run"
    return Check("Tables", "bad", f"Of version {revision}, which this Aftercare does not know.", mend)


def _row_checks(store: Store, settings: Settings, clock: Clock) -> Iterator[Check]:
    with store.read() as session:
        yield _sealing_check(session, store)
        yield _clock_check(session, clock.now())
        yield _upload_check(session, settings.uploads)
        yield from _staff_checks(session, require_totp=settings.require_totp)


def _sealing_check(session: Session, store: Store) -> Check:
    try:
        check_keys(session, store.keys)
    except SealingError as error:
        return Check("Sealing", "bad", str(error), "Bring the key back from its copy: without it nothing can be read.")
    finally:
        session.rollback()
    return Check("Sealing", "good", "The keys open the database.")


def _clock_check(session: Session, now: datetime) -> Check:
    newest_rows = (session.scalar(select(func.max(column))) for column in (Message.created_at, Event.at, Audit.at))
    last = max((at for at in newest_rows if at), default=now)
    if last > now + AHEAD:
        says = f"The newest row is from {last:%Y-%m-%d %H:%M} UTC, and this machine's clock says {now:%Y-%m-%d %H:%M}."
        return Check("Clock", "bad", says, "Set the clock (timedatectl set-ntp true): waits are counted from it.")
    return Check("Clock", "good", f"{now:%Y-%m-%d %H:%M} UTC, and no row is from later.")


def _upload_check(session: Session, folder: Path) -> Check:
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    wanted = set(session.scalars(select(Attachment.stored_name)))
    if missing := len(wanted - there):
        says = f"{missing} of {len(wanted)} files that patients sent are not in {folder}."
        return Check("Files", "bad", says, f"Copy them back from a backup: tar -xf FILE -C {folder.parent} uploads")
    return Check("Files", "good", f"All {len(wanted)} files that patients sent are there.")


def _staff_checks(session: Session, *, require_totp: bool) -> Iterator[Check]:
    can_sign_in = (Staff.role == Role.ADMIN, Staff.disabled_at.is_(None), Staff.password_hash.is_not(None))
    admins = set(session.scalars(select(Staff.id).where(*can_sign_in)))
    if not admins:
        mend = 'aftercare staff add you@clinic.example --name "Your Name" --role admin'
        yield Check("Staff", "note", "No admin has chosen a password yet.", mend)
        return
    yield Check("Staff", "good", f"{len(admins)} admin{'s' * (len(admins) > 1)} can sign in.")
    with_factor = set(session.scalars(select(StaffFactor.staff_id).where(StaffFactor.confirmed_at.is_not(None))))
    without = len(admins - with_factor)
    if without and not require_totp:
        mend = "In the console under your name; AFTERCARE_REQUIRE_TOTP=true in .env asks it of all."
        yield Check("Second factor", "note", f"{without} of {len(admins)} admins have none.", mend)
    else:
        yield Check("Second factor", "good", "Every admin has one, or has to set it up to go on.")
