"""After filing by API: what was filed, the fee, and the signed result in its owner's hands."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from dossiers.enums import Action, FormKind, PaymentState, Status
from dossiers.models import Dossier
from dossiers.services import advance
from dossiers.services.make_forms import make_forms
from portal.common import clock
from tests.api.test_citizens import API, problem
from tests.api.test_writes import ANSWERS, about, post
from tests.dossiers.scene import bring_papers, pay_fee
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.web.scene import Scene, stranger


@pytest.fixture
def decided(scene: Scene) -> Dossier:
    """A dossier that was granted and whose fee is due."""
    post(scene.client, about(scene, "accept"), ANSWERS)
    row = Dossier.objects.get()
    official = OfficialFactory(agency=scene.office)
    GrantFactory(official=official, role="case_officer", unit=scene.city)
    bring_papers(row)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        row = advance(
            dossier=row, action=action, user=official.user, version=row.version, now=clock.now()
        )
    return row


@pytest.fixture
def paid(decided: Dossier) -> Dossier:
    """The same dossier, paid, its papers made."""
    row = pay_fee(decided, now=clock.now())
    make_forms(now=clock.now())
    return row


def about_dossier(row: Dossier, verb: str = "") -> str:
    return f"{API}/dossiers/{row.public_id}{'/' if verb else ''}{verb}"


def test_what_was_filed_is_read_again(scene: Scene, decided: Dossier) -> None:
    said = scene.client.get(about_dossier(decided, "filed")).json()

    told = {one["name"]: one for one in said["fields"]}
    assert told["delivery"]["value"] == "Trực tiếp"
    assert told["full_name"]["source"] == "register"
    assert said["papers"]
    assert all(one["document"] or one["satisfied_by"] for one in said["papers"])


class TestFees:
    def test_a_fee_says_how_to_pay_it(
        self, scene: Scene, decided: Dossier, settings: Settings
    ) -> None:
        settings.PAYMENT_URL = "vietqr://kho-bac?bin=970436&account=0123&holder=KHO+BAC&bank=VCB"

        (fee,) = scene.client.get(about_dossier(decided, "fees")).json()["fees"]

        assert (fee["state"], fee["amount_vnd"]) == (PaymentState.DUE, decided.fee_vnd)
        transfer = fee["transfer"]
        assert (transfer["account"], transfer["holder"]) == ("0123", "KHO BAC")
        assert transfer["content"] == fee["reference"]
        assert transfer["vietqr"].startswith("000201")
        assert not transfer["is_simulated"]

    def test_without_an_account_there_is_the_counter(
        self, scene: Scene, decided: Dossier, settings: Settings
    ) -> None:
        settings.PAYMENT_URL = ""

        (fee,) = scene.client.get(about_dossier(decided, "fees")).json()["fees"]

        assert fee["transfer"] is None

    def test_what_is_paid_asks_for_nothing(self, scene: Scene, paid: Dossier) -> None:
        (fee,) = scene.client.get(about_dossier(paid, "fees")).json()["fees"]

        assert (fee["state"], fee["way"], fee["transfer"]) == ("paid", "bank_transfer", None)
        assert fee["receipt"].startswith("FT")


class TestResult:
    def test_before_the_fee_is_paid_there_is_none(self, scene: Scene, decided: Dossier) -> None:
        make_forms(now=clock.now())

        said = scene.client.get(about_dossier(decided, "issued")).json()

        assert said["waits_for_fee"]
        assert not said["may_receive"]
        assert FormKind.RESULT not in {one["kind"] for one in said["papers"]}
        problem(post(scene.client, about_dossier(decided, "receive")), 404)

    def test_looking_is_no_receipt_one_press_is(self, scene: Scene, paid: Dossier) -> None:
        said = scene.client.get(about_dossier(paid, "issued")).json()
        assert (said["may_receive"], said["waits_for_fee"]) == (True, False)
        (result,) = [one for one in said["papers"] if one["kind"] == FormKind.RESULT]
        address = about_dossier(paid, f"issued/{result['id']}")

        down = scene.client.get(address, headers={"Accept": "application/pdf"})
        assert down.content.startswith(b"%PDF-")
        assert len(down.content) == result["size"]
        assert Dossier.objects.get().status == Status.DONE

        for _time in range(2):
            received = post(scene.client, about_dossier(paid, "receive")).json()
            assert received["status"] == Status.RETURNED
        assert paid.events.filter(action=Action.RETURN_RESULT).count() == 1

    def test_it_is_nobody_elses(self, scene: Scene, paid: Dossier) -> None:
        _citizen, client = stranger()
        (form,) = paid.issued_forms.filter(kind=FormKind.RESULT)

        for verb in ("filed", "fees", "issued", f"issued/{form.document.public_id}"):
            problem(client.get(about_dossier(paid, verb)), 404)
        problem(post(client, about_dossier(paid, "receive")), 404)
        assert Dossier.objects.get().status == Status.DONE

    def test_an_error_is_told_in_json_also_to_whoever_asks_for_a_pdf(
        self, scene: Scene, decided: Dossier
    ) -> None:
        address = about_dossier(decided, "issued/00000000-0000-4000-8000-000000000000")

        said: dict[str, Any] = problem(
            scene.client.get(address, headers={"Accept": "application/pdf"}), 404
        )

        assert said["reasons"] == []
