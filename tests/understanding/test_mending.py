"""What the classifier reads of typos, shorthand, slang and shouting, asked in Rasa's environment, on our own data."""

import json
import random
import re
from typing import Any

import pytest
import yaml

from bot.processes import RASA_PYTHON
from bot.settings import ROOT
from tests.understanding.test_understanding import in_rasa

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(not RASA_PYTHON.exists(), reason="the Rasa environment is missing: run `make setup`"),
]

PROBE = """
import json, sys
from bot.understanding.mending import load_mender
mender = load_mender()
mended = [mender.mend(text) for text in json.load(sys.stdin)]
print(json.dumps({"mended": mended, "again": [mender.mend(text) for text in mended]}))
"""

MENDED = {
    "how long b4 i can use minoxadil": "how long before i can use minoxidil",
    "my cheast hurts and im alergic": "my chest hurts and I'm allergic",
    "pls can i wash ur comb 2moro": "please can i wash your comb tomorrow",
    "i cant breath my throut is closeing": "i can't breath my throat is closing",
    "tommorow apointment, definately inflamation": "tomorrow appointment, definitely inflammation",
    "i have 38,5 since yesterday": "i have 38.5 since yesterday",
    "my temperature was 101,3 last night": "my temperature was 101.3 last night",
    "there is goo and it is minging": "there is sticky fluid and it is disgusting",
    "CAN I WASH MY HAIR?? IT STINGS": "can i wash my hair?? it stings",
    "it hurts sooooo much pleeease helllp": "it hurts so much please help",
    "is it ok to put Rogane and Minoxidl on": "is it ok to put Rogaine and Minoxidil on",
    "the crust smels, yelow and wierd": "the crust smells, yellow and weird",
    "my sister’s scalpp is sore": "my sister's scalp is sore",
    "do i rinse w/o shampo b/c of the needles": "do i rinse without shampoo because of the needles",
}
LEFT = [
    "the colour of my arse is grey and i am knackered",
    "I used Savlon, then Regaine, lignocaine and finasteride after the dermaroller",
    "is my friend Siobhan from Wrexham still booked for the session",
    "norwood iii and 5.5 mm in 1,5 weeks, numbers 39,40 on the list, 12,5 %",
    "my scab 🤢 is at https://exampel.com/pictrues and my mail is me@exmaple.com",
    "mi cuero cabelludo huele mal y esta mojado",
    "ich kann nicht richtig atmen und mein hals ist dick",
    "je n'arrive pas à respirer, ma gorge gonfle",
    "قرأت أن رأسي",
    "the spots are itchier, puffier and a bit yellowy",
    '/affirm{"wich": "teh"}',
    "",
    " ... 🙂 !!! ",
]
_EXAMPLE = re.compile(r"^    - (.*)$", re.MULTILINE)
_LONG_WORD = re.compile(r"[a-z]{4,}")


def slipped(word: str, chance: random.Random) -> str:
    """The word with a letter dropped, doubled or swapped with the next."""
    at = chance.randrange(len(word) - 1)
    kind = chance.choice(("drop", "double", "swap"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    return word[:at] + (word[at] * 2 + word[at + 1 :] if kind == "double" else word[at + 1] + word[at] + word[at + 2 :])


def training_lines() -> list[str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted((ROOT / "data" / "nlu").glob("*.yml")))
    return [line for text in texts for line in _EXAMPLE.findall(text)]


def some_lines() -> tuple[list[str], list[str]]:
    """Lines of the training data, and the same with a slip in three of ten long words."""
    chance = random.Random(5)
    lines = [line for line in chance.sample(training_lines(), 1000) if len(line.split()) > 4]
    return lines, [
        _LONG_WORD.sub(lambda word: slipped(word[0], chance) if chance.random() < 0.3 else word[0], line)
        for line in lines
    ]


LINES, SLIPPED = some_lines()


@pytest.fixture(scope="module")
def language() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "data" / "language" / "shorthand.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(language: dict[str, Any]) -> dict[str, Any]:
    spelled_out = [*language["shorthand"].values(), *language["slang"].values()]
    texts = [*MENDED, *LEFT, *LINES, *SLIPPED, *spelled_out, "a" * 5000, "x.y" * 2000]
    done = in_rasa("-c", PROBE, given=json.dumps(texts))
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    return {
        **said,
        "texts": texts,
        "of": dict(zip(texts, said["mended"], strict=True)),
        "shorthand": spelled_out,
    }


@pytest.mark.parametrize("text", MENDED)
def test_it_reads_as_a_plain_writer_would_have_typed_it(found, text: str):
    assert found["of"][text] == MENDED[text]


@pytest.mark.parametrize("text", LEFT)
def test_what_is_right_foreign_or_no_word_stays_as_it_is(found, text: str):
    assert found["of"][text] == text


def test_what_was_spelled_out_is_plain_already(found):
    assert [text for text in found["shorthand"] if found["of"][text] != text] == []


def test_what_was_mended_once_is_not_mended_again(found):
    changed = [pair for pair in zip(found["mended"], found["again"], strict=True) if pair[0] != pair[1]]
    assert len(changed) < 0.005 * len(found["texts"]), changed


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_most_slips_in_our_own_lines_are_mended_and_hardly_a_right_word_is_changed(found):
    slips = mended = right = spoilt = 0
    for line, slipped_line in zip(LINES, SLIPPED, strict=True):
        # Line by line through the plain reading of both, so that shorthand and slang count for neither.
        meant, typed, read = (words_of(text) for text in (line, slipped_line, found["of"][slipped_line]))
        if not len(meant) == len(typed) == len(read):
            continue
        for as_meant, as_typed, as_read in zip(meant, typed, read, strict=True):
            if as_meant == as_typed:
                right += 1
                spoilt += as_read != as_meant
            else:
                slips += 1
                mended += as_read == as_meant
    assert slips > 500
    assert mended > 0.72 * slips
    assert spoilt < 0.02 * right


def test_every_entry_of_the_map_is_one_word_and_its_plain_text(language):
    assert set(language) == {"shorthand", "slang", "known"}
    for section in ("shorthand", "slang"):
        entries = language[section]
        assert list(entries) == sorted(entries), f"{section} is not in order"
        assert all(isinstance(plain, str) and plain.strip() for plain in entries.values()), section
        assert all(re.fullmatch(r"[a-z0-9]+|[bw]/[co]?", typed) for typed in entries), section
    assert not set(language["shorthand"]) & set(language["slang"])
    known = language["known"].split()
    assert known == sorted(set(known))
    assert not set(known) & ({*language["shorthand"]} | {*language["slang"]})


def test_no_name_of_a_product_is_spelled_out(language):
    concepts = yaml.safe_load((ROOT / "data" / "red_flags" / "concepts.yml").read_text(encoding="utf-8"))
    names = {str(name) for group in ("minoxidil", "finasteride", "numbing", "painkiller") for name in concepts[group]}
    assert not names & ({*language["shorthand"]} | {*language["slang"]})
