"""A birth was registered here: the child is known from then on, with parents who act for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from citizens.enums import AuthorityBasis, FactKind, Gender, PartyKind, RelationKind
from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    FactChange,
    Party,
    Register,
    RegisterRecord,
    Relation,
)
from citizens.services.personal_numbers import fitting_number
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError

_POPULATION, _CIVIL, _KIND = "NPD", "CIVIL", "birth"
_FULL_AGE = 18
_PARENTS = (RelationKind.MOTHER, RelationKind.FATHER)


@dataclass(frozen=True)
class Newborn:
    """What a registration says of a child; `number` is the certificate's, `pin` may not be known.

    `book` is the volume of the civil register where the entry stands, `sensitive` holds ethnicity
    and the like, `stated` what else the population register will say (hometown, nationality, place
    of registration).
    """

    family_name: str
    middle_name: str
    given_name: str
    gender: Gender
    birth_date: date
    number: str
    place: str
    registered_at: str
    pin: str | None = None
    book: str = ""
    sensitive: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def register_birth(
    *,
    child: Newborn,
    parents: Mapping[RelationKind, Citizen],
    reference: str,
    day: date,
) -> Citizen:
    """Return the child, stored once a `reference` (the dossier's code), with kin and authority.

    The child lives where the mother lives, else the father (Luật Cư trú 68/2020/QH14, Điều 12); the
    parents act for it until it is of age (Bộ luật Dân sự, Điều 136). A register that delivers the
    child later by its number meets this row. RefusedError without parents, for a number that
    cannot be the child's, and where a parent has a child of this name and day already.
    """
    known = born_of(reference=reference)
    if known is not None:
        return known
    home = next((parents[kind] for kind in _PARENTS if kind in parents), None)
    if home is None:
        raise RefusedError(_("The portal does not know a parent of this child."))
    if child.pin:
        fits = fitting_number(child.pin, birth_date=child.birth_date, gender=child.gender)
        child = replace(child, pin=fits)
    _refuse_known_child(child, parents)
    born = _write_person(child, home, day)
    _write_records(child, born, reference, day)
    for kind, parent in parents.items():
        Relation.objects.create(
            person=parent, relative=born, kind=kind, valid=DateRange(child.birth_date, None)
        )
        Authority.objects.create(
            actor=parent,
            for_party=born.party,
            basis=AuthorityBasis.PARENT,
            valid=DateRange(day, _of_age(child.birth_date)),
        )
    FactChange.objects.create(kind=FactKind.CITIZEN, object_id=born.pk, subject_id=born.pk)
    return born


def _refuse_known_child(child: Newborn, parents: Mapping[RelationKind, Citizen]) -> None:
    """Refuse to enter one child twice: both parents may have filed, or the register was faster."""
    keys = sorted(parent.pk for parent in parents.values())
    list(Citizen.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys))
    same = Citizen.objects.filter(birth_date=child.birth_date, full_name__iexact=_full_name(child))
    if Relation.objects.filter(person__in=keys, relative__in=same).exists():
        raise RefusedError(
            _("This child is registered already: a parent has one of the same name and birth date.")
        )


def born_of(*, reference: str) -> Citizen | None:
    """Return the child whose birth the dossier with this code registered, if it did."""
    written = RegisterRecord.objects.filter(body__has_key="dossier")  # so the index is of use
    of_it = written.alias(code=KT("body__dossier")).filter(code=reference)
    record = of_it.filter(register=_CIVIL, kind=_KIND).first()
    return None if record is None else Citizen.objects.filter(pk=record.subject_id).first()


def _write_person(child: Newborn, home: Citizen, day: date) -> Citizen:
    return Citizen.objects.create(
        party=Party.objects.create(kind=PartyKind.CITIZEN),
        pin_index=Citizen.index_of(child.pin) if child.pin else None,
        pin_enc=Citizen.seal_pin(child.pin) if child.pin else None,
        family_name=child.family_name,
        middle_name=child.middle_name,
        given_name=child.given_name,
        full_name=_full_name(child),
        gender=child.gender,
        birth_date=child.birth_date,
        unit=home.unit,
        current_address=home.current_address,
        permanent_address=home.permanent_address,
        register=_register(_POPULATION),
        as_of=day,
    )


def _full_name(child: Newborn) -> str:
    names = (child.family_name, child.middle_name, child.given_name)
    return " ".join(name for name in names if name)


def _write_records(child: Newborn, born: Citizen, reference: str, day: date) -> None:
    """Write what the civil register and the population register say beyond the columns."""
    # Under the number a later delivery of the register updates the same row (registers/layout.py).
    key = child.pin or reference
    body = {
        "number": child.number,
        "book": child.book,
        "place": child.place,
        "registration_place": child.registered_at,
        "registered_on": day.isoformat(),
        "dossier": reference,
    }
    RegisterRecord.objects.create(
        register=_register(_CIVIL),
        kind=_KIND,
        key_index=keyed_index(_CIVIL, _KIND, key),
        subject=born.party,
        body=body,
        as_of=day,
    )
    RegisterRecord.objects.create(
        register=_register(_POPULATION),
        kind="person",
        key_index=keyed_index(_POPULATION, "person", key),
        subject=born.party,
        body={"birth_registration_place": child.registered_at, **child.stated},
        as_of=day,
    )
    if child.sensitive:
        sealed = CitizenSensitive.seal_body(born.seal_identity, child.sensitive)
        CitizenSensitive.objects.create(citizen=born, body_enc=sealed, as_of=day)


def _register(code: str) -> Register:
    return Register.objects.get(pk=code)


def _of_age(born_on: date) -> date:
    try:
        return born_on.replace(year=born_on.year + _FULL_AGE)
    except ValueError:  # 29 February
        return date(born_on.year + _FULL_AGE, 3, 1)
