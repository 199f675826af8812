"""Bring the catalogue's files into the database: the first time in force, afterwards as drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from citizens.services import load_agencies, load_calendar, load_registers, load_units
from notifications.services import load_texts
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import DefinitionError, ProcedureDefinition, digest
from procedures.definition.bundle import BundleDefinition
from procedures.definition.catalogue import Catalogue
from procedures.definition.derivation import DerivedRule, derive_rules
from procedures.definition.source import Source
from procedures.definition.wording import Wording, wordings_from_yaml
from procedures.enums import VersionStatus
from procedures.models import (
    Bundle,
    BundleVersion,
    Procedure,
    ProcedureVersion,
    Rule,
    RuleVersion,
)

DATA = Path(__file__).resolve().parent.parent / "data"
CATALOGUE_FILE = DATA / "procedures.yaml"
WORDINGS_FILE = DATA / "rules.yaml"
_LOCK = 0x0CA7A106  # only one load at a time

Progress = Callable[[int, int], None]


@dataclass
class Count:
    """What became of one kind of entry."""

    released: int = 0
    drafted: int = 0
    unchanged: int = 0


@dataclass
class CatalogueLoaded:
    """What a load did; `places` counts written rows of units, agencies, calendar and texts."""

    procedures: Count = field(default_factory=Count)
    rules: Count = field(default_factory=Count)
    bundles: Count = field(default_factory=Count)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        counts = (self.procedures, self.rules, self.bundles)
        return any(c.released or c.drafted for c in counts) or any(self.places.values())


def load_catalogue(
    *, path: Path = CATALOGUE_FILE, day: date | None = None, progress: Progress | None = None
) -> CatalogueLoaded:
    """Load registers, units, agencies, calendar, texts, and the catalogue file `path`.

    An empty catalogue takes the versions as released; later a procedure, bundle or rule that the
    file says differently gets a new draft, and nothing that is there is overwritten. The same file
    twice writes nothing. RefusedError names file, line, key and reason of all that is wrong; then
    nothing was written. The calendar covers two years before and after the civil date `day`.
    `progress` hears after each entry how many of how many are done.
    """
    catalogue, rules = read_catalogue(path)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        loaded = CatalogueLoaded(places=_load_places(day or clock.today()))
        is_first = not ProcedureVersion.objects.exists()
        total, done = len(catalogue.procedures) + len(catalogue.bundles) + len(rules), 0
        for definition in catalogue.procedures:
            _load_procedure(definition, is_first, loaded.procedures)
            done = _tell(progress, done + 1, total)
        for bundle in catalogue.bundles:
            _load_bundle(bundle, is_first, loaded.bundles)
            done = _tell(progress, done + 1, total)
        for rule in rules:
            _load_rule(rule, is_first, loaded.rules)
            done = _tell(progress, done + 1, total)
    return loaded


def _tell(progress: Progress | None, done: int, total: int) -> int:
    if progress is not None:
        progress(done, total)
    return done


def read_catalogue(path: Path) -> tuple[Catalogue, list[DerivedRule]]:
    """Read and check a catalogue file without writing; each reason of a refusal names the file."""
    reading = path
    try:
        text = path.read_text(encoding="utf-8")
        catalogue = Catalogue.from_yaml(text)
        reading = WORDINGS_FILE
        wordings = wordings_from_yaml(WORDINGS_FILE.read_text(encoding="utf-8"))
        reading = path
        return catalogue, _rules_of(catalogue, wordings, text)
    except RefusedError as error:
        raise RefusedError(*(f"{reading}: {reason}" for reason in error.reasons)) from error
    except OSError as error:
        raise RefusedError(
            f"{reading}: không đọc được / cannot be read: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise RefusedError(f"{reading}: không phải UTF-8 / is not UTF-8: {error.reason}") from error


def _rules_of(
    catalogue: Catalogue, wordings: Mapping[str, Wording], text: str
) -> list[DerivedRule]:
    try:
        return derive_rules(catalogue, wordings)
    except DefinitionError as error:
        raise Source(text).located(error) from error


def _load_places(day: date) -> dict[str, int]:
    """Load what the catalogue stands on; return how many rows each load wrote."""
    units, agencies, registers = load_units(), load_agencies(), load_registers()
    calendar = load_calendar(range(day.year - 2, day.year + 3))
    written = {"registers": registers, "units": units, "agencies": agencies, "calendar": calendar}
    counts = {name: sum((c.created, c.changed, c.removed)) for name, c in written.items()}
    return counts | {"texts": load_texts().new_version_count}


def _load_procedure(definition: ProcedureDefinition, is_first: bool, count: Count) -> None:
    procedure, _made = Procedure.objects.get_or_create(
        key=definition.key, defaults={"code": definition.code}
    )
    _same(definition.key, "code", procedure.code, definition.code)
    end = None if definition.effective_to is None else definition.effective_to + timedelta(days=1)
    names = {"name_vi": definition.name_vi, "name_en": definition.name_en}
    version = ProcedureVersion(procedure=procedure, valid=DateRange(None, end), **names)
    stored = ProcedureVersion.objects.filter(procedure=procedure)
    _add_version(version, stored, definition.to_json(), is_first, count)


def _load_rule(derived: DerivedRule, is_first: bool, count: Count) -> None:
    offered: Model = (
        Bundle.objects.get(key=derived.offers)
        if derived.is_bundle
        else Procedure.objects.get(key=derived.offers)
    )
    offer = {"bundle" if derived.is_bundle else "procedure": offered}
    rule, _made = Rule.objects.get_or_create(
        key=derived.key, defaults={"kind": derived.definition.kind, **offer}
    )
    _same(derived.key, "trigger.kind", rule.kind, derived.definition.kind)
    version = RuleVersion(rule=rule, valid=DateRange(None, None))
    stored = RuleVersion.objects.filter(rule=rule)
    _add_version(version, stored, derived.definition.to_json(), is_first, count)


def _add_version(
    version: ProcedureVersion | BundleVersion | RuleVersion,
    stored: Any,
    document: Mapping[str, Any],
    is_first: bool,
    count: Count,
) -> None:
    """Store a version unless the newest one that came from a file says the same."""
    fingerprint = digest(document)
    newest = stored.exclude(source_sha256="").order_by("-number").first()
    if newest is not None and newest.source_sha256 == fingerprint:
        count.unchanged += 1
        return
    last = stored.order_by("-number").first()
    version.number = last.number + 1 if last else 1
    version.definition, version.source_sha256 = dict(document), fingerprint
    if is_first:
        version.status, version.released_at = VersionStatus.RELEASED, clock.now()
        count.released += 1
    else:
        count.drafted += 1
    version.save()


def _load_bundle(definition: BundleDefinition, is_first: bool, count: Count) -> None:
    bundle, _made = Bundle.objects.get_or_create(
        key=definition.key, defaults={"event": definition.event}
    )
    _same(definition.key, "event", bundle.event, definition.event)
    names = {"name_vi": definition.name_vi, "name_en": definition.name_en}
    version = BundleVersion(bundle=bundle, valid=DateRange(None, None), **names)
    stored = BundleVersion.objects.filter(bundle=bundle)
    _add_version(version, stored, definition.to_json(), is_first, count)


def _same(key: str, what: str, stored: str, given: str) -> None:
    """Refuse a file that gives an entry of ours another identity: ledgers hang on it."""
    if stored != given:
        raise RefusedError(
            f"{key}: {what}: đang là {stored}, không đổi thành {given} được; hãy dùng key mới"
            f" / is {stored} and cannot become {given}; use a new key"
        )
