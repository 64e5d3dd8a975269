"""Every sign is sourced, found in its wordings and absent from its look-alikes; every mistake is refused."""

from pathlib import Path

import pytest

from bot.triage import CatalogueError, Context, Screen, Tier, load_catalogue
from bot.triage.catalogue import CUES
from bot.triage.languages.loading import CODES
from bot.triage.words import word_set
from tests.triage.loaded import CATALOGUE

RULES = list(CATALOGUE.signs.values())
FACTS = "ENG FAG DHU CHU SAS POR BAS MAR GRA PRP MNX SUN EML FDA1 FDA2 RFM DEV SKP YAH HLN HLS PET POI FIN HIV ISO COST"
SOURCES = word_set(f"{FACTS} CEL SEP ANA LAS PEP K")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_sign_names_its_source_and_a_tier_above_none(rule):
    assert rule.source in SOURCES
    assert rule.tier > Tier.NONE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_sign_shows_twelve_wordings_and_six_lookalikes(rule):
    assert len(rule.wordings) >= 12
    assert len(rule.lookalikes) >= 6


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_wording_is_found_at_its_sign_s_tier_or_above(rule, screen: Screen):
    missed = [one.text for one in rule.wordings if screen(one.text, Context(one.day)).tier < rule.tier]
    assert not missed


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_lookalike_stays_below_its_sign_s_tier(rule, screen: Screen):
    wrong = [one.text for one in rule.lookalikes if screen(one.text, Context(one.day)).tier >= rule.tier]
    assert not wrong


@pytest.mark.parametrize("raiser", CATALOGUE.raisers.values(), ids=lambda raiser: raiser.id)
def test_every_raiser_is_used_by_a_sign(raiser):
    assert any(raiser.id in rule.raises for rule in RULES)


SMALL = {
    "concepts.yml": "pet: [cat, dog]\n",
    "raising.yml": "- {id: diabetes, name: diabetes, risk_factor: diabetes, patterns: [diabetic]}\n"
    "- {id: fever, name: fever, signs: [licked]}\n",
    "emergency.yml": "[]\n",
    "urgent.yml": "[]\n",
    "vet.yml": "- {id: licked, name: Licked, tier: urgent, advice: vet, source: PET, event: true, raises: [diabetes],\n"
    "   patterns: ['<pet> & lick*'], wordings: [the cat licked me], lookalikes: [a cat]}\n"
    "- {id: bitten, name: Bitten, tier: urgent, advice: vet, source: PET, patterns: ['<pet> .. bit']}\n",
    "routine.yml": "[]\n",
    "idioms.yml": "idioms: [cat nap]\n",
    "scope.yml": "".join(f"{name}: [some words]\n" for name in CUES),
    "spelling.yml": "{ordinary: like, clinical: licked, slips: {lickt: licked}}\n",
}

EMPTY = (
    "{light: '', markers: '', ordinary: '', clinical: '', slips: {}, words: {}, raisers: {}, signs: [],"
    " before: '', after: '', joins: '', lists: '', contrasts: ''}\n"
)
SPANISH = (
    "light: mi\nmarkers: hola\nordinary: ''\nclinical: ''\nslips: {lamjo: lamio}\nwords: {pet: [gato, perro]}\n"
    "raisers: {diabetes: [diabetico]}\nbefore: no\nafter: no\njoins: o\nlists: y\ncontrasts: pero\n"
    "signs:\n- {sign: licked, patterns: ['<pet> .. lamio'], wordings: [el gato me lamio]}\n"
)
SMALL |= {f"languages/{code}.yml": EMPTY for code in CODES} | {"languages/es.yml": SPANISH}
SMALL["languages/ordinary.yml"] = "{ar: '', de: '', es: lamao, fr: '', pt: ''}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "languages").mkdir()
    for name, text in SMALL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_small_catalogue_loads_and_works(folder: Path):
    screen = Screen(load_catalogue(folder))
    assert [sign.evidence for sign in screen("the Cat lickt me").signs] == ["Cat lickt"]
    assert [sign.evidence for sign in screen("hola mi Gato lamjo").signs] == ["Gato lamjo"]
    assert screen("hola mi gato lamiio").tier == screen("hola mi gato lamo").tier
    assert screen("hola mi gato lamao").signs == ()
    assert screen("mi gato no lamio").lowered[0].reason == "negated"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("vet.yml", "tier: urgent", "tier: soon", "vet.yml: licked.tier: unknown tier 'soon'"),
        ("vet.yml", "advice: vet", "advice: vets", "vet.yml: licked.advice: 'vets' is unknown; use one of crisis"),
        ("vet.yml", "source: PET", "origin: PET", "vet.yml: licked.origin: is not a key here; use id, name"),
        ("vet.yml", "source: PET, ", "", "vet.yml: licked.source: is missing"),
        ("vet.yml", "<pet> & lick", "<pets> & lick", "vet.yml: licked.patterns: <pets> is not in concepts.yml"),
        ("vet.yml", "<pet> & lick*", "<pet> & [lick", "vet.yml: licked.patterns: cannot read"),
        ("vet.yml", "<pet> & lick*", "<pet> &", "vet.yml: licked.patterns: cannot read"),
        ("vet.yml", "<pet> & lick*", "& lick*", "vet.yml: licked.patterns: cannot read"),
        ("vet.yml", "<pet> & lick*", "[cat| ]", "vet.yml: licked.patterns: [cat| ] holds an empty choice"),
        ("vet.yml", "'<pet> & lick*'", "", "vet.yml: licked.patterns: is missing or empty"),
        ("vet.yml", "[diabetes]", "[moon]", "vet.yml: licked.raises: 'moon' is not in raising.yml"),
        ("vet.yml", "event: true", "event: perhaps", "vet.yml: licked.event: must be true or false"),
        ("vet.yml", "event: true", "from_day: soon", "vet.yml: licked.from_day: must be a number"),
        ("vet.yml", "event: true", "hidden_by: moon", "vet.yml: licked.hidden_by: 'moon' is not in concepts.yml"),
        ("vet.yml", "[a cat]", "[{say: a cat}]", "vet.yml: licked.lookalikes: {'say': 'a cat'} is no message"),
        ("vet.yml", "[a cat]", "a cat", "vet.yml: licked.lookalikes: must be a list"),
        ("vet.yml", "id: bitten", "id: licked", "vet.yml: licked.id: 'licked' is taken"),
        ("vet.yml", "- {id: bitten", "- [] #", "vet.yml: file: must be a list of entries"),
        ("raising.yml", "risk_factor: diabetes", "risk_factor: sugar", "raising.yml: diabetes.risk_factor: 'sugar' is"),
        ("raising.yml", "signs: [licked]", "signs: [likked]", "raising.yml: fever.signs: unknown ['likked']"),
        ("languages/es.yml", "sign: licked", "sign: cold", "languages/es.yml: cold.sign: 'cold' is no sign's id"),
        (
            "languages/es.yml",
            "<pet> ..",
            "<pets> ..",
            "languages/es.yml: licked.patterns: <pets> is not among the file's",
        ),
        ("languages/es.yml", "[diabetico]", "['[a|']", "languages/es.yml: raisers.diabetes: cannot read"),
        ("languages/es.yml", "{diabetes: ", "{sugar: ", "languages/es.yml: raisers.sugar: is no raiser's id"),
        ("languages/es.yml", "light: mi", "lights: mi", "languages/es.yml: lights: is not a key here"),
        ("languages/ordinary.yml", "es: lamao", "es: 1", "languages/ordinary.yml: es: is missing; write a text"),
        ("languages/es.yml", "before: no", "before: [no]", "languages/es.yml: before: is missing; write a text"),
        ("scope.yml", "relapse:", "relapsed:", "scope.yml: relapsed: is not a key here"),
        ("scope.yml", "past: [some words]", "past: [2]", "scope.yml: past: must be a list of texts"),
        ("spelling.yml", "{lickt: licked}", "lickt", "spelling.yml: slips: must be a mapping"),
        ("idioms.yml", "idioms: [", "idioms: [[", "idioms.yml: yaml: "),
    ],
)
def test_a_mistake_in_the_catalogue_is_refused_with_its_place_and_mend(folder: Path, file, old, new, message):
    assert old in SMALL[file]
    (folder / file).write_text(SMALL[file].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert str(caught.value).startswith(message)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(CatalogueError, match=r"^concepts\.yml: file: is missing"):
        load_catalogue(tmp_path)


def test_a_missing_language_is_named(folder: Path):
    (folder / "languages" / "de.yml").unlink()
    with pytest.raises(CatalogueError, match=r"^languages/de\.yml: file: is missing"):
        load_catalogue(folder)
