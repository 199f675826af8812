"""Each field of a licence's form: its value, where it came from, and as of when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from procedures.enums import FieldSource
from tests.factories.citizens import (
    CredentialFactory,
    RegisterFactory,
    RegisterRecordFactory,
)
from tests.factories.procedures import (
    SuggestionFactory,
    moment,
)
from tests.procedures.prefilling import (
    AS_OF,
    LICENCE,
    TODAY,
    form_of,
    known_citizen,
    licence_of,
    values,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(moment(TODAY), tick=False):
        yield


def test_licence_asks_one_thing() -> None:
    citizen = known_citizen()

    form = form_of(LICENCE, citizen.party, citizen, licence_of(citizen))

    assert [field.name for field in form.missing] == ["delivery"]
    assert form.missing[0].choices == ("Trực tiếp", "Bưu chính công ích")


REGISTER, APPLICANT, COMPUTED = FieldSource.REGISTER, FieldSource.APPLICANT, FieldSource.COMPUTED
LICENCE_FIELDS = [
    ("full_name", "Trần Thị Lan", REGISTER, "NPD", AS_OF),
    ("birth_date", "1957-03-09", REGISTER, "NPD", AS_OF),
    ("gender", "Nữ", REGISTER, "NPD", AS_OF),
    ("pin", "999157000777", REGISTER, "NPD", AS_OF),
    ("id_issue_date", "2021-05-04", REGISTER, "NPD", AS_OF),
    ("id_issuer", "Cục Cảnh sát QLHC về TTXH", REGISTER, "NPD", AS_OF),
    ("address", "12 Phan Bội Châu, Phường Tam Kỳ", REGISTER, "NPD", AS_OF),
    ("phone", "+84501234567", APPLICANT, None, date(2026, 1, 1)),
    ("email", "", FieldSource.MISSING, None, None),
    ("subject_kind", "Công dân", COMPUTED, None, None),
    ("is_owner", "true", COMPUTED, None, None),
    ("licence_number", "790123456789", REGISTER, "GPLX", AS_OF),
    ("licence_class", "B", REGISTER, "GPLX", AS_OF),
    ("issue_date", "2017-01-21", REGISTER, "GPLX", AS_OF),
    ("issuer", "Sở GTVT", REGISTER, "GPLX", AS_OF),
    ("expiry_date", "2027-01-21", REGISTER, "GPLX", AS_OF),
    ("reason", "Sắp hết hạn", COMPUTED, None, None),
    ("health_certificate_number", "KSK-01", REGISTER, "HEALTH", TODAY),
    ("health_certificate_date", "2026-10-10", REGISTER, "HEALTH", TODAY),
    ("delivery", "", FieldSource.MISSING, None, None),
]


def test_every_field_of_the_licence_says_where_it_came_from() -> None:
    citizen = known_citizen(pin="999157000777")
    body = {"number": "KSK-01", "date": "2026-10-10"}
    RegisterRecordFactory(subject=citizen.party, kind="driver_check", body=body)

    form = form_of(LICENCE, citizen.party, citizen, licence_of(citizen))

    found = [(f.name, f.value, f.source, f.register, f.as_of) for f in form.fields]
    assert found == LICENCE_FIELDS
    names = {field.name: field.register_name_vi for field in form.fields}
    assert names["full_name"] == RegisterFactory(code="NPD").name_vi
    assert names["reason"] == ""


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        (TODAY + timedelta(days=1), "Sắp hết hạn"),
        (TODAY, "Sắp hết hạn"),
        (TODAY - timedelta(1), "Hết hạn"),
    ],
)
def test_reason_follows_from_the_due_date(due: date, reason: str) -> None:
    citizen = known_citizen()
    paper = CredentialFactory(holder=citizen, expires_on=due)
    suggestion = SuggestionFactory(citizen=citizen, credential=paper)

    form = form_of(LICENCE, citizen.party, citizen, suggestion)

    assert values(form)["reason"] == reason


def test_reason_is_asked_when_nothing_suggested_the_form() -> None:
    citizen = known_citizen()
    CredentialFactory(holder=citizen)

    form = form_of(LICENCE, citizen.party, citizen)

    assert [field.name for field in form.missing] == ["reason", "delivery"]


@pytest.mark.parametrize(
    ("statuses", "number"),
    [
        (["lost"], "790000000000"),
        (["lost", "valid"], "790000000001"),
        (["valid", "lost"], "790000000000"),
        (["revoked"], ""),
    ],
)
def test_what_a_lost_licence_said_is_known_for_its_reissue(
    statuses: list[str], number: str
) -> None:
    citizen = known_citizen()
    for nth, status in enumerate(statuses):
        CredentialFactory(holder=citizen, number=f"79000000000{nth}", status=status)

    form = form_of("driving_licence_reissue", citizen.party, citizen)

    assert values(form)["licence_number"] == number


def test_form_shows_the_paper_that_the_suggestion_is_about() -> None:
    citizen = known_citizen()
    suggestion = licence_of(citizen, number="790000000001", category="B")
    CredentialFactory(
        holder=citizen, number="790000000002", issued_on=date(2026, 1, 1), category="A1"
    )

    form = form_of(LICENCE, citizen.party, citizen, suggestion)

    assert values(form)["licence_number"] == "790000000001"


def test_value_outside_the_choices_is_asked() -> None:
    citizen = known_citizen()
    suggestion = licence_of(citizen, category="FC")

    form = form_of(LICENCE, citizen.party, citizen, suggestion)

    assert "licence_class" in [field.name for field in form.missing]


@pytest.mark.parametrize(
    ("body", "satisfied_by"),
    [
        ({"number": "KSK-01"}, "HEALTH"),
        ({"number": "KSK-01", "valid_until": "2026-11-22"}, "HEALTH"),
        ({"number": "KSK-01", "valid_until": "2026-11-21"}, None),
    ],
)
def test_health_check_that_still_holds_replaces_the_paper(
    body: dict[str, str], satisfied_by: str | None
) -> None:
    citizen = known_citizen()
    RegisterRecordFactory(subject=citizen.party, body=body)

    form = form_of(LICENCE, citizen.party, citizen, licence_of(citizen))

    paper = next(paper for paper in form.papers if paper.component_code == "GPLX-02")
    assert paper.satisfied_by == satisfied_by
    assert paper.is_brought == (satisfied_by is None)


def test_papers_of_the_licence() -> None:
    citizen = known_citizen()

    form = form_of(LICENCE, citizen.party, citizen, licence_of(citizen))

    found = [
        (p.component_code, p.satisfied_by, p.as_of, p.is_brought, p.is_conditional)
        for p in form.papers
    ]
    assert found == [
        ("GPLX-01", "GENERATED", TODAY, False, False),
        ("GPLX-02", None, None, True, False),
        ("GPLX-03", None, None, False, True),
        ("GPLX-04", None, None, False, True),
        ("GPLX-05", "GPLX", AS_OF, False, False),
    ]
    assert form.papers[2].condition_vi == "Khi có"
