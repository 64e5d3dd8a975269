"""How well the screen reads hundreds of messages; floors below what it reaches, so that only a real loss fails."""

from pathlib import Path

import pytest
import srsly

from bot.triage import Context, Screen, Tier

HERE = Path(__file__).parent


def _cases(file: str) -> list[tuple[Tier, str, float | None]]:
    cases = []
    for label, items in srsly.read_yaml(HERE / file).items():
        for item in items:
            case = {"text": item} if isinstance(item, str) else item
            cases.append((Tier.from_label(label), case["text"], case.get("day")))
    return cases


def _share(cases, tier: Tier, screen: Screen, at_least: Tier) -> float:
    verdicts = [screen(text, Context(day)).tier for label, text, day in cases if label == tier]
    return sum(verdict >= at_least for verdict in verdicts) / len(verdicts)


@pytest.mark.parametrize(
    ("file", "emergency", "emergency_seen", "urgent", "false_alarms"),
    [("cases.yml", 0.97, 0.98, 0.97, 0.02), ("fresh.yml", 0.93, 0.95, 0.90, 0.06)],
)
def test_recall_and_false_alarms_hold(screen: Screen, file, emergency, emergency_seen, urgent, false_alarms):
    cases = _cases(file)
    assert _share(cases, Tier.EMERGENCY, screen, Tier.EMERGENCY) >= emergency
    assert _share(cases, Tier.EMERGENCY, screen, Tier.URGENT) >= emergency_seen
    assert _share(cases, Tier.URGENT, screen, Tier.URGENT) >= urgent
    assert _share(cases, Tier.NONE, screen, Tier.URGENT) <= false_alarms


def test_there_are_enough_messages_of_each_kind():
    cases = _cases("cases.yml")
    assert sum(label > Tier.NONE for label, _, _ in cases) >= 200
    assert sum(label == Tier.NONE for label, _, _ in cases) >= 200
    assert len(_cases("fresh.yml")) >= 100


@pytest.mark.parametrize(
    "text",
    [
        "a bit pink, day 1",
        "no fever, no pus, just itchy",
        "should I worry about infection?",
        "what does infection look like?",
        "what if it bled?",
        "my brother had cellulitis years ago",
        "I got infected last year, all fine now",
        "burning through my minoxidil bottle",
        "the price nearly gave me a heart attack",
        "dying to see results",
        "I'd kill for a full hairline",
        "hair dead at ends",
        "shot in the arm",
        "allergic to cats, is that OK?",
        "chest hair",
        "scalp tight, day 0",
        "diabetic, can I book?",
    ],
)
def test_what_must_not_escalate_does_not(screen: Screen, text):
    assert screen(text).tier == Tier.NONE


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("no fever but green stuff", Tier.URGENT),
        ("not just pink, it's spreading", Tier.URGENT),
        ("friend you treated yesterday can't breathe", Tier.EMERGENCY),
        ("hypothetically, if I took 20 pills tonight", Tier.EMERGENCY),
        ("asking for my kid who swallowed some", Tier.EMERGENCY),
        ("thoat swelin up 😭", Tier.EMERGENCY),
        ("no puedo respirar", Tier.EMERGENCY),
    ],
)
def test_what_looks_benign_and_is_not_escalates(screen: Screen, text, tier):
    assert screen(text).tier == tier
