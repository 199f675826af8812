"""Two officers, double clicks and twenty filings at once (F36, F37): real threads, real locks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections, transaction

from citizens.enums import Role
from citizens.models import Citizen, Credential
from dossiers.enums import Action, Status
from dossiers.models import CodeCounter, Dossier, DossierEvent, Result
from dossiers.services import submit_dossier
from notifications.models import Message
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.scene import ANSWERS, FRIDAY, Scene, renewal, step
from tests.factories.citizens import CitizenFactory, ContactPointFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

Outcome = TypeVar("Outcome")


def at_once(*calls: Callable[[], Outcome]) -> list[Outcome | Exception]:
    """Run the calls in threads that start together; return what each gave or raised."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Outcome]) -> Outcome | Exception:
        try:
            gate.wait(timeout=30)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("second", [Action.APPROVE, Action.STOP])
def test_of_two_officers_one_decides_and_the_other_is_told(second: Action) -> None:
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    dossier = step(dossier, Action.START_PROCESSING, scene.officer())
    one, other = scene.officer(Role.CASE_OFFICER), scene.officer(Role.HEAD_OF_UNIT)

    outcomes = at_once(
        lambda: step(dossier, Action.APPROVE, one),
        lambda: step(dossier, second, other, note="Không đủ điều kiện"),
    )

    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(error) for error in errors] == [StaleVersionError]
    stored = Dossier.objects.get()
    approved = stored.status == Status.DONE
    assert stored.version == dossier.version + 1
    assert Result.objects.count() == approved
    assert Credential.objects.get().term == 1 + approved
    assert DossierEvent.objects.filter(action__in=(Action.APPROVE, Action.STOP)).count() == 1


@pytest.mark.parametrize("has_suggestion", [True, False])
def test_a_double_click_files_one_dossier(has_suggestion: bool) -> None:
    scene = renewal()

    def press() -> Dossier:
        return submit_dossier(
            applicant=scene.citizen,
            suggestion=scene.suggestion if has_suggestion else None,
            version=scene.version,
            answers=ANSWERS,
            now=FRIDAY,
        )

    outcomes = at_once(*[press] * 8)

    assert set(outcomes) == {Dossier.objects.get()}
    assert CodeCounter.objects.get().last == 1
    assert Message.objects.count() == 1


def test_twenty_filings_at_once_number_without_gap_though_some_fail() -> None:
    scene = renewal()
    applicants = [CitizenFactory(unit=scene.commune) for _ in range(20)]
    for number, citizen in enumerate(applicants):
        ContactPointFactory(party=citizen.party, value=f"+8450512340{number:02d}")

    outcomes = at_once(*[_press(scene, number, who) for number, who in enumerate(applicants)])

    assert sum(isinstance(outcome, RefusedError) for outcome in outcomes) == 4
    codes = sorted(Dossier.objects.values_list("code", flat=True))
    prefix = f"{scene.agency.code}-20261120"
    assert codes == [f"{prefix}-{number:07d}" for number in range(1, 17)]


def _press(scene: Scene, number: int, citizen: Citizen) -> Callable[[], Dossier]:
    """Return one filing; every fifth is refused after it took its number."""

    def press() -> Dossier:
        with transaction.atomic():
            dossier = submit_dossier(
                applicant=citizen,
                suggestion=None,
                version=scene.version,
                answers=ANSWERS
                | {
                    "licence_number": f"99900000{number:04d}",
                    "licence_class": "B",
                    "issue_date": "2017-01-19",
                    "issuer": "Sở Giao thông vận tải",
                },
                now=FRIDAY,
            )
            if number % 5 == 0:
                raise RefusedError("after the number was taken")
        return dossier

    return press
