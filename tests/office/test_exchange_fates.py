"""What became of a row that was sent again, and the way from a refused one to a comparison."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import Unit
from dossiers.models import Difference, ExchangeAct, ExchangeAttempt, ExchangeRow
from dossiers.partners.address import NATIONAL_PORTAL
from portal.common import clock
from tests.factories.exchange import exchanged
from tests.office.crawling import says
from tests.office.exchange_scene import browser
from tests.office.places import Place, make_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("others_templates")]


@pytest.fixture(autouse=True)
def partner(settings: Settings) -> None:
    """A partner that is set, and that nobody calls."""
    settings.NATIONAL_PORTAL_URL = "demo+unix://demo:demo@/nowhere/partner.sock"


@pytest.fixture
def place(city: Unit) -> Place:
    """A commune with a dossier."""
    return make_place(city, "Hạ")


@pytest.mark.parametrize(
    ("after", "reason", "said"),
    [
        (None, "", "hệ thống chưa thử"),
        ("", "", "đang gửi"),
        ("parked", "refused: sai mã", "lại bị từ chối lúc"),
        ("unknown", "no answer: TimeoutError", "lần này cũng không rõ"),
        ("waiting", "answered 500", "Hệ thống sẽ tự thử lại"),
        ("acknowledged", "", "đối tác đã nhận lúc"),
    ],
)
def test_who_sends_again_reads_what_became_of_it(
    city: Unit, place: Place, after: str | None, reason: str, said: str
) -> None:
    (row,) = exchanged(place.dossier)
    client = browser(city, Role.OPERATOR)
    page = reverse("admin:office_exchange_row", args=[row.public_id])
    assert client.get(page).context["line"].fate is None
    address = reverse("admin:office_exchange_act", args=["resend"])
    posted = {"row": f"{row.public_id}:{row.attempt}", "reason": "Đã sửa mã", "back": "row"}

    done = client.post(address, posted)
    if after is not None:
        now = clock.now()
        ExchangeAttempt.objects.create(
            row=row,
            number=2,
            began_at=now,
            ended_at=now if after else None,
            state=after,
            reason=reason,
        )
        ExchangeRow.objects.filter(pk=row.pk).update(state=after or "sending", attempt=2)

    assert done["Location"] == page
    assert said in says(client.get(page))
    listed = says(client.get(reverse("admin:office_exchange_outbox")))
    assert said in listed


def test_of_a_row_that_arrived_after_all_nothing_is_told_any_more(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    by, now = place.user, clock.now()
    for kind, seconds in (("resend", 0), ("arrived", 2)):
        at = now + timedelta(seconds=seconds)
        ExchangeAct.objects.create(
            kind=kind, partner=NATIONAL_PORTAL, row=row, reason="Đã hỏi", by=by, at=at
        )
    ExchangeAttempt.objects.create(
        row=row, number=2, began_at=now, ended_at=now, state="unknown", reason="no answer: x"
    )
    ExchangeRow.objects.filter(pk=row.pk).update(state="acknowledged", attempt=2)
    page = reverse("admin:office_exchange_row", args=[row.public_id])

    assert browser(city, Role.OPERATOR).get(page).context["line"].fate is None


def test_a_refused_row_leads_to_the_comparison_and_back(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    difference = Difference.objects.get()
    client = browser(city, Role.OPERATOR)
    page = reverse("admin:office_exchange_row", args=[row.public_id])
    settle = reverse("admin:office_exchange_difference", args=[difference.public_id])
    compare = reverse("admin:office_exchange_compare")
    assert settle in says(client.get(page))

    Difference.objects.update(state="gone")
    assert f"{compare}?partner={NATIONAL_PORTAL}" in says(client.get(page))
    of_row = {"partner": NATIONAL_PORTAL, "row": str(row.public_id), "back": "row"}
    assert f'href="{page}"' in says(client.get(compare, of_row))
    done = client.post(compare, of_row | {"reason": "Bị từ chối mãi"})

    assert done["Location"] == page
    shown = says(client.get(page))
    assert compare not in shown
    assert "Đang đối soát" in shown


def test_who_only_reads_is_not_led_to_a_comparison(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    Difference.objects.update(state="gone")
    page = reverse("admin:office_exchange_row", args=[row.public_id])

    shown = says(browser(city, Role.AUDITOR).get(page))

    assert reverse("admin:office_exchange_compare") not in shown
