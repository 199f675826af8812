"""The catalogue by what happens in life, and by field: a light index of what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.fields.json import KT

from procedures.definition.bundle import BundleDefinition
from procedures.enums import TriggerKind
from procedures.models import BundleVersion, ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors.bundles import bundles_in_force

OWN = "own"
_OF_KIND = {
    TriggerKind.CREDENTIAL_EXPIRY: "expiry",
    TriggerKind.AGE_MILESTONE: "age",
    TriggerKind.CALENDAR: "yearly",
}
_OF_EVENT = {"credential_lost_or_damaged": "lost", "birth_registered_or_moved": "moving"}
_OF_PROCEDURE = {"marriage_registration": "marriage"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure of the index; `occasions` are the keys of what in life leads to it."""

    pk: int
    key: str
    code: str
    name_vi: str
    name_en: str
    field: str
    occasions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """What is in force on a day, by name, and the bundles whose event is an occasion."""

    entries: list[Entry]
    bundles: Mapping[str, BundleVersion]


def index_of(*, day: date) -> Index:
    """Return the index of the catalogue in force on `day`; two queries.

    A bundle's key is an occasion, unless all its procedures stand in another bundle too.
    """
    codes = {version: _codes(version) for version in bundles_in_force(day=day)}
    bundles = {
        version.bundle.key: version
        for version, own in codes.items()
        if not any(own < other for other in codes.values())
    }
    held = {key: codes[version] for key, version in bundles.items()}
    rows = ProcedureVersion.objects.filter(in_force(day)).order_by("name_vi", "pk")
    told = rows.values(
        "pk",
        "name_vi",
        "name_en",
        key=KT("definition__key"),
        code=KT("definition__code"),
        field=KT("definition__domain_vi"),
        kind=KT("definition__trigger__kind"),
        event=KT("definition__trigger__event"),
    )
    return Index([_entry(row, held) for row in told], bundles)


def _codes(version: BundleVersion) -> frozenset[str]:
    bundle = BundleDefinition.from_json(version.definition)
    return frozenset(filter(None, [*bundle.codes, bundle.linked_procedure]))


def _entry(row: Mapping[str, Any], bundles: Mapping[str, frozenset[str]]) -> Entry:
    found = [
        *(key for key, codes in bundles.items() if row["code"] in codes),
        _OF_KIND.get(row["kind"]),
        _OF_EVENT.get(row["event"]),
        _OF_PROCEDURE.get(row["key"]),
    ]
    occasions = tuple(filter(None, found)) or (OWN,)
    kept = ("pk", "key", "code", "name_vi", "name_en", "field")
    return Entry(**{name: row[name] for name in kept}, occasions=occasions)
