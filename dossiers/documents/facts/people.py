"""People on a result: every part that the row's label names and the registers know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from citizens.enums import BirthPrecision, RelationKind
from citizens.models import Citizen, CitizenSensitive, Relation
from citizens.selectors import head_of
from dossiers.documents.facts.frame import Rows, owner_citizen
from dossiers.models import Dossier
from portal.common import clock

_VIETNAMESE = "Việt Nam"  # only its citizens have a personal number (Luật 26/2023/QH15)
_GENDERS = {"male": "Nam", "female": "Nữ"}
_ABOUT_OWNER = ("deceased", "person_removed")
_PARENTS = {"mother": RelationKind.MOTHER, "father": RelationKind.FATHER}
_OF_OWNER = ("ngày sinh", "số định danh", "nơi cư trú")

# What a label names after its colon, how a row of its own calls it, and where it stands.
_PARTS: Mapping[str, tuple[str, Callable[[Citizen], str]]] = {
    "ngày sinh": ("Ngày, tháng, năm sinh", lambda one: born(one)),
    "giới tính": ("Giới tính", lambda one: _GENDERS.get(one.gender, "")),
    "số định danh": ("Số định danh cá nhân", lambda one: one.pin or ""),
    "dân tộc": ("Dân tộc", lambda one: _ethnicity(one)),
    "quốc tịch": ("Quốc tịch", lambda one: _VIETNAMESE if one.pin else ""),
    "nơi cư trú": ("Nơi cư trú", lambda one: one.current_address or one.permanent_address),
}


def owner_rows(citizen: Citizen, *, label: str = "") -> Rows:
    """Return whose paper it is, a row a part: what any result names, and what `label` asks."""
    head, asked = split_label(label)
    named = [part for part in _PARTS if part in _OF_OWNER or part in asked]
    rows = [(head or "Họ, chữ đệm, tên", citizen.full_name.upper())]
    rows += [(_PARTS[part][0], _PARTS[part][1](citizen)) for part in named]
    return [row for row in rows if row[1]]


def person_row(label: str, value: str, person: Citizen | None) -> tuple[str, str]:
    """Return one row with every part that the label names and the registers know of `person`.

    Of somebody whom the portal does not know stands what was filed, under a label that promises no
    more.
    """
    head, asked = split_label(label)
    if person is None:
        return head, value
    told = [value]  # name and birth date, as forms name people
    for part in asked:
        if part in _PARTS and part != "ngày sinh" and (known := _PARTS[part][1](person)):
            told.append(f"{part} {known}")
    return head, "; ".join(told)


def split_label(label: str) -> tuple[str, tuple[str, ...]]:
    """Return "Người mẹ" and its parts of "Người mẹ: họ tên, ngày sinh"."""
    head, _colon, parts = label.partition(": ")
    return head, tuple(part.strip() for part in parts.split(","))


def person_of(dossier: Dossier, field: str, value: str, child: Citizen | None) -> Citizen | None:
    """Return whom a field of the form names, None where the portal cannot be sure."""
    if field in _ABOUT_OWNER:
        found = owner_citizen(dossier)
    elif field in _PARENTS and child is not None:
        tie = Relation.objects.filter(relative=child, kind=_PARENTS[field])
        found = next((one.person for one in tie.select_related("person")), None)
    elif field == "benefit_receiver":
        found = dossier.applicant
    elif field == "household_head":
        found = head_of(citizen=dossier.applicant, day=clock.today())
    else:
        found = None
    # What a person typed over the registers' answer names somebody else.
    return found if found is not None and value.startswith(found.full_name) else None


def is_about_owner(field: str) -> bool:
    """Return whether a field of the form names the owner of the dossier."""
    return field in _ABOUT_OWNER


def born(citizen: Citizen) -> str:
    """Return the day of birth as far as the register knows it."""
    shown = {BirthPrecision.YEAR: "%Y", BirthPrecision.MONTH: "%m/%Y"}.get(
        BirthPrecision(citizen.birth_precision), "%d/%m/%Y"
    )
    return citizen.birth_date.strftime(shown)


def _ethnicity(citizen: Citizen) -> str:
    row = CitizenSensitive.objects.filter(citizen=citizen).first()
    return "" if row is None else str(row.body.get("ethnicity", ""))
