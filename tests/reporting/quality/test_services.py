"""The score of an online service follows from counts of what was filed online, each with reason."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating, SupplementRequest
from portal.reporting.quality import services as subject
from portal.reporting.quality.definition import QualityDataError
from portal.reporting.quality.services import (
    FEWEST,
    ServiceScore,
    counters,
    indicators_on,
    service_scores,
)
from portal.reporting.selectors.settled import Months
from portal.reporting.services.count_dossiers import count_dossiers
from procedures.enums import FilingChannel
from tests.factories.citizens import AgencyFactory, CitizenFactory
from tests.factories.dossiers import DossierFactory
from tests.reporting import published
from tests.reporting.test_kept import fetching

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FILED = NOW - timedelta(days=12)
NOVEMBER = Months.between(date(2026, 11, 1), date(2026, 11, 1), NOW.date())


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def filed(*, known: int = 6, late: bool = False, asked: bool = False, **said: Any) -> Dossier:
    """Return a dossier filed online with ten fields and settled, with the clock begun."""
    citizen = CitizenFactory()
    plain: dict[str, Any] = {
        "owner_citizen": citizen,
        "competent": AgencyFactory(unit=citizen.unit),
        "channel": FilingChannel.ONLINE,
        "status": Status.RETURNED,
        "submitted_at": FILED,
        "finished_at": NOW - timedelta(days=2),
        "returned_at": NOW - timedelta(days=1),
        "due_on": (NOW - timedelta(days=5 if late else 1)).date(),
        "field_count": 10,
        "known_field_count": known,
    }
    made: Dossier = DossierFactory(**plain | said, ledgers=False)
    if asked:
        SupplementRequest.objects.create(dossier=made, note="Thiếu", asked_at=FILED)
    count_dossiers([made.pk])
    return made


def rated(dossier: Dossier, answer: Satisfaction) -> None:
    Rating.objects.create(dossier=dossier, citizen=dossier.applicant, answer=answer, rated_at=NOW)


def of(code: str) -> ServiceScore:
    return next(one for one in service_scores(months=NOVEMBER, day=NOW.date()) if one.code == code)


def counts(one: ServiceScore) -> dict[str, tuple[int, int]]:
    return {each.indicator.id: (each.part, each.whole) for each in one.counts if each.whole}


def test_indicators_make_a_hundred_and_say_what_is_counted_or_why_not() -> None:
    found = indicators_on(NOW.date())

    assert {one.counted for one in found if one.counted} == counters()
    for one in found:
        assert (one.reason_vi and one.reason_en) if one.counted else one.missing_vi, one.id
    assert indicators_on(date(2026, 11, 27)) == ()


def test_points_that_do_not_add_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = subject._read()
    monkeypatch.setattr(subject, "_read", lambda: rows[1:])

    with pytest.raises(QualityDataError):
        indicators_on(NOW.date())


def test_every_count_is_of_what_was_filed_online() -> None:
    dossiers = [filed(known=n, asked=n == 1) for n in range(FEWEST)]
    code = dossiers[0].procedure_version.procedure.code
    for n, dossier in enumerate(dossiers):
        rated(dossier, Satisfaction.DISSATISFIED if n < 2 else Satisfaction.SATISFIED)
    filed(known=0, asked=True, channel=FilingChannel.DIRECT)

    one = of(code)

    assert counts(one)["known_fields"] == (10, 50)
    assert counts(one)["no_supplement"] == (4, 5)
    assert counts(one)["satisfied"] == (3, 5)
    assert one.within == sum(
        (each.indicator.points for each in one.counts if each.whole), Fraction()
    )
    worst = one.worst
    assert worst is not None
    assert worst.indicator.id == "known_fields"  # 12 of 15 points


def test_late_ones_take_points() -> None:
    dossiers = [filed() for _ in range(FEWEST)]
    before = counts(of(dossiers[0].procedure_version.procedure.code))["on_time"]
    for one in dossiers[:2]:
        one.counted_as.outcome = "late"
        one.counted_as.save()

    after = counts(of(dossiers[0].procedure_version.procedure.code))["on_time"]

    assert before == (5, 5)
    assert after == (3, 5)


def test_of_fewer_than_five_nothing_is_told(client: Client) -> None:
    for _ in range(FEWEST - 1):
        rated(filed(asked=True), Satisfaction.DISSATISFIED)
    code = Dossier.objects.earliest("pk").procedure_version.procedure.code

    one = of(code)

    assert one.score is None
    assert counts(one) == {}
    text = client.get(reverse("web:service_scores_file")).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["procedure"] == code]
    assert {row["points"] for row in rows} == {"", "few"}
    assert {row["numerator"] for row in rows} == {""}


def test_the_page_says_what_follows_from_the_file(client: Client) -> None:
    for n in range(FEWEST + 2):
        rated(filed(known=n, asked=n < 3), Satisfaction.SATISFIED if n else Satisfaction.NEUTRAL)
    check = published.Check(fetching(client))

    check.services("2026-11")

    assert check.wrong == []
    assert check.compared > 2
    page = client.get(reverse("web:service_scores"), {"period": "2026-11"}).content.decode()
    assert "3 trong 7 hồ sơ bị yêu cầu bổ sung." in page


def test_a_doctored_file_is_noticed(client: Client) -> None:
    for n in range(FEWEST):
        filed(known=n)
    honest = fetching(client)

    def doctored(path: str) -> published.Answer:
        whole, headers = honest(path)
        return whole.replace(b",known_fields,10,50,", b",known_fields,20,50,"), headers

    check = published.Check(doctored)
    check.services("2026-11")

    assert check.wrong
