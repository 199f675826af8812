"""Every decision leaves its result in the register room, with the dossier as its source."""

from __future__ import annotations

from datetime import date

import pytest

from citizens.enums import FactKind
from citizens.models import FactChange, RegisterRecord
from dossiers.services.keep_result import keep_result
from procedures.services.load_catalogue import CATALOGUE_FILE, read_catalogue
from tests.factories.citizens import RegisterFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
PROCEDURES = read_catalogue(CATALOGUE_FILE)[0].procedures
FACTS = sorted(one.key for one in PROCEDURES if one.credential is None)
PAPERS = sorted(one.key for one in PROCEDURES if one.credential is not None)
QUIET = {
    "poor_household_recognition",
    "poor_household_annual_review",
    "funeral_grant",
    "social_pension",
}


@pytest.mark.parametrize("key", FACTS)
def test_a_result_that_is_no_paper_is_kept_once(key: str) -> None:
    RegisterFactory(code="LOCAL")
    dossier = DossierFactory(procedure_key=key, processing=True)

    records = [keep_result(dossier=dossier, decided_on=DAY) for _each in range(2)]

    if key in QUIET:
        assert records == [None, None]
        assert not RegisterRecord.objects.exists()
        return
    record = RegisterRecord.objects.get()
    assert records == [record, record]
    assert (record.subject, record.register_id, record.as_of) == (dossier.owner, "LOCAL", DAY)
    assert record.body["dossier"] == dossier.code
    assert FactChange.objects.filter(kind=FactKind.RECORD, object_id=record.pk).count() == 1


@pytest.mark.parametrize("key", PAPERS)
def test_a_paper_is_stored_as_a_paper_and_not_twice(key: str) -> None:
    dossier = DossierFactory(procedure_key=key, processing=True)

    assert keep_result(dossier=dossier, decided_on=DAY) is None
