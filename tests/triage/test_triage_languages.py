"""Red flags in Spanish, French, German, Portuguese and Arabic."""

from dataclasses import replace
from pathlib import Path

import pytest
import srsly

from bot.triage import Context, Screen, Tier
from bot.triage.languages.text import forms_of, plain
from tests.triage.loaded import CATALOGUE

HALVES = srsly.read_yaml(Path(__file__).parent / "languages.yml")
LANGUAGES = {language.tongue.code: language for language in CATALOGUE.languages}
NONE, URGENT, EMERGENCY = Tier.NONE, Tier.URGENT, Tier.EMERGENCY


def messages(code: str, *tiers: str) -> list[str]:
    return [text for half in HALVES[code].values() for tier in tiers for text in half[tier]]


@pytest.mark.parametrize("code", LANGUAGES)
def test_risks_are_found_and_harmless_messages_are_not_alarms(code, screen: Screen):
    emergencies, urgent, harmless = messages(code, "emergency"), messages(code, "urgent"), messages(code, "none")
    assert len(emergencies) + len(urgent) >= 20
    assert len(harmless) >= 15
    seen = [text for text in emergencies + urgent if screen(text).tier >= URGENT]
    assert len(seen) >= 0.95 * len(emergencies + urgent)
    assert sum(screen(text).tier == EMERGENCY for text in emergencies) >= 0.95 * len(emergencies)
    assert sum(screen(text).tier >= URGENT for text in harmless) <= 0.03 * len(harmless)


@pytest.mark.parametrize(
    ("code", "sign"), [(code, sign) for code, language in LANGUAGES.items() for sign in language.wordings]
)
def test_every_wording_is_found_and_no_lookalike(code, sign, screen: Screen):
    language, tier = LANGUAGES[code], CATALOGUE.signs[sign].tier
    assert [one.text for one in language.wordings[sign] if screen(one.text).tier < tier] == []
    assert [one.text for one in language.lookalikes[sign] if screen(one.text).tier >= tier] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_words_every_emergency_and_the_urgent_signs(code):
    urgent = {sign.id for sign in CATALOGUE.signs.values() if sign.tier >= URGENT}
    assert urgent - LANGUAGES[code].signs.keys() == set()


@pytest.mark.parametrize(
    "text",
    [
        "no tengo fiebre", "sin fiebre, pus o dolor en el pecho", "Fiebre no, pus tampoco",
        "je n'ai pas de pus", "aucune fièvre ni frissons", "pas de fièvre",
        "kein Fieber", "Fieber habe ich nicht", "weder Eiter noch Fieber",
        "não tenho febre", "sem pus nem febre",
        "ما عندي حرارة", "معنديش سخونية", "مافي صديد ولا نزيف",
    ],
)  # fmt: skip
def test_a_denial_lowers_the_sign_it_is_about(text, screen: Screen):
    assert screen(text).tier == NONE


@pytest.mark.parametrize(
    "text",
    [
        "no tengo fiebre pero me sale pus", "no tengo fiebre, me sale pus verde", "no me siento bien, fiebre 39",
        "je n'ai pas de fièvre mais ça suinte jaune", "pas bien du tout, 39 de fièvre",
        "kein Fieber, aber es eitert", "mir geht es nicht gut, Fieber seit gestern",
        "não tenho febre mas sai pus", "ما عندي حرارة بس يطلع صديد", "من ساعة ما روحت عندي سخونية",
    ],
)  # fmt: skip
def test_what_is_not_denied_counts(text, screen: Screen):
    assert screen(text).tier >= URGENT


@pytest.mark.parametrize(
    "text",
    [
        "me muero de hambre", "muerto de risa", "je suis mort de fatigue", "ich sterbe vor Hunger", "ich lach mich tot",
        "morrendo de fome", "morri de rir", "ميت من الجوع", "هموت من الضحك", "hace 10 años tuve una infección",
        "il y a 5 ans j'ai eu un zona", "vor 3 Jahren hatte ich mal Gürtelrose", "há 4 anos tive herpes zoster",
        "¿qué hago si me sale pus?", "que faire si j'ai de la fièvre ?", "was mache ich wenn ich Fieber bekomme?",
        "o que faço se eu tiver febre?", "شو اعمل اذا صار عندي حرارة؟", "tengo 38 años", "j'ai 39 ans",
        "ich bin 40 Jahre alt",
    ],
)  # fmt: skip
def test_idioms_the_past_suppositions_and_ages_raise_nothing(text, screen: Screen):
    assert screen(text).tier < URGENT


@pytest.mark.parametrize(
    "text",
    [
        "tengo fiebre y la rojez se extiende", "j'ai 39 de fièvre et la rougeur s'étend",
        "Fieber und die Rötung breitet sich aus", "estou com febre e a vermelhidão está se espalhando",
        "عندي حرارة والاحمرار ينتشر", "the redness is spreading y tengo fiebre", "mi hijo tiene fiebre y pus",
    ],
)  # fmt: skip
def test_signs_lift_one_another_in_any_language(text, screen: Screen):
    assert screen(text).tier == EMERGENCY


@pytest.mark.parametrize(
    ("plainly", "sloppily"),
    [
        ("tengo fiebre", "TENGO FIEBREEE!!"), ("no puedo respirar", "no puedo respiar bien"),
        ("je n'arrive plus à respirer", "jarrive plus a respirer"), ("j'étouffe", "jai du mal a respirer"),
        ("Schüttelfrost", "schuettelfrost"), ("Brustschmerzen", "starke Brustschmerzen seid heute"),
        ("não consigo respirar", "n consigo respirar"), ("عندي حُمّى", "عندى حمى"), ("ضيق تنفس", "ظيق تنفس"),
        ("مش قادر اتنفس", "msh 2ader atnafas"),
    ],
)  # fmt: skip
def test_accents_capitals_and_slips_change_nothing(plainly, sloppily, screen: Screen):
    assert screen(plainly).tier >= URGENT
    assert screen(sloppily).tier >= URGENT


def test_a_known_risk_factor_lifts_a_sign_of_another_language(screen: Screen):
    assert screen("tengo fiebre", Context(risk_factors=frozenset({"immunosuppression"}))).tier == EMERGENCY


def test_a_normal_temperature_is_no_fever(screen: Screen):
    assert screen("tengo fiebre, 36.8").tier == NONE


def test_evidence_is_quoted_from_the_message(screen: Screen):
    text = "hallo, ich kriege KEINE Luft"
    assert {text[sign.start : sign.end] for sign in screen(text).signs} == {"KEINE Luft"}


def test_words_lose_what_is_written_differently():
    assert plain("rotung", "de") == plain("roetung", "de")
    assert plain("heiß", "de") == plain("heiss", "de")
    assert plain("perro", "es") != plain("pero", "es")
    assert "وجه" in forms_of("بوجهي", "ar")
    assert "schmerz" in forms_of("brustschmerz", "de")
    assert "tnfs" in forms_of("atnafas", "ar")


def test_english_is_read_as_without_the_other_languages():
    files = sorted((Path(__file__).parents[2] / "data" / "evaluation").glob("*.jsonl"))
    texts = [line["text"] for file in files for line in srsly.read_jsonl(file)]
    assert len(texts) > 1000
    alone, together = Screen(replace(CATALOGUE, languages=())), Screen(CATALOGUE)
    assert [text for text in texts if alone(text) != together(text)] == []
