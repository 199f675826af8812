"""The exchange desk: who sees it, what stands there, and what is pressed there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import Unit
from dossiers.enums import (
    ExchangeActKind,
    ExchangeState,
)
from dossiers.exchange.acts import MOST_AT_ONCE
from dossiers.models import (
    Difference,
    ExchangeAct,
    ExchangeAttempt,
    ExchangeInbox,
    ExchangeRow,
)
from dossiers.partners.address import NATIONAL_PORTAL
from portal.common import clock
from portal.office import exchange
from tests.factories.exchange import exchanged
from tests.office.crawling import says
from tests.office.exchange_scene import browser
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("others_templates")]
LISTS = (
    "office_exchange",
    "office_exchange_outbox",
    "office_exchange_inbox",
    "office_exchange_differences",
)


@pytest.fixture(autouse=True)
def partner(settings: Settings) -> None:
    """A partner that is set, and that nobody calls."""
    settings.NATIONAL_PORTAL_URL = "demo+unix://demo:demo@/nowhere/partner.sock"


@pytest.fixture
def place(city: Unit) -> Place:
    """A commune with a dossier."""
    return make_place(city, "Hạ")


def test_a_desk_without_rows_says_what_will_be_there(city: Unit) -> None:
    client = browser(city, Role.OPERATOR)

    for name in LISTS:
        answer = client.get(reverse(f"admin:{name}"))
        assert answer.status_code == 200, name


def test_a_partner_stands_there_with_its_figures(city: Unit, place: Place) -> None:
    exchanged(place.dossier, count=3)

    answer = browser(city, Role.OPERATOR).get(reverse("admin:office_exchange"))

    ((_name, standing),) = answer.context["standings"]
    assert (standing.parked, standing.waiting, standing.unknown) == (3, 0, 0)
    assert standing.open_differences == 3
    assert standing.last_good is not None


def test_every_page_of_rows_opens_and_names_nobody(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    client = browser(city, Role.OPERATOR)
    word, difference = ExchangeInbox.objects.get(), Difference.objects.get()
    pages = [
        reverse("admin:office_exchange_row", args=[row.public_id]),
        reverse("admin:office_exchange_word", args=[word.pk]),
        reverse("admin:office_exchange_difference", args=[difference.public_id]),
        *(reverse(f"admin:{name}") for name in LISTS[1:]),
        *(reverse("admin:office_exchange_file", args=[what]) for what in ("outbox", "inbox")),
        reverse("admin:office_exchange_file", args=["differences"]) + "?format=xlsx",
    ]

    for page in pages:
        said = says(client.get(page))
        assert place.dossier.code in said, page
        assert place.citizen.full_name not in said, page


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("state=parked", True),
        ("state=waiting", False),
        ("code={code}", True),
        ("code=none", False),
        ("before=1", False),
    ],
)
def test_the_outbox_is_filtered(city: Unit, place: Place, query: str, is_shown: bool) -> None:
    exchanged(place.dossier)
    address = reverse("admin:office_exchange_outbox")

    answer = browser(city, Role.OPERATOR).get(f"{address}?{query.format(code=place.dossier.code)}")

    assert bool(answer.context["lines"]) is is_shown


def test_many_are_sent_again_with_a_reason(city: Unit, place: Place) -> None:
    rows = exchanged(place.dossier, count=3)
    client = browser(city, Role.OPERATOR)
    address = reverse("admin:office_exchange_act", args=["resend"])
    chosen = [f"row={row.public_id}" for row in rows]
    asked = client.get(f"{address}?{'&'.join(chosen)}")
    assert len(asked.context["rows"]) == 3
    posted = {"row": [f"{row.public_id}:{row.attempt}" for row in rows]}

    refused = client.post(address, posted)
    assert refused.status_code == 422
    assert not ExchangeAct.objects.exists()
    done = client.post(address, posted | {"reason": "Đối tác đã sửa mã"})

    assert done.status_code == 302
    assert set(ExchangeRow.objects.values_list("state", flat=True)) == {"waiting"}
    acts = ExchangeAct.objects.values_list("kind", "reason", "state_before").order_by().distinct()
    assert list(acts) == [(ExchangeActKind.RESEND, "Đối tác đã sửa mã", "parked")]


def test_the_books_are_compared_when_it_is_pressed(city: Unit, place: Place) -> None:
    client = browser(city, Role.ADMINISTRATOR)
    address = reverse("admin:office_exchange_compare")
    assert client.get(f"{address}?partner={NATIONAL_PORTAL}").status_code == 200

    done = client.post(address, {"partner": NATIONAL_PORTAL, "reason": "Kiểm tra"})

    assert done.status_code == 302
    assert ExchangeAct.objects.get().kind == ExchangeActKind.RECONCILE


def test_a_difference_is_set_aside(city: Unit, place: Place) -> None:
    exchanged(place.dossier)
    difference = Difference.objects.get()
    address = reverse("admin:office_exchange_difference", args=[difference.public_id])

    done = browser(city, Role.OPERATOR).post(address, {"press": "dismiss", "reason": "Đã rõ"})

    assert done.status_code == 302
    difference.refresh_from_db()
    assert difference.state == "dismissed"


def test_an_auditor_reads_and_presses_nothing(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    client = browser(city, Role.AUDITOR)

    for name in LISTS:
        assert client.get(reverse(f"admin:{name}")).status_code == 200
    page = client.get(reverse("admin:office_exchange_row", args=[row.public_id]))
    assert page.context["deeds"] == {}
    posted = {"row": f"{row.public_id}:{row.attempt}", "reason": "x"}
    for deed in ("resend", "drop"):
        address = reverse("admin:office_exchange_act", args=[deed])
        assert client.post(address, posted).status_code == 403
    row.refresh_from_db()
    assert row.state == ExchangeState.PARKED


def test_who_looks_after_one_commune_sees_nothing_of_it(place: Place) -> None:
    (row,) = exchanged(place.dossier)
    client = signed_in(place.user)  # every role, in the commune

    for name in LISTS:
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    page = reverse("admin:office_exchange_row", args=[row.public_id])
    assert client.get(page).status_code == 403
    act = reverse("admin:office_exchange_act", args=["resend"])
    posted = {"row": f"{row.public_id}:{row.attempt}", "reason": "x"}
    assert client.post(act, posted).status_code == 403


def test_no_page_asks_more_of_many_rows(city: Unit, place: Place) -> None:
    client = browser(city, Role.OPERATOR, Role.AUDITOR)
    rows = exchanged(place.dossier, count=2)
    act = reverse("admin:office_exchange_act", args=["drop"])
    pages = [
        *(reverse(f"admin:{name}") for name in LISTS),
        reverse("admin:office_exchange_row", args=[rows[0].public_id]),
        f"{act}?row={rows[0].public_id}",
    ]

    def asked() -> dict[str, int]:
        counts = {}
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(page).status_code == 200
            counts[page] = len(queries)
        return counts

    few = asked()
    exchanged(place.dossier, count=20)
    ExchangeAct.objects.bulk_create(
        ExchangeAct(
            kind="drop", partner=NATIONAL_PORTAL, row=row, reason="x", by=place.user, at=clock.now()
        )
        for row in rows
    )
    pages[-1] = f"{act}?" + "&".join(
        f"row={key}" for key in ExchangeRow.objects.values_list("public_id", flat=True)
    )

    many = asked()
    assert max(many.values()) <= 20, many
    assert [many[one] - few[one] for one in pages[:-1]] == [0] * 5, (few, many)

    Difference.objects.update(state="gone")
    assert max(asked().values()) <= 20


def test_an_act_leads_back_to_the_list_as_it_was(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    client, address = (
        browser(city, Role.OPERATOR),
        reverse("admin:office_exchange_act", args=["resend"]),
    )
    wish = {"partner": NATIONAL_PORTAL, "state": "parked", "before": str(row.pk + 1)}
    listed = says(client.get(reverse("admin:office_exchange_outbox"), wish))
    assert f'<input type="hidden" name="before" value="{row.pk + 1}">' in listed
    asked = client.get(address, wish | {"row": str(row.public_id)})
    assert asked.context["wish"] == wish

    posted = wish | {"row": f"{row.public_id}:{row.attempt}", "reason": "Đã\0 sửa mã"}
    done = client.post(address, posted)

    query = f"partner={NATIONAL_PORTAL}&state=parked&before={row.pk + 1}"
    assert done["Location"] == f"{reverse('admin:office_exchange_outbox')}?{query}"
    assert ExchangeAct.objects.get().reason == "Đã sửa mã"


def test_more_rows_than_an_act_takes_are_refused_not_cut(city: Unit, place: Place) -> None:
    rows = exchanged(place.dossier, count=3)
    client, address = (
        browser(city, Role.OPERATOR),
        reverse("admin:office_exchange_act", args=["resend"]),
    )
    strange = [str(uuid4()) for _ in range(MOST_AT_ONCE - 2)]
    keys = [*strange, *(str(row.public_id) for row in rows)]

    asked = client.get(address, {"row": keys})
    done = client.post(address, {"row": [f"{key}:0" for key in keys], "reason": "Đã sửa mã"})

    assert (asked.status_code, done.status_code) == (422, 422)
    assert len(asked.context["rows"]) == 3
    assert not ExchangeAct.objects.exists()


def test_a_file_that_is_cut_says_so(
    city: Unit, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanged(place.dossier, count=3)
    client, address = (
        browser(city, Role.OPERATOR),
        reverse("admin:office_exchange_file", args=["outbox"]),
    )
    whole = client.get(address).content.decode()
    monkeypatch.setattr(exchange, "MOST_IN_FILE", 2)

    cut = client.get(address).content.decode()

    assert (whole.count(place.dossier.code), cut.count(place.dossier.code)) == (3, 2)
    assert len(cut.strip().splitlines()) == 4  # headings, two rows, and that there are more


def test_of_many_attempts_the_newest_are_shown(city: Unit, place: Place) -> None:
    (row,) = exchanged(place.dossier)
    row.attempts.all().delete()
    tries = [
        ExchangeAttempt(row=row, number=at, began_at=clock.now())
        for at in range(1, exchange.PER_PAGE + 3)
    ]
    ExchangeAttempt.objects.bulk_create(tries)

    answer = browser(city, Role.OPERATOR).get(
        reverse("admin:office_exchange_row", args=[row.public_id])
    )

    assert [one.number for one in answer.context["attempts"]][::49] == [52, 3]
    assert answer.context["attempt_count"] == 52


def test_a_code_that_no_database_takes_finds_nothing(city: Unit, place: Place) -> None:
    exchanged(place.dossier)
    address = reverse("admin:office_exchange_outbox")

    answer = browser(city, Role.OPERATOR).get(address, {"code": "H\0x"})

    assert (answer.status_code, answer.context["lines"]) == (200, [])
