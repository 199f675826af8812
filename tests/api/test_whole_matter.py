"""A citizen's whole matter by API alone, from the notice to the result and the next term."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from citizens.enums import Role
from dossiers.enums import Action, Status
from dossiers.models import Dossier, Payment
from dossiers.payments.simulator import signed_call
from dossiers.services import advance
from dossiers.services.make_forms import make_forms
from notifications.models import Message
from portal.common import clock
from procedures.models import Suggestion
from procedures.services.scan import scan_day
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal

API = "/api/v1"
BANK = "/payments/demo/"
JSON = "application/json"


@pytest.fixture
def told() -> Iterator[Scene]:
    """A person whose licence runs out; tonight's scan found it, and the message was sent."""
    with time_machine.travel(FRIDAY, tick=False):
        scene = renewal()
        Suggestion.objects.all().delete()
        scan_day(on_date=FRIDAY.date())
        Message.objects.update(state="sent", sent_at=clock.now())
        yield scene


class App:
    """The mobile app: it knows addresses and JSON, and nothing of the portal's insides."""

    def __init__(self, scene: Scene) -> None:
        self.client = Client(headers={"Accept-Language": "vi"})
        self.client.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str) -> Any:
        answer = self.client.get(f"{API}/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.client.post(
            f"{API}/{path}", json.dumps(body or {}), content_type=JSON, headers=headers
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, path: str, data: bytes, kind: str) -> Any:
        answer = self.client.put(f"{API}/{path}", data, content_type=kind)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def tag(self, path: str) -> str:
        return str(self.client.get(f"{API}/{path}")["ETag"])


def desk(dossier_id: str, action: Action, official: Any, **said: Any) -> Dossier:
    """Let the office take a step, and the papers that follow from it be made."""
    row = Dossier.objects.get(public_id=dossier_id)
    row = advance(
        dossier=row, action=action, user=official, version=row.version, now=clock.now(), **said
    )
    make_forms(now=clock.now())
    return row


def bank_tells(payment: Payment) -> None:
    """Let the bank call as it does when a transfer arrived."""
    body, headers = signed_call(
        address=BANK,
        transaction="FT1",
        content=payment.reference,
        amount_vnd=payment.amount_vnd,
        now=clock.now(),
    )
    answer = Client().post(BANK, body, content_type=JSON, headers=headers)
    assert answer.status_code == 200


@pytest.mark.django_db
def test_from_the_notice_to_the_result(told: Scene) -> None:
    app = App(told)
    receptionist, officer = told.officer(Role.RECEPTIONIST), told.officer(Role.CASE_OFFICER)

    # The notice is read, and why it came
    (letter,) = app.get("inbox")["items"]
    assert not letter["is_read"]
    app.post(f"inbox/{letter['id']}/read")
    (offered,) = app.get("suggestions")["items"]
    suggestion = f"suggestions/{offered['id']}"
    assert app.get(f"{suggestion}/why")["days_left"] == 60

    # What the registers know is filled in; a photo is laid to the paper that nobody has
    form = app.get(f"{suggestion}/form")
    assert {one["source"] for one in form["fields"]} >= {"register"}
    answers = {one["name"]: _answer(one) for one in form["missing"]}
    slots = app.get(f"{suggestion}/papers")["papers"]
    for slot in slots:
        app.send(f"{suggestion}/papers/{slot['code']}?name=giay-kham.jpg", JPEG, "image/jpeg")

    # One press files it, however often it is sent
    filed = app.post(f"{suggestion}/accept", {"answers": answers}, **{"Idempotency-Key": "1"})
    again = app.post(f"{suggestion}/accept", {"answers": answers}, **{"Idempotency-Key": "1"})
    assert again == filed
    (dossier,) = filed["dossiers"]
    path = f"dossiers/{dossier['id']}"
    assert app.get("suggestions")["items"] == []
    assert {one["name"] for one in app.get(f"{path}/filed")["fields"]} >= set(answers)

    # The office wants a better photo; it is handed in
    desk(dossier["id"], Action.RECEIVE, receptionist)
    wanted = Dossier.objects.get().papers.first()
    assert wanted is not None
    asked = {"note": "Ảnh mờ", "components": [wanted.component_code]}
    desk(dossier["id"], Action.REQUEST_SUPPLEMENT, receptionist, **asked)
    demand = app.get(f"{path}/papers")
    assert demand["why"] == "Ảnh mờ"
    (slot,) = demand["papers"]
    app.send(f"{path}/papers/{slot['code']}", PDF, "application/pdf")
    app.post(f"{path}/supplement", **{"If-Match": app.tag(path)})
    assert app.get(path)["status"] == Status.RECEIVED

    # It is decided, and the fee is paid by transfer
    desk(dossier["id"], Action.START_PROCESSING, officer)
    desk(dossier["id"], Action.APPROVE, officer)
    assert app.get(f"{path}/issued")["waits_for_fee"]
    (fee,) = app.get(f"{path}/fees")["fees"]
    assert fee["transfer"]["vietqr"].startswith("000201")
    bank_tells(Payment.objects.get(reference=fee["transfer"]["content"]))
    assert app.get(f"{path}/fees")["fees"][0]["state"] == "paid"

    # The signed result comes down, and the dossier says that it was returned
    make_forms(now=clock.now())
    out = app.get(f"{path}/issued")
    assert out["may_receive"]
    (result,) = [one for one in out["papers"] if one["kind"] == "result"]
    down = app.client.get(f"{API}/{path}/issued/{result['id']}", headers={"Accept": "*/*"})
    assert down.content.startswith(b"%PDF-")
    assert app.post(f"{path}/receive")["status"] == Status.RETURNED
    actions = [one["action"] for one in app.get(f"{path}/timeline")["steps"]]
    assert (actions[0], actions[-1]) == ("submit", "return_result")

    # The register holds the next term
    (paper,) = app.get("credentials")["items"]
    assert paper["expires_on"] > (FRIDAY.date() + timedelta(days=61)).isoformat()


def _answer(field: dict[str, Any]) -> str:
    return str(field["choices"][0]) if field["choices"] else "0505 000 001"
