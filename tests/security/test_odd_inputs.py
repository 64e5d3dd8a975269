"""A short run of `make fuzz`, and the API's own description tried against the real application."""

import itertools
import random
from io import BytesIO

import pytest
import schemathesis
import schemathesis.specs.openapi.schemas  # else imported while threads run, where Python 3.11 may fail to compile it
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from schemathesis.checks import not_a_server_error

from bot.conversation.uploads import without_metadata

from .conftest import Place
from .table import STREAMS
from .targets import byte_targets, contents, effect, text_targets, texts, tokens_nearly

TEXT, BYTES = text_targets(), byte_targets()
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", TEXT)
def test_no_text_is_too_odd(name: str):
    for text in itertools.islice(texts(random.Random(name)), 40):
        TEXT[name](text)


@pytest.mark.parametrize("name", BYTES)
def test_no_file_is_too_odd(name: str):
    for content in itertools.islice(contents(random.Random(name)), 60):
        BYTES[name](content)


@given(st.text(max_size=300))
@settings(max_examples=25)
def test_no_text_at_all_breaks_a_reader(text: str):
    for target in TEXT.values():
        target(text)


def test_no_token_but_the_right_one_counts():
    for token in itertools.islice(tokens_nearly(random.Random(1)), 500):
        assert TEXT["enrolment token"](token) is None, token


@given(st.dictionaries(st.sampled_from(["effect", "tier", "reason", "signs", "at", "key"]), JSON))
@settings(max_examples=60)
def test_an_effect_that_is_none_is_refused_by_name(custom: dict):
    effect(custom)


def test_the_api_fails_on_nothing_its_description_allows(place: Place, request: pytest.FixtureRequest):
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", place.app)
    tried = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) in STREAMS:
            continue
        tried.add(operation.path)

        @given(case=operation.as_strategy())
        @settings(max_examples=request.config.getoption("--api-examples"), database=None)
        def try_it(case: schemathesis.Case) -> None:
            place.house.services.memory.__init__()  # the pace is tested elsewhere
            answer = case.call(headers={"Authorization": f"Bearer {place.token}"})
            case.validate_response(answer, checks=[not_a_server_error])

        try_it()
    assert "/api/v1/messages" in tried


def test_a_few_bytes_that_claim_a_huge_picture_are_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    def unpacked(_self: object) -> None:
        raise AssertionError

    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "GIF")
    bomb = out.getvalue()[:6] + b"\x00\x20\x00\x20" + out.getvalue()[10:]
    monkeypatch.setattr("PIL.GifImagePlugin.GifImageFile.load", unpacked)
    assert without_metadata(bomb) == bomb
