"""The patient wording of `domain.yml`, for every place that must speak without asking Rasa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from bot.yaml_file import read_yaml

NO_FIGURE = "_no_figure"


class WordingError(LookupError):
    """A response that does not exist, or that needs a value nobody has."""


@dataclass(frozen=True)
class Response:
    """One response of the domain: its text with `{fields}` and its quick-reply buttons."""

    text: str
    buttons: tuple[Mapping[str, str], ...] = ()
    source: tuple[str, ...] = ()
    version: str = ""  # of texts that people agree to

    @property
    def fields(self) -> frozenset[str]:
        """Names of the values the text needs."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)


class Wording:
    """Responses by key. Where several variants stand under a key the first is used, so that replies are repeatable."""

    def __init__(self, responses: Mapping[str, Response]) -> None:
        self._responses = dict(responses)

    @classmethod
    def load(cls, domain_path: Path) -> Wording:
        """Read the responses of a Rasa domain file."""
        domain = read_yaml(domain_path)
        return cls({key: _read(key, variants) for key, variants in domain["responses"].items()})

    def over(self, other: Wording) -> Wording:
        """This wording, and of `other` what is not in it."""
        return Wording({**other._responses, **self._responses})

    def __contains__(self, key: object) -> bool:
        return key in self._responses

    def __iter__(self) -> Any:
        return iter(self._responses)

    def get(self, key: str) -> Response:
        """The response of a key; WordingError when there is none."""
        try:
            return self._responses[key]
        except KeyError:
            raise WordingError(f"domain.yml has no response {key!r}") from None

    def key_for(self, key: str, values: Mapping[str, object]) -> str:
        """The key itself, or its variant without figures where the clinic has not set a figure the text needs."""
        missing = {name for name in self.get(key).fields if values.get(name) is None}
        if not missing:
            return key
        plain = key + NO_FIGURE
        if plain in self and all(values.get(name) is not None for name in self.get(plain).fields):
            return plain
        raise WordingError(f"response {key!r} needs {sorted(missing)} and has no variant without")

    def render(self, key: str, **values: object) -> str:
        """The text with its values filled in. A value of None counts as not set."""
        response = self.get(self.key_for(key, values))
        return response.text.format_map({name: values[name] for name in response.fields})

    def buttons(self, key: str) -> list[dict[str, str]]:
        """The response's buttons as Rasa sends them: title and payload."""
        return [dict(button) for button in self.get(key).buttons]


def _read(key: str, variants: Sequence[Mapping[str, Any]]) -> Response:
    if not variants or "text" not in variants[0]:
        raise WordingError(f"response {key!r} has no text")
    first = variants[0]
    metadata = first.get("metadata") or {}
    source, version = tuple(metadata.get("source") or ()), str(metadata.get("version", ""))
    return Response(str(first["text"]).strip(), tuple(first.get("buttons") or ()), source, version)
