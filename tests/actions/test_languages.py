"""What somebody reads who writes in another language."""

from __future__ import annotations

import pytest

from bot.care.effects import CaseEffect
from bot.care.wording import Wording
from tests.actions.talk import ROOT, Talk, verdict

NOW = "2025-06-11T12:00"
OURS = {
    "es": ("Hola, me pica mucho la cabeza, ¿es normal?", "asistente automático"),
    "fr": ("Bonjour, quand est-ce que je peux me laver les cheveux ?", "assistant automatique"),
    "de": ("Wann darf ich wieder Haare waschen?", "automatischer Assistent"),
    "pt": ("oi, quando posso lavar o cabelo?", "assistente automático"),
    "it": ("ciao, quando posso lavare i capelli?", "assistente automatico"),
    "ar": ("متى اقدر اغسل شعري؟", "مساعد آلي"),
}
RISK = {
    "es": ("no puedo respirar y tengo la lengua hinchada", "AHORA"),
    "fr": ("je n'arrive plus à respirer depuis la crème", "MAINTENANT"),
    "de": ("ich krieg keine luft mehr seit gestern", "JETZT"),
    "pt": ("não consigo respirar direito desde ontem", "AGORA"),
    "ar": ("مش قادر اتنفس", "اتصل الآن"),
}


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("intent", ["washing_hair", "nlu_fallback", "out_of_scope", "greet", "small_talk"])
def test_a_message_is_answered_in_its_language_and_handed_to_staff(language: str, intent: str) -> None:
    text, automated = OURS[language]
    said = Talk.at(NOW, "2025-06-10T11:30").say(text, intent)
    assert automated in said.text
    assert "999" in said.text
    assert "Juniper Hair Clinic" in said.text
    assert said.cases == [CaseEffect("routine", "unsure")]
    assert len(said.buttons) == 1


@pytest.mark.parametrize("text", ["hola", "gracias", "bonjour", "danke", "obrigada", "مرحبا"])
def test_a_single_word_is_enough(text: str) -> None:
    assert "999" in Talk.at(NOW).say(text, "greet").text


@pytest.mark.parametrize(
    "text", ["saçımı ne zaman yıkayabilirim?", "kiedy mogę umyć głowę", "我可以洗头吗", "когда можно мыть голову"]
)
def test_a_language_we_have_no_text_for_gets_plain_english_and_the_number(text: str) -> None:
    said = Talk.at(NOW).say(text, "nlu_fallback")
    assert "automated assistant" in said.text
    assert "Call 999 now" in said.text
    assert said.cases == [CaseEffect("routine", "unsure")]


@pytest.mark.parametrize("text", ["ok", "no", "hola, can i wash my hair today?", "thanks", "la roche posay ok?"])
def test_english_is_answered_in_english(text: str) -> None:
    assert "automat" not in Talk.at(NOW, "2025-06-10T11:30").say(text, "washing_hair").text


@pytest.mark.parametrize("language", RISK)
def test_an_emergency_s_advice_is_in_the_language_and_the_call_in_english_too(language: str) -> None:
    text, now = RISK[language]
    said = Talk.at(NOW, "2025-06-10T11:30").say(text, "x", triage=verdict("emergency", "allergy"))
    assert now in said.text
    assert said.text.index(now) < said.text.index("Call 999 now")
    assert "Sit up if breathing" not in said.text
    assert said.cases[0].tier == "emergency"


@pytest.mark.parametrize(
    ("tier", "advice", "word"),
    [
        ("emergency", "crisis", "116 123"), ("emergency", "poison", "vómito"), ("emergency", "eye", "enjuáguelo"),
        ("emergency", "bleeding", "paño limpio"), ("emergency", "allergy", "adrenalina"),
        ("urgent", "infection", "HOY"),
        ("urgent", "stop_minoxidil", "No use más minoxidil"), ("urgent", "pregnancy", "No use más minoxidil"),
        ("urgent", "vet", "veterinario"), ("urgent", "mood", "116 123"), ("urgent", "poison", "vómito"),
        ("routine", "routine", "asistente automático"),
    ],
)  # fmt: skip
def test_the_advice_is_the_sign_s_own(tier: str, advice: str, word: str) -> None:
    said = Talk.at(NOW, "2025-06-10T11:30").say(
        "tengo esto desde ayer, ayuda por favor", "x", triage=verdict(tier, advice)
    )
    assert word in said.text


def test_a_pet_and_a_person_get_both() -> None:
    said = Talk.at(NOW).say("tengo pus y el gato lamió mi cabeza", "x", triage=verdict("urgent", "vet", "infection"))
    assert "veterinario" in said.text
    assert "HOY" in said.text


def test_who_may_harm_themselves_is_asked_in_their_language_whether_they_are_safe() -> None:
    talk = Talk.at(NOW)
    said = talk.say("ya no quiero vivir, quiero morirme", "x", triage=verdict("emergency", "crisis"))
    assert [button["title"] for button in said.buttons] == ["Sí, estoy a salvo", "No, no estoy a salvo"]
    assert talk.slots["asked"] == "safe"
    assert talk.press(said, "No, no estoy a salvo").cases[0].tier == "emergency"


def test_an_open_urgent_case_is_said_again_rather_than_what_is_common() -> None:
    talk = Talk.at(NOW, "2025-06-08T11:30")
    talk.say("me sale pus y tengo fiebre", "x", triage=verdict("urgent", "infection"))
    said = talk.say("¿y puedo lavarme el pelo hoy?", "washing_hair")
    assert "HOY" in said.text
    assert "frecuentes" not in said.text


def test_every_language_has_every_advice() -> None:
    wording_keys = list(Wording.load(ROOT / "domain.yml"))
    names = {key.removesuffix("_es") for key in wording_keys if key.endswith("_es")}
    for language in ("fr", "de", "pt", "ar"):
        assert names == {key.removesuffix(f"_{language}") for key in wording_keys if key.endswith(f"_{language}")}
