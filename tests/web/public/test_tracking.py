"""Where a dossier is, by its code and a second fact: little is shown, and little may be tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen, ContactPoint, Tries
from citizens.services.count_tries import count_try, forget_tries
from dossiers.models import BundleCase, Dossier
from dossiers.services.track_dossier import (
    MOST_OF_A_CODE,
    MOST_OF_AN_ADDRESS,
    MOST_OF_EVERYBODY,
    SPAN,
    TooManyTriesError,
    track_dossier,
)
from portal.common import clock
from tests.factories.procedures import BundleFactory
from tests.web.scene import Scene

PAGE = "/track/"
PHONE_END, BORN = "0001", "20/06/1956"


@pytest.fixture
def dossier(scene: Scene) -> Dossier:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    return scene.lan.dossiers.get()


def asked(code: str, fact: str, address: str = "192.0.2.1") -> str:
    response = Client().post(PAGE, {"code": code, "fact": fact}, REMOTE_ADDR=address)
    return response.content.decode()


@pytest.mark.parametrize("fact", [PHONE_END, BORN, "20061956", "20-6-1956", " 20.06.1956 "])
def test_code_and_fact_show_where_it_is(dossier: Dossier, fact: str) -> None:
    html = asked(f" {dossier.code.lower()} ", fact)

    assert dossier.code in html
    assert "Mới đăng ký" in html
    assert dossier.competent.name_vi in html


def test_the_code_of_a_bundle_tells_of_its_dossier_that_still_runs(dossier: Dossier) -> None:
    case = BundleCase(bundle=BundleFactory(), tracking_code="ab" * 12, owner=dossier.owner)
    case.form = {}
    case.save()
    Dossier.objects.filter(pk=dossier.pk).update(bundle_case=case)

    html = asked(case.tracking_code, PHONE_END)

    assert dossier.code in html
    assert "Mới đăng ký" in html
    assert "Không có gì để hiển thị" in asked(case.tracking_code, "9999")


def test_nobody_is_named_and_nothing_of_the_matter_is_told(dossier: Dossier) -> None:
    html = asked(dossier.code, PHONE_END)

    for told in ("Lan", "Trần", "0505", "06/1956", dossier.procedure_version.name_vi, "lái xe"):
        assert told not in html


def test_unknown_code_and_wrong_fact_are_one_answer(dossier: Dossier) -> None:
    unknown = asked("H17.20-20261120-9999999", PHONE_END)
    wrong = asked(dossier.code, "9999")

    assert "Không có gì để hiển thị" in wrong
    assert _bare(unknown) == _bare(wrong)


def _bare(html: str) -> str:
    """Return a page without its token and what was typed into it."""
    main = html.split("<main", 1)[1].split("</main>")[0]
    lines = [line for line in main.splitlines() if "csrfmiddlewaretoken" not in line]
    return "\n".join(line.split("value=")[0] for line in lines)


def test_after_five_tries_the_code_rests_even_for_the_right_fact(dossier: Dossier) -> None:
    for number in range(MOST_OF_A_CODE):
        asked(dossier.code, f"{number:04d}"[::-1], f"192.0.2.{number}")

    client = Client()
    response = client.post(
        PAGE, {"code": dossier.code, "fact": PHONE_END}, REMOTE_ADDR="192.0.2.99"
    )

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3000
    assert "Mới đăng ký" not in response.content.decode()
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=True):
        assert "Mới đăng ký" in asked(dossier.code, PHONE_END)


def test_an_unknown_code_rests_just_the_same(db: None) -> None:
    for _try in range(MOST_OF_A_CODE):
        asked("H17.20-20261120-9999999", "1111")

    response = Client().post(PAGE, {"code": "H17.20-20261120-9999999", "fact": "1111"})

    assert response.status_code == 429


def test_one_address_may_not_try_many_codes(dossier: Dossier) -> None:
    now = clock.now()
    for number in range(MOST_OF_AN_ADDRESS):
        track_dossier(code=f"X-{number}", fact="1111", address="192.0.2.7", now=now)

    with pytest.raises(TooManyTriesError):
        track_dossier(code=dossier.code, fact=PHONE_END, address="192.0.2.7", now=now)


def test_many_addresses_together_may_not_guess_more_than_everybody(dossier: Dossier) -> None:
    seconds = int(SPAN.total_seconds())
    for _try in range(MOST_OF_EVERYBODY - MOST_OF_A_CODE):
        count_try(
            what="tracking-all",
            key="everybody",
            most=MOST_OF_EVERYBODY,
            seconds=seconds,
            now=clock.now(),
        )
    for _try in range(MOST_OF_A_CODE + 3):  # a code that rests uses up nothing more
        asked("X-1", "1111", "192.0.2.1")

    response = Client().post(
        PAGE, {"code": dossier.code, "fact": PHONE_END}, REMOTE_ADDR="198.51.100.7"
    )

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3000
    assert "Mới đăng ký" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted() -> None:
    now = clock.now()

    def one_try(_number: int) -> bool:
        try:
            track_dossier(code="X-1", fact="1111", address=str(_number), now=now)
        except TooManyTriesError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(pool.map(one_try, range(12)))

    assert let_through == MOST_OF_A_CODE


def test_neither_code_nor_address_stands_in_the_table(dossier: Dossier) -> None:
    asked(dossier.code, PHONE_END)

    kept = b"".join(bytes(row.key) for row in Tries.objects.all())
    assert Tries.objects.count() == 3
    assert dossier.code.encode() not in kept
    assert forget_tries(now=clock.now() + timedelta(hours=2)) == 3


def test_a_number_of_many_and_a_bare_year_prove_nothing(dossier: Dossier) -> None:
    ContactPoint.objects.update(shared=True)
    Citizen.objects.filter(pk=dossier.applicant_id).update(birth_precision="year")

    assert "Không có gì để hiển thị" in asked(dossier.code, PHONE_END)
    assert "Không có gì để hiển thị" in asked(dossier.code, BORN)


def test_of_who_died_nothing_is_shown(dossier: Dossier) -> None:
    Citizen.objects.filter(pk=dossier.applicant_id).update(died_on=clock.today())

    assert "Không có gì để hiển thị" in asked(dossier.code, PHONE_END)


@pytest.mark.parametrize("fact", ["", "12", "12345", "abcd", "1956"[:3]])
def test_what_is_no_fact_is_not_counted(dossier: Dossier, fact: str) -> None:
    response = Client().post(PAGE, {"code": dossier.code, "fact": fact})

    assert response.status_code == 422
    assert not Tries.objects.exists()


def test_an_answer_is_kept_by_nobody_and_asks_little(dossier: Dossier) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as seen:
        response = client.post(PAGE, {"code": dossier.code, "fact": PHONE_END})

    assert "no-store" in response["Cache-Control"]
    assert len(seen) <= 12
    assert client.get(PAGE, {"code": dossier.code}).status_code == 200
