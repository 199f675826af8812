"""The words in which people are asked for consent: versioned, and provable by their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.common.errors import PortalError

TEXTS_FILE = Path(__file__).resolve().parent.parent / "data" / "consent_texts.yaml"
LANGUAGES = ("vi", "en")
_PARTS = ("title", "what", "who", "stop")


class ConsentTextError(PortalError):
    """A file of texts that cannot be shown as it is, or a text that was never written."""


@dataclass(frozen=True)
class Wording:
    """One text in one language, as pages show it: a heading and three sentences."""

    title: str
    what: str
    who: str
    stop: str

    @property
    def sha256(self) -> str:
        """The digest (64 hex digits) of the words in the order in which they are shown."""
        shown = "\n".join((self.title, self.what, self.who, self.stop))
        return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True)
class ConsentText:
    """One released version of a text; `wordings` by language."""

    key: str
    version: int
    wordings: Mapping[str, Wording]

    def in_language(self, language: str) -> Wording:
        """Return the words in a language, in Vietnamese where there are none in it."""
        return self.wordings.get(language[:2], self.wordings["vi"])


@dataclass(frozen=True)
class ConsentTexts:
    """Every version of every text that was ever shown."""

    by_version: Mapping[tuple[str, int], ConsentText]

    def current(self, key: str) -> ConsentText:
        """Return the version shown today; ConsentTextError for a text that nobody wrote."""
        versions = [version for known, version in self.by_version if known == key]
        if not versions:
            raise ConsentTextError(f"There is no consent text {key}.")
        return self.by_version[key, max(versions)]

    def shown(self, key: str, version: int) -> ConsentText | None:
        """Return the version that a statement names, None where the file has lost it."""
        return self.by_version.get((key, version))


def read_texts(document: str) -> ConsentTexts:
    """Return the texts of a YAML document; ConsentTextError names what is wrong with the first.

    Line breaks inside a sentence do not count. Versions of a key run from 1 without a gap.
    """
    try:
        entries: Sequence[Mapping[str, Any]] = yaml.safe_load(document)["texts"]
        found = [_text(entry) for entry in entries]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConsentTextError(f"The consent texts cannot be read: {error}") from error
    by_version = {(text.key, text.version): text for text in found}
    for key in {text.key for text in found}:
        versions = sorted(text.version for text in found if text.key == key)
        if versions != list(range(1, len(versions) + 1)):
            raise ConsentTextError(
                f"{key}: versions must run from 1 without a gap or a repetition."
            )
    return ConsentTexts(by_version)


@cache
def consent_texts() -> ConsentTexts:
    """Return the shipped texts, read once."""
    return read_texts(TEXTS_FILE.read_text(encoding="utf-8"))


def _text(entry: Mapping[str, Any]) -> ConsentText:
    key = str(entry["key"])
    wordings = {language: _wording(key, entry[language]) for language in LANGUAGES}
    return ConsentText(key, int(entry["version"]), wordings)


def _wording(key: str, parts: Mapping[str, str]) -> Wording:
    if set(parts) != set(_PARTS):
        raise ConsentTextError(f"{key}: a text has exactly the parts {', '.join(_PARTS)}.")
    return Wording(**{name: " ".join(parts[name].split()) for name in _PARTS})
