"""Papers of a dossier: called for by steps, made once, sealed, kept, and never lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from citizens.enums import Role
from citizens.models import Credential
from dossiers.documents.store import open_stored
from dossiers.enums import Action, FormKind, FormOrderState
from dossiers.models import Dossier, FormOrder, IssuedForm, Result
from dossiers.selectors.issued_forms import Standing, standing_of
from dossiers.services import decide
from dossiers.services.issue_form import ALPHABET, CODE_LENGTH, LEASE, fulfil, issue_form
from dossiers.services.make_forms import MOST_ATTEMPTS, make_forms, retry_form
from dossiers.services.order_forms import order_form
from portal.common import clock
from portal.common.errors import RefusedError
from tests.dossiers.papers_shown import Office
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.dossiers.test_sealed_papers import PASSWORD, mapped, pkcs12_file
from tests.factories.citizens import AgencyFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def received(scene: Scene) -> Dossier:
    return step(scene.submit(), Action.RECEIVE, scene.officer(), now=FRIDAY + HOUR)


def decided(scene: Scene) -> Dossier:
    user = scene.officer(Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    dossier = step(scene.submit(), Action.RECEIVE, user)
    dossier = step(dossier, Action.START_PROCESSING, user)
    decide(dossier=dossier, user=user, version=dossier.version, now=FRIDAY + HOUR)
    return Dossier.objects.get(pk=dossier.pk)


def test_a_step_calls_for_its_paper_and_the_bell_makes_it() -> None:
    dossier = received(renewal())
    order = FormOrder.objects.get()
    assert (order.kind, order.state) == (FormKind.RECEIPT, FormOrderState.WAITING)

    assert make_forms(now=FRIDAY + HOUR) == 1

    form = IssuedForm.objects.select_related("document").get()
    assert form.dossier == dossier
    assert form.form_version == "TT 03/2025/TT-VPCP"
    assert len(form.verify_code) == CODE_LENGTH
    assert set(form.verify_code) <= set(ALPHABET)
    assert len(ALPHABET) ** CODE_LENGTH > 2**80
    assert form.document.is_signed
    assert form.document.scan_state == "clean"
    assert open_stored(form.document).startswith(b"%PDF-1.7")
    assert make_forms(now=FRIDAY + HOUR) == 0


def test_a_decision_ends_with_the_receipt_and_the_signed_result() -> None:
    dossier = decided(renewal())

    assert make_forms(now=FRIDAY + HOUR) == 2

    result = Result.objects.select_related("document").get(dossier=dossier)
    form = dossier.issued_forms.get(kind=FormKind.RESULT)
    assert result.document == form.document
    assert form.document.owner == dossier.owner
    assert form.document.number.endswith("/KQ")


@pytest.mark.parametrize(
    ("at", "standing"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=clock.CIVIL_ZONE), Standing.STANDS),
        (datetime(2027, 1, 1, 0, 1, tzinfo=clock.CIVIL_ZONE), Standing.ENDED),
    ],
    ids=["last minute", "first minute after"],
)
def test_a_result_ends_with_the_civil_day_on_which_its_paper_runs_out(
    at: datetime, standing: Standing
) -> None:
    dossier = decided(renewal())
    make_forms(now=FRIDAY + HOUR)
    form = dossier.issued_forms.get(kind=FormKind.RESULT)
    Credential.objects.filter(results__dossier=dossier).update(expires_on=date(2026, 12, 31))

    assert standing_of(form, now=at.astimezone(UTC)) == standing


def test_asked_twice_it_is_the_same_paper() -> None:
    scene = renewal()
    dossier = received(scene)
    user = scene.officer()

    first = issue_form(dossier=dossier, kind=FormKind.RECEIPT, user=user, now=FRIDAY + HOUR)
    again = issue_form(dossier=dossier, kind=FormKind.RECEIPT, user=None, now=FRIDAY + 2 * HOUR)

    assert first == again
    assert IssuedForm.objects.count() == 1


def test_a_control_slip_is_of_the_last_step() -> None:
    scene = renewal()
    dossier = received(scene)
    user = scene.officer()

    first = issue_form(dossier=dossier, kind=FormKind.CONTROL, user=user, now=FRIDAY + HOUR)
    again = issue_form(dossier=dossier, kind=FormKind.CONTROL, user=user, now=FRIDAY + HOUR)
    dossier = step(dossier, Action.START_PROCESSING, user, now=FRIDAY + 2 * HOUR)
    later = issue_form(dossier=dossier, kind=FormKind.CONTROL, user=user, now=FRIDAY + 3 * HOUR)

    assert first == again
    assert later != first
    assert later.document.number.endswith("/KSHS-2")


def test_without_an_occasion_there_is_no_paper() -> None:
    dossier = DossierFactory()

    with pytest.raises(RefusedError):
        issue_form(dossier=dossier, kind=FormKind.RESULT, user=None, now=FRIDAY)


@pytest.mark.parametrize("died", ["before anything", "lease still held"])
def test_what_a_killed_process_left_is_made_by_the_next(died: str) -> None:
    received(renewal())
    now = FRIDAY + HOUR
    FormOrder.objects.update(state=FormOrderState.MAKING, attempt=1, lease_until=now + LEASE)

    if died == "lease still held":
        assert make_forms(now=now) == 0
        assert not IssuedForm.objects.exists()
    assert make_forms(now=now + 2 * LEASE) == 1


def test_the_slower_of_two_changes_nothing() -> None:
    received(renewal())
    held = FormOrder.objects.get()
    held.attempt = 1  # it was claimed, then its lease ran out and another has made the paper
    make_forms(now=FRIDAY + HOUR)

    assert fulfil(order=held, now=FRIDAY + HOUR) is None
    assert IssuedForm.objects.count() == 1


def test_a_bad_one_stops_nobody_and_is_parked_with_its_reason() -> None:
    # Given a result without a decision behind it, and a receipt
    scene = renewal()
    dossier = received(scene)
    event = dossier.events.last()
    assert event is not None
    bad = FormOrder.objects.create(
        dossier=dossier, event=event, kind=FormKind.RESULT, due_at=FRIDAY
    )

    # When the bell rings as often as it takes
    now = FRIDAY + HOUR
    for _ring in range(MOST_ATTEMPTS):
        make_forms(now=now)
        now += HOUR

    # Then the receipt is there, and the other one waits for somebody with its reason
    bad.refresh_from_db()
    assert IssuedForm.objects.get().kind == FormKind.RECEIPT
    assert (bad.state, bad.attempt) == (FormOrderState.PARKED, MOST_ATTEMPTS)
    assert "no result" in bad.reason
    assert retry_form(order=bad, now=now)
    bad.refresh_from_db()
    assert bad.state == FormOrderState.WAITING


def test_one_that_kills_its_process_each_time_is_parked() -> None:
    received(renewal())
    now = FRIDAY + HOUR
    FormOrder.objects.update(
        state=FormOrderState.MAKING, attempt=MOST_ATTEMPTS, lease_until=now - HOUR
    )

    assert make_forms(now=now) == 0

    assert FormOrder.objects.get().state == FormOrderState.PARKED


def test_an_agency_without_a_seal_waits_while_the_papers_of_others_are_made(
    settings: Any, tmp_path: Path
) -> None:
    dossier, poor = received(renewal()), AgencyFactory(code="H17.99")
    Dossier.objects.update(received_at=poor)  # its receipt is of the desk that has no seal
    rich = Office(dossier.competent.code, dossier.competent.name_vi)
    step_taken = dossier.events.latest("pk")
    now = FRIDAY + HOUR
    order_form(dossier=dossier, kind=FormKind.CONTROL, event=step_taken, user=None, now=now)
    seals = {rich.code: pkcs12_file(tmp_path, password=PASSWORD, office=rich)}
    settings.PDF_SIGNER = mapped(tmp_path, seals)

    assert make_forms(now=now) == 1

    assert IssuedForm.objects.get().kind == FormKind.CONTROL
    order = FormOrder.objects.get(kind=FormKind.RECEIPT)
    assert (order.state, order.attempt) == (FormOrderState.WAITING, 0)
    assert "names no seal for H17.99" in order.reason


def test_without_a_seal_orders_wait_and_none_is_parked(settings: Any) -> None:
    received(renewal())
    good = settings.PDF_SIGNER
    settings.PDF_SIGNER = "pkcs12:/nowhere/seal.p12?password_file=/nowhere/password"
    now = FRIDAY + HOUR

    for _ring in range(MOST_ATTEMPTS + 2):
        assert make_forms(now=now) == 0
        now += HOUR

    order = FormOrder.objects.get()
    assert (order.state, order.attempt) == (FormOrderState.WAITING, 0)
    assert "/nowhere/password" in order.reason
    settings.PDF_SIGNER = good
    assert make_forms(now=now) == 1
