"""The mapping of a partner: codes, statuses and who keeps them, as dated data (YAML)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from dossiers.enums import Action, ExchangeKind, Status

OURS = Path(__file__).parent / "mappings"


class MappingError(ValueError):
    """A mapping that cannot be used, and what is wrong with it."""


class Owner(StrEnum):
    """Whose word on a status counts; there is one for each procedure."""

    CITY = "city"
    PARTNER = "partner"


class Repeats(StrEnum):
    """What may be done with a call of which nobody knows whether it arrived."""

    ASK = "ask"
    SAME = "same"
    NEVER = "never"


@dataclass(frozen=True)
class Matter:
    """How one procedure is exchanged; `code` is empty where the national one holds."""

    owner: Owner
    code: str = ""
    exchanged: bool = True


@dataclass(frozen=True)
class PartnerMapping:
    """One partner's mapping; every question names the civil day for which it is asked."""

    partner: str
    name_vi: str
    name_en: str
    repeats: Repeats
    document: Mapping[str, Any]

    def status_there(self, status: int, day: date) -> str:
        """Return the partner's code of a status; MappingError where it has none."""
        codes = self._on("statuses", day)["codes"]
        if status not in codes:
            raise MappingError(f"{self.partner}: no code of status {status} on {day}")
        return str(codes[status])

    def status_here(self, code: str, day: date) -> Status | None:
        """Return our status of the partner's code, None for an unknown one."""
        codes = self._on("statuses", day)["codes"]
        return next((Status(ours) for ours, theirs in codes.items() if str(theirs) == code), None)

    def code_of(self, listed: str, value: str, day: date) -> str:
        """Return the partner's code of a value in one of the lists."""
        try:
            return str(self._on("lists", day)[listed][value])
        except KeyError:
            raise MappingError(f"{self.partner}: no {listed} {value} on {day}") from None

    def told_of(self, action: Action, day: date) -> ExchangeKind | None:
        """Return what the partner is told of a step, None for nothing."""
        found = self._on("told", day)["steps"].get(action.value)
        return None if found is None else ExchangeKind(found)

    def matter(self, procedure_key: str, day: date) -> Matter:
        """Return how a procedure is exchanged."""
        entry = self._on("procedures", day)
        named = (entry.get("named") or {}).get(procedure_key) or {}
        return Matter(
            owner=Owner(named.get("owner", entry["owner"])),
            code=str(named.get("code", "")),
            exchanged=bool(named.get("exchanged", True)),
        )

    def _on(self, part: str, day: date) -> Mapping[str, Any]:
        held = [entry for entry in self.document[part] if entry["from"] <= day]
        if not held:
            raise MappingError(f"{self.partner}: nothing in {part} holds on {day}")
        found: Mapping[str, Any] = max(held, key=lambda entry: entry["from"])
        return found


def mapping_of(partner: str) -> PartnerMapping:
    """Return a partner's mapping: the operator's (PARTNER_MAPPINGS, a folder), or ours."""
    return _read(Path(settings.PARTNER_MAPPINGS or OURS) / f"{partner}.yaml")


@cache
def _read(path: Path) -> PartnerMapping:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = PartnerMapping(
            partner=str(document["partner"]),
            name_vi=str(document["name_vi"]),
            name_en=str(document["name_en"]),
            repeats=Repeats(document["repeats"]),
            document=document,
        )
        _check(mapping)
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise MappingError(f"{path.name}: {type(error).__name__}: {error}") from error
    return mapping


def _check(mapping: PartnerMapping) -> None:
    """Look through the whole once, so that no dossier finds out what is mistyped."""
    parts = ("statuses", "lists", "told", "procedures")
    if any(type(entry["from"]) is not date for part in parts for entry in _entries(mapping, part)):
        raise MappingError("a `from` is no date")
    for entry in _entries(mapping, "statuses"):
        _check_codes(entry["codes"])
    for entry in _entries(mapping, "told"):
        for action in entry["steps"]:
            mapping.told_of(Action(action), entry["from"])
    for entry in _entries(mapping, "procedures"):
        for key in entry.get("named") or {}:
            mapping.matter(key, entry["from"])


def _check_codes(codes: Mapping[int, Any]) -> None:
    if set(codes) != {status.value for status in Status}:
        raise MappingError("statuses: the ten national numbers have a code each")
    if len({str(code) for code in codes.values()}) != len(codes):
        raise MappingError("statuses: two of ours have the same code there")


def _entries(mapping: PartnerMapping, part: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = mapping.document[part]
    return found
