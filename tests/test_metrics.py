"""The figures at /metrics, and that the dashboard and the rules ask for figures there are."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot import metrics
from bot.conversation.brain import Brain
from bot.conversation.deliver import Deliverer, PermanentFailure, TransientFailure
from bot.settings import ROOT
from bot.store.tables import Message, Role
from tests.house import EMERGENCY, HARMLESS, NOWHERE, URGENT, House

TOKEN = "a token for the scraper"
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "aftercare.json").read_text())
ASKED = re.compile(r"\b((?:aftercare|process)_[a-z_]+)(?:\{([^}]*)\})?")

Figures = Callable[..., float]


def scraper(house: House, token: str = TOKEN) -> TestClient:
    settings = house.services.settings.model_copy(update={"metrics_token": SecretStr(token)})
    app = FastAPI()
    metrics.mount(app, replace(house.services, settings=settings))
    return TestClient(app)


def scraped(client: TestClient) -> str:
    return client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text


@pytest.fixture
def client(house: House) -> TestClient:
    return scraper(house)


@pytest.fixture
def figure(client: TestClient) -> Figures:
    """How much a figure has grown since the test began, or stands at where it does not grow."""

    def read() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        families = text_string_to_metric_families(scraped(client))
        return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}

    before = read()

    def value(name: str, **labels: str) -> float:
        key = (name, frozenset(labels.items()))
        grows = name.endswith(("_total", "_count", "_sum", "_bucket"))
        return read()[key] - (before[key] if grows else 0)

    return value


async def test_messages_verdicts_and_reply_times_are_counted_as_their_rows_are_written(house: House, figure: Figures):
    house.receive(HARMLESS, key="ana")
    house.receive(URGENT, key="mia", channel="telegram")
    assert figure("aftercare_messages_total", channel="web", author="patient") == 1
    assert figure("aftercare_messages_total", channel="telegram", author="patient") == 1
    assert figure("aftercare_waiting_messages") == 2
    assert figure("aftercare_verdicts_total", tier="none") == 0
    house.clock.advance(timedelta(seconds=3))
    assert figure("aftercare_waiting_age_seconds") == 3
    await house.services.worker.answer_waiting()
    assert figure("aftercare_messages_total", channel="web", author="bot") >= 1
    assert figure("aftercare_verdicts_total", tier="none") >= 1
    assert figure("aftercare_reply_seconds_count") == 2
    assert figure("aftercare_reply_seconds_sum") == 6
    assert figure("aftercare_waiting_messages") == figure("aftercare_waiting_age_seconds") == 0


async def test_a_message_held_for_a_clinician_is_judged_and_not_answered(house: House, figure: Figures):
    first = house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    house.services.desk.take_over(house.staff(role=Role.CLINICIAN), first.conversation_id)
    replies, judged = figure("aftercare_reply_seconds_count"), figure("aftercare_verdicts_total", tier="none")
    house.receive("and another thing")
    assert figure("aftercare_verdicts_total", tier="none") == judged + 1
    assert figure("aftercare_reply_seconds_count") == replies


async def test_a_redelivered_message_counts_once(house: House, figure: Figures):
    for _ in range(2):
        house.receive(HARMLESS, external_id="the same")
    assert figure("aftercare_messages_total", channel="web", author="patient") == 1


async def test_what_rasa_did_not_answer_is_counted_by_what_went_wrong(house: House, figure: Figures, rasa):
    house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    asked = figure("aftercare_rasa_seconds_count")
    assert asked == 1
    for mode, fault in (("500", "refused"), ("empty", "silent"), ("malformed", "unreadable"), ("hangs", "late")):
        rasa.mode = mode
        house.receive(f"{HARMLESS} {mode}")
        await house.services.worker.answer_waiting()
        assert figure("aftercare_rasa_failures_total", fault=fault) == 1
    await house.services.brain.close()
    house.services.worker._brain = Brain(NOWHERE, timeout=2.0)
    house.receive(HARMLESS)
    await house.services.worker.answer_waiting()
    assert figure("aftercare_rasa_failures_total", fault="unreachable") == 1
    assert figure("aftercare_rasa_seconds_count") == asked + 5


async def test_what_could_not_be_delivered_is_counted_and_the_outbox_has_an_age(house: House, figure: Figures):
    class Refuses:
        failure: Exception = TransientFailure("later")

        async def send(self, _key: str, _message: Message) -> None:
            raise self.failure

    sender, services = Refuses(), house.services
    deliverer = Deliverer(house.store, services.clinic, house.clock, services.bell, {"telegram": sender})
    house.send("hello")
    house.clock.advance(timedelta(minutes=2))
    assert (figure("aftercare_outbox_messages"), figure("aftercare_outbox_age_seconds")) == (1, 120)
    await deliverer.deliver_due()
    assert figure("aftercare_delivery_failures_total", channel="telegram", outcome="retried") == 1
    sender.failure = PermanentFailure("never")
    house.clock.advance(timedelta(hours=1))
    await deliverer.deliver_due()
    assert figure("aftercare_delivery_failures_total", channel="telegram", outcome="given_up") == 1
    assert figure("aftercare_outbox_messages") == figure("aftercare_outbox_age_seconds") == 0


async def test_cases_stand_against_their_target_by_tier(house: House, figure: Figures):
    house.receive(EMERGENCY, key="ana")
    first = house.receive(URGENT, key="mia")
    [emergency, urgent] = sorted(house.cases(), key=lambda case: -case.tier)
    house.clock.put(emergency.due_at + timedelta(seconds=90))
    assert figure("aftercare_open_cases", tier="emergency") == figure("aftercare_overdue_cases", tier="emergency") == 1
    assert figure("aftercare_overdue_age_seconds", tier="emergency") == 90
    assert figure("aftercare_overdue_cases", tier="urgent") == 0
    assert figure("aftercare_open_case_age_seconds", tier="urgent") == (house.clock.now() - urgent.opened_at).seconds
    house.services.desk.take_over(house.staff(), first.conversation_id)
    house.clock.put(urgent.due_at + timedelta(seconds=1))
    assert figure("aftercare_open_cases", tier="urgent") == 1
    assert figure("aftercare_overdue_cases", tier="urgent") == 0


async def test_errors_of_the_database_are_counted_and_the_rest_is_still_told(
    house: House, client: TestClient, figure: Figures
):
    with pytest.raises((OperationalError, ProgrammingError)), house.store.read() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert figure("aftercare_database_errors_total") == 1
    assert figure("aftercare_database_up") == 1
    with house.store.write() as session:
        session.execute(text("ALTER TABLE cases RENAME TO elsewhere"))
    told = scraped(client)
    assert "aftercare_database_up 0.0" in told
    assert "aftercare_open_cases" not in told
    assert "aftercare_messages_total" in told
    with house.store.write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO cases"))


async def test_no_word_of_a_patient_and_no_key_of_theirs_is_in_it(house: House, client: TestClient):
    received = house.receive("there is yellow pus coming out marmalade", key="quince")
    told = scraped(client)
    assert 'aftercare_open_cases{tier="urgent"} 1.0' in told
    for secret in ("marmalade", "quince", received.conversation_id):
        assert secret not in told


async def test_it_says_what_runs(client: TestClient):
    assert re.search(r'aftercare_build_info\{python="3\.\d+\.\d+",schema="\d{4}\w*",version="\d', scraped(client))


async def test_without_the_token_nothing_is_shown(house: House) -> None:
    assert scraper(house).get("/metrics").status_code == 401
    assert scraper(house).get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert scraper(house, "").get("/metrics").status_code == 404


def rules() -> Iterator[dict]:
    for group in RULES["groups"]:
        yield from group["rules"]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


async def test_every_figure_that_a_rule_or_a_panel_asks_for_is_there_with_its_labels(client: TestClient):
    series = [
        (sample.name, sample.labels)
        for family in text_string_to_metric_families(scraped(client))
        for sample in family.samples
    ]
    asked = [found for expression in expressions() for found in ASKED.findall(expression)]
    assert len({name for name, _ in asked}) > 12
    for name, given in asked:
        wanted = dict(re.findall(r'(\w+)="([^"]*)"', given))
        assert any(wanted.items() <= labels.items() for one, labels in series if one == name), (name, wanted)


async def test_what_expressions_group_by_is_a_label_of_what_they_ask_for(client: TestClient):
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(scraped(client)):
        for sample in family.samples:
            labels.setdefault(sample.name, {"job", "instance"}).update(sample.labels)
    for expression in expressions():
        names = [name for name, _ in ASKED.findall(expression)]
        for group in re.findall(r"\bby \(([^)]*)\)", expression):
            wanted = {label.strip() for label in group.split(",")}
            assert any(wanted <= labels[name] for name in names), expression
        assert expression.count("(") == expression.count(")"), expression


def test_every_rule_says_how_bad_it_is_since_when_and_the_mend():
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) >= 8
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(rule["annotations"]) == {"summary", "mend"}


def test_every_panel_has_a_place_a_title_and_something_to_show():
    places = set()
    for panel in DASHBOARD["panels"]:
        assert panel["title"]
        assert panel["targets"]
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & places, panel["title"]
        places |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
