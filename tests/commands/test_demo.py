"""The demo: its made-up patients are played through the assistant, marked, and apart from all that is the clinic's."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import SetClock
from bot.commands.demonstrating import PATIENTS, MadeUp, demo_settings, fill
from bot.commands.dialogues import read_dialogues
from bot.settings import ROOT, Settings
from bot.store.tables import Audit, Author, CareRecord, Case, CaseState, Consent, Conversation, Message, Owner
from bot.triage.tier import Tier
from tests.house import TUESDAY_NOON, House


async def test_the_inbox_is_filled_by_patients_who_wrote(house: House):
    house.clock.put(TUESDAY_NOON)
    await fill(house.services, house.clock, SetClock(TUESDAY_NOON))
    patients = read_dialogues(PATIENTS, MadeUp)
    with house.store.read() as session:
        assert session.scalar(select(func.count(Conversation.id))) == len(patients)
        called = set(session.scalars(select(CareRecord.called)))
        open_cases = {Tier(tier) for tier in session.scalars(select(Case.tier).where(Case.state != CaseState.CLOSED))}
        closed = session.scalar(select(func.count(Case.id)).where(Case.state == CaseState.CLOSED))
        taken = session.scalars(select(Conversation).where(Conversation.owner == Owner.CLINICIAN)).all()
        assert session.scalar(select(func.count(Consent.id)).where(Consent.agreed)) == len(called)
        assert session.scalar(select(func.max(Message.created_at))) <= TUESDAY_NOON
        assert session.scalar(select(func.count()).where(Audit.action == "case_opened")) > 2
        waits = select(func.count()).where(Message.author == Author.PATIENT, Message.handling == "received")
        assert session.scalar(waits) == 0
    assert called
    assert all(name.endswith("(made up)") for name in called)
    assert {Tier.URGENT, Tier.EMERGENCY} <= open_cases
    assert (closed, len(taken)) == (1, 1)


async def test_a_demo_that_was_filled_is_left_as_it_is(house: House):
    await fill(house.services, house.clock, SetClock(TUESDAY_NOON))
    before = len(house.messages())
    await fill(house.services, house.clock, SetClock(TUESDAY_NOON))
    assert len(house.messages()) == before


def test_nothing_of_the_clinic_s_own_is_used_whatever_it_has_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "DATABASE_URL": "postgresql://real@10.0.0.1/clinic",
        "REDIS_URL": "redis://10.0.0.1",
        "TELEGRAM_TOKEN": "123:real",
        "ALERT_URLS": "json://real",
        "ALERT_BACKUP_URLS": "json://real",
        "PUBLIC_URL": "https://real.example",
        "ENCRYPTION_KEYS": "0a" * 32,
        "SECRET_KEY": "0b" * 32,
        "METRICS_TOKEN": "real",
        "PORT": "8123",
    }.items():
        monkeypatch.setenv(f"AFTERCARE_{name}", value)
    (tmp_path / "clinic").mkdir()
    clinic_file = tmp_path / "clinic" / "clinic.yml"
    clinic_file.write_bytes((ROOT / "clinic.yml").read_bytes())
    real = Settings(_env_file=None, data_dir=tmp_path / "clinic", clinic_file=clinic_file)
    before = clinic_file.read_bytes()
    demo = demo_settings(real, tmp_path / "demo")
    assert demo.port == 8123
    assert (demo.database, demo.public_url) == (
        f"sqlite:///{tmp_path / 'demo' / 'aftercare.db'}",
        "http://localhost:8123",
    )
    for name in ("redis_url", "telegram_token", "alert_urls", "alert_backup_urls", "metrics_token", "secret_key"):
        assert getattr(demo, name).get_secret_value() == "", name
    assert demo.key_ring().newest.secret.hex() != "0a" * 32
    assert "(demo)" in demo.clinic_file.read_text()
    assert clinic_file.read_bytes() == before
    assert [path.name for path in (tmp_path / "clinic").iterdir()] == ["clinic.yml"]
