"""A decided case reaches the person through the mailbox, once, and costs the scan nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import DiscrepancyKind
from citizens.models import Citizen, Discrepancy, FactChange
from citizens.services import settle_discrepancy
from notifications.models import Message
from notifications.selectors import letters_of
from portal.common.clock import CIVIL_ZONE
from procedures.models import ScanRun
from procedures.services.scan_changes import scan_changes
from tests.citizens.doubts import Place, make_place
from tests.factories import citizens as make
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=CIVIL_ZONE)


@pytest.fixture
def place() -> Place:
    put_texts()
    return make_place()


def settle(place: Place, case: Discrepancy, value: str | None) -> None:
    settle_discrepancy(
        case=case,
        user=place.officer(),
        version=case.version,
        right_value=value,
        reason="Đã đối chiếu giấy tờ gốc",
        now=NOW,
    )


@pytest.mark.parametrize(
    ("value", "words"), [("Trần Thị Lam", "đã sửa lại cho đúng"), (None, "giữ nguyên")]
)
def test_who_contested_is_told_once_whatever_was_decided(
    place: Place, value: str | None, words: str
) -> None:
    case = place.contest("Trần Thị Lam")
    settle(place, case, value)

    scan_changes(now=NOW)
    FactChange.objects.create(kind="discrepancy", object_id=case.pk, subject_id=place.citizen.pk)
    scan_changes(now=NOW)

    message = Message.objects.get()
    assert (message.recipient, message.about) == (place.citizen.party, None)
    assert (message.topic_id, message.thread_key) == (
        "discrepancy_settled",
        f"discrepancy:{case.pk}",
    )
    said = letters_of(messages=[message], language="vi")[0].body
    assert words in said
    assert "20/11/2026" in said
    assert "Lam" not in said + str(message.params)
    assert not FactChange.objects.exists()


def test_a_mother_hears_of_what_she_reported_about_her_child(place: Place) -> None:
    child = make.CitizenFactory(minor=True, unit=place.commune)
    case = place.contest("Trần Văn Tý", subject=child.party, object_id=child.pk)
    settle(place, case, None)

    scan_changes(now=NOW)

    message = Message.objects.get()
    assert (message.recipient, message.about) == (place.citizen.party, child.party)


def test_between_registers_only_a_correction_is_told(place: Place) -> None:
    corrected = place.open("Trần Thị Lam")
    other = make.CitizenFactory(unit=place.commune)
    upheld = place.open("Trần Thị Lam", subject=other.party, object_id=other.pk)
    settle(place, corrected, "Trần Thị Lam")
    settle(place, upheld, None)

    scan_changes(now=NOW)

    message = Message.objects.get()
    assert message.recipient == place.citizen.party
    assert "báo chưa đúng" not in letters_of(messages=[message], language="vi")[0].body


def test_decided_cases_are_not_scanned_and_cost_two_statements_in_all(place: Place) -> None:
    counted = []
    for number in (1, 20):
        for _ in range(number):
            person: Citizen = make.CitizenFactory(unit=place.commune)
            case = place.open(
                "Trần Thị Lam",
                kind=DiscrepancyKind.CONTESTED,
                subject=person.party,
                object_id=person.pk,
                raised_by=make.UserFactory(citizen=person),
            )
            settle(place, case, None)
        with CaptureQueriesContext(connection) as statements:
            assert scan_changes(now=NOW) == number
        counted.append(sum("SAVEPOINT" not in one["sql"] for one in statements))

    assert counted == [2, 2]
    assert Message.objects.count() == 21
    assert not ScanRun.objects.exists()
