"""Papers in the hand: those of one's own dossier, and anybody's question whether one is genuine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from citizens.enums import CredentialStatus
from citizens.models import Tries
from dossiers.documents.facts.frame import spelled_code
from dossiers.documents.store import open_stored
from dossiers.enums import Action, FormKind, SampleVerdict, Status
from dossiers.models import AutomaticDecision, Dossier, IssuedForm, Result
from dossiers.services import advance
from dossiers.services.issue_form import issue_form
from dossiers.services.make_forms import make_forms
from portal.common import clock
from portal.web.views.verify_forms import FILES, LARGEST
from procedures.enums import FilingChannel
from tests.dossiers.scene import bring_papers, pay_fee
from tests.factories.citizens import GrantFactory, OfficialFactory, UserFactory
from tests.web.scene import Scene, stranger

STANDS = "Đúng, giấy tờ này đã được cấp và còn hiệu lực"
EXACT = "Đúng, tệp này chính là bản đã cấp"
ALTERED = "Không, tệp này đã bị sửa sau khi ký"
NONE_OF_OURS = "Không, tệp này không phải do cổng cấp"


@pytest.fixture
def dossier(scene: Scene) -> Dossier:
    """Mrs Lan's dossier, decided, its papers not yet made."""
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    row = scene.lan.dossiers.get()
    official = OfficialFactory(agency=scene.office)
    GrantFactory(official=official, role="case_officer", unit=scene.city)
    bring_papers(row)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        row = advance(
            dossier=row,
            action=action,
            user=official.user,
            version=row.version,
            now=clock.now(),
        )
    return pay_fee(row, now=clock.now())


@pytest.fixture
def result(dossier: Dossier) -> IssuedForm:
    """The signed result of that dossier."""
    assert make_forms(now=clock.now()) == 3
    return dossier.issued_forms.select_related("document").get(kind=FormKind.RESULT)


def page_of(dossier: Dossier) -> str:
    return f"/my/dossiers/{dossier.public_id}/"


def paper_of(form: IssuedForm) -> str:
    return f"{page_of(form.dossier)}papers/{form.document.public_id}.pdf"


def ask(form: IssuedForm) -> str:
    answer = Client().get(f"/verify/form/{spelled_code(form.verify_code)}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(data: bytes) -> HttpResponse:
    Tries.objects.all().delete()
    file = SimpleUploadedFile("giấy tờ.pdf", data, content_type="application/pdf")
    return Client().post("/verify/file/", {"file": file})  # type: ignore[return-value]


# -------------------------------------------------------------------------------- one's own papers
def test_the_page_says_that_the_result_is_being_signed(scene: Scene, dossier: Dossier) -> None:
    html = scene.client.get(page_of(dossier)).content.decode()

    assert "đang ký số" in html
    make_forms(now=clock.now())
    html = scene.client.get(page_of(dossier)).content.decode()
    assert "đang ký số" not in html
    assert html.count("Xem hoặc in") == 3
    assert html.count(".pdf?keep") == 2  # the result itself is received by a press


def test_a_paper_opens_as_it_was_signed(scene: Scene, result: IssuedForm) -> None:
    seen = scene.client.get(paper_of(result))
    kept = scene.client.get(f"{paper_of(result)}?keep")

    assert seen["Content-Type"] == "application/pdf"
    assert seen["Content-Disposition"].startswith("inline;")
    assert kept["Content-Disposition"].startswith("attachment;")
    assert "no-store" in seen["Cache-Control"]
    assert hashlib.sha256(kept.content).hexdigest() == result.document.sha256


def test_looking_is_no_receipt_one_press_is(scene: Scene, result: IssuedForm) -> None:
    page = page_of(result.dossier)
    for address in (paper_of(result), f"{paper_of(result)}?keep"):
        scene.client.get(address)
    assert Dossier.objects.get().status == Status.DONE
    assert "Nhận kết quả" in scene.client.get(page).content.decode()

    taken = scene.client.post(f"{page}receive/", follow=True)
    again = scene.client.post(f"{page}receive/")

    assert taken.redirect_chain == [(f"{page}#issued", 302)]
    assert taken["Refresh"] == f"1; url={paper_of(result)}?keep"
    assert again.status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.returned_by) == (Status.RETURNED, FilingChannel.ONLINE)
    assert dossier.events.filter(action=Action.RETURN_RESULT).count() == 1
    scene.client.get(page)
    assert "Refresh" not in scene.client.get(page)


def test_the_slip_leads_to_the_signed_receipt(scene: Scene, result: IssuedForm) -> None:
    receipt = result.dossier.issued_forms.get(kind=FormKind.RECEIPT)

    answer = scene.client.get(f"{page_of(result.dossier)}slip/")

    assert answer.status_code == 302
    assert answer["Location"] == paper_of(receipt)


def test_papers_of_others_and_the_offices_own_do_not_exist(
    scene: Scene, result: IssuedForm
) -> None:
    _citizen, client = stranger()
    control = issue_form(dossier=result.dossier, kind=FormKind.CONTROL, user=None, now=clock.now())

    assert client.get(paper_of(result)).status_code == 404
    assert scene.client.get(paper_of(control)).status_code == 404
    assert Client().get(paper_of(result)).status_code == 302


# ------------------------------------------------------------------------------- is it genuine?
def test_the_qr_tells_what_stands_on_the_paper_and_no_name(
    scene: Scene, result: IssuedForm
) -> None:
    html = ask(result)

    for shown in (STANDS, "Giấy phép lái xe", result.document.number, "Phòng CSGT", "20/11/2026"):
        assert shown in html
    for hidden in (scene.lan.full_name, scene.lan.pin or "?", result.dossier.code + '"'):
        assert hidden not in html
    initials = " ".join(f"{part[0]}." for part in scene.lan.full_name.split())
    assert initials in html


@pytest.mark.parametrize("spelling", ["as printed", "small", "with spaces"])
def test_a_typed_code_leads_to_the_same_answer(result: IssuedForm, spelling: str) -> None:
    Tries.objects.all().delete()
    code = spelled_code(result.verify_code)
    typed = {"as printed": code, "small": code.lower(), "with spaces": code.replace("-", " ")}

    answer = Client().post("/verify/", {"code": typed[spelling]})

    assert answer.status_code == 302
    assert answer["Location"] == f"/verify/form/{code}/"


def test_a_code_that_nobody_gave_is_a_plain_no(scene: Scene) -> None:
    answer = Client().get("/verify/form/CDFGH-CDFGH-CDFGH-CDFGH/")

    assert answer.status_code == 200
    assert "Không, không có giấy tờ nào của cổng mang mã này" in answer.content.decode()


def test_a_revoked_result_says_so(result: IssuedForm) -> None:
    paper = Result.objects.get(dossier=result.dossier).credential
    assert paper is not None
    paper.status = CredentialStatus.REVOKED
    paper.save(update_fields=["status"])

    assert "đã bị thu hồi" in ask(result)


@pytest.mark.parametrize("is_letter", [False, True])
def test_what_an_automatic_decision_gave_out_is_revoked_with_it_and_says_when(
    scene: Scene, result: IssuedForm, is_letter: bool
) -> None:
    if is_letter:  # no licence brings one
        IssuedForm.objects.filter(pk=result.pk).update(kind=FormKind.CONGRATULATION)
        result = IssuedForm.objects.select_related("document").get(pk=result.pk)
    head, other = UserFactory(of_official=True), UserFactory(of_official=True)
    decision = AutomaticDecision.objects.create(
        dossier=result.dossier, risk=0.05, sample_share=1.0, is_sampled=True
    )
    assert STANDS in ask(result)
    decision.verdict, decision.reviewed_by = SampleVerdict.WRONG, other
    decision.revoked_by, decision.revoked_at = head, datetime(2026, 11, 22, 18, tzinfo=UTC)
    decision.save()

    shown = ask(result)
    of_the_file = send(open_stored(result.document)).content.decode()

    for page in (shown, of_the_file):
        assert "đã bị thu hồi" in page
        assert "23/11/2026" in page
        assert STANDS not in page
    own = scene.client.get(page_of(result.dossier)).content.decode()
    assert own.count("Đã bị thu hồi ngày 23/11/2026") == 1


def test_a_newer_control_slip_replaces_the_older(scene: Scene, result: IssuedForm) -> None:
    first = issue_form(dossier=result.dossier, kind=FormKind.CONTROL, user=None, now=clock.now())
    official = OfficialFactory(agency=scene.office)
    GrantFactory(official=official, role="receptionist", unit=scene.city)
    advance(
        dossier=result.dossier,
        action=Action.RETURN_RESULT,
        user=official.user,
        version=result.dossier.version,
        now=clock.now(),
    )
    issue_form(dossier=result.dossier, kind=FormKind.CONTROL, user=None, now=clock.now())

    assert "bản mới hơn thay thế" in ask(first)


def test_the_file_itself_is_compared_byte_by_byte(result: IssuedForm) -> None:
    data = open_stored(result.document)
    changed = bytearray(data)
    changed[len(changed) // 3] ^= 1

    assert EXACT in send(data).content.decode()
    assert ALTERED in send(bytes(changed)).content.decode()
    assert ALTERED in send(data + b"\n%").content.decode()
    assert NONE_OF_OURS in send(b"%PDF-1.7 nothing").content.decode()


def test_files_too_large_or_missing_are_told(scene: Scene) -> None:
    assert send(b"x" * (LARGEST + 1)).status_code == 413
    Tries.objects.all().delete()
    assert Client().post("/verify/file/", {}).status_code == 400


def test_who_asks_too_often_waits(scene: Scene) -> None:
    Tries.objects.all().delete()
    client = Client()
    for _turn in range(FILES.most):
        assert client.post("/verify/file/", {}).status_code == 400

    assert client.post("/verify/file/", {}).status_code == 429
