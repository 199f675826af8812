"""A child whose birth was registered: what the bundle brought is not offered a second time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from citizens.enums import LifeEventKind
from citizens.models import Citizen
from procedures.enums import MatterOutcome
from procedures.models import OpenMatter, Procedure
from tests.factories.citizens import AuthorityFactory, CitizenFactory, RelationFactory
from tests.procedures.detection.scene import catalogue_rule, event, scan, states

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 10)
BUNDLE = "3.000722"


def family(*, kin: bool, named: bool) -> tuple[Citizen, Citizen]:
    """Return a mother and her child, known to be that by kinship, by the event, or by neither."""
    mother = CitizenFactory(birth_date=date(1990, 5, 5))
    child = CitizenFactory(birth_date=DAY - timedelta(days=20))
    AuthorityFactory(actor=mother, for_party=child.party, basis="parent")
    if kin:
        RelationFactory(person=mother, relative=child, kind="mother")
    parties = {"mother": mother} if named else {}
    event(LifeEventKind.BIRTH_REGISTERED, DAY, child=child, **parties)
    return mother, child


def filed(party: Citizen, code: str = BUNDLE, **more: Any) -> None:
    """Open, and perhaps close, a dossier of a procedure."""
    procedure, _made = Procedure.objects.get_or_create(code=code, defaults={"key": code})
    opened = DAY - timedelta(days=5)
    OpenMatter.objects.create(
        procedure=procedure, party=party.party, reference="H17-1", opened_on=opened, **more
    )


GRANTED: dict[str, Any] = {"closed_on": DAY, "outcome": MatterOutcome.GRANTED}


@pytest.mark.parametrize(
    ("kin", "named", "matter", "offered"),
    [
        (True, False, {}, False),
        (False, True, {}, False),
        (True, True, GRANTED, False),
        (True, True, {"closed_on": DAY, "outcome": MatterOutcome.WITHDRAWN}, True),
        (True, True, {"closed_on": DAY, "outcome": MatterOutcome.REFUSED}, True),
        (False, False, {}, True),
    ],
    ids=["kin", "named", "granted", "withdrawn", "refused", "somebody else's"],
)
def test_the_residence_after_the_bundle(
    kin: bool, named: bool, matter: dict[str, Any], offered: bool
) -> None:
    catalogue_rule("permanent_residence")
    mother, _child = family(kin=kin, named=named)
    filed(mother, **matter)

    scan(DAY)

    assert states() == (["open"] if offered else [])


def test_without_the_bundle_the_residence_is_offered() -> None:
    catalogue_rule("permanent_residence")
    mother, _child = family(kin=True, named=True)
    filed(mother, code="1.001193", **GRANTED)

    scan(DAY)

    assert states() == ["open"]


def test_a_grown_up_who_moves_is_told_whatever_the_parents_filed() -> None:
    catalogue_rule("permanent_residence")
    mother, son = CitizenFactory(birth_date=date(1980, 1, 1)), CitizenFactory()
    RelationFactory(person=mother, relative=son, kind="mother")
    filed(mother, **GRANTED)
    event(LifeEventKind.MOVED, DAY, subject=son)

    scan(DAY)

    assert states() == ["open"]
