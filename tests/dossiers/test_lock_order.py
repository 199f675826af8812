"""Officers and filings at one case at the same moment: no two wait for each other in a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dossiers.enums import Action, Status
from dossiers.models import BundleStep, Dossier
from dossiers.services import advance, submit_dossier
from dossiers.services.file_next_steps import file_next_steps
from dossiers.services.submit_together import submit_together
from portal.common.errors import StaleVersionError
from procedures.models import Suggestion
from tests.dossiers.bundle_scene import (
    EXEMPT,
    FRIDAY,
    PERMIT,
    POWER,
    WATER,
    Case,
    answered,
    child,
    house,
)
from tests.dossiers.scene import bring_papers
from tests.dossiers.test_concurrency import at_once
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.procedures import RecipientFactory
from tests.sizes import of_storms

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
SOON = FRIDAY + timedelta(minutes=1)


def approve(scene: Case, dossier: Dossier) -> Dossier:
    """Take the last step as an official would, and ring."""
    approved = advance(
        dossier=dossier,
        action=Action.APPROVE,
        user=scene.officer(dossier),
        version=dossier.version,
        now=SOON,
    )
    file_next_steps(now=SOON)
    return approved


def in_processing(scene: Case, dossier: Dossier) -> Dossier:
    """Return the dossier on an official's desk, with its papers."""
    bring_papers(dossier)
    for action in (Action.RECEIVE, Action.START_PROCESSING):
        user = scene.officer(dossier)
        dossier = advance(
            dossier=dossier, action=action, user=user, version=dossier.version, now=FRIDAY
        )
    return dossier


def another(scene: Case) -> Case:
    """Return the same matter of another person."""
    citizen, old = CitizenFactory(unit=scene.ward), scene.suggestion
    number = f"+8450600{citizen.pk % 10_000:04d}"
    ContactPointFactory(party=citizen.party, value=number, verified_at=FRIDAY)
    suggestion = Suggestion.objects.create(
        rule=old.rule,
        rule_version=old.rule_version,
        anchor=citizen.pk,
        cycle=0,
        subject=citizen.party,
        due_on=old.due_on,
        opened_on=old.opened_on,
        stated=old.stated,
    )
    RecipientFactory(suggestion=suggestion, citizen=citizen)
    return Case(scene.ward, citizen, scene.other, suggestion)


def test_an_officer_decides_a_dossier_while_a_press_takes_it_into_a_case_each_time() -> None:
    first = house({})
    for _round in range(of_storms(12, 50)):
        scene = another(first)
        offer = scene.offer()
        together = scene.form(offer)
        answers = answered(together)
        (version,) = offer.versions
        assert version.procedure.code == PERMIT
        alone = submit_dossier(
            applicant=scene.citizen,
            suggestion=scene.suggestion,
            version=version,
            answers=together.answers_for(PERMIT, answers),
            now=FRIDAY,
        )
        alone = in_processing(scene, alone)

        press = partial(
            submit_together,
            applicant=scene.citizen,
            suggestion=scene.suggestion,
            offer=offer,
            together=together,
            answers=answers,
            now=SOON,
        )
        outcomes: list[object] = list(at_once(partial(approve, scene, alone), press))

        if isinstance(outcomes[0], StaleVersionError):  # the press was faster: look again
            outcomes[0] = approve(scene, alone)
        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
        step = BundleStep.objects.get(case__suggestion=scene.suggestion, dossier=alone)
        assert step.state == "done"
        stored = Dossier.objects.get(pk=alone.pk)
        assert (stored.status, stored.bundle_case_id) == (Status.DONE, step.case_id)


def test_children_of_one_case_end_while_the_bell_files_the_next() -> None:
    first = house(EXEMPT)
    for _round in range(10):
        scene = another(first)
        case = scene.file(POWER, WATER)
        power, water = (in_processing(scene, child(case, code)) for code in (POWER, WATER))

        outcomes = at_once(
            partial(approve, scene, power),
            partial(approve, scene, water),
            partial(file_next_steps, now=SOON),
        )

        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
        ended = BundleStep.objects.filter(case=case, dossier__isnull=False)
        assert {step.state for step in ended} == {"done"}


def test_two_presses_that_take_the_agencies_numbers_the_other_way_round_both_file() -> None:
    first = house(EXEMPT)
    for _round in range(12):
        presses = []
        for turn in (1, -1):
            scene = another(first)
            offer = scene.offer(POWER, WATER)
            offer = replace(offer, versions=offer.versions[::turn])
            together = scene.form(offer)
            press = partial(
                submit_together,
                applicant=scene.citizen,
                suggestion=scene.suggestion,
                offer=offer,
                together=together,
                answers=answered(together),
                now=SOON,
            )
            presses.append(press)

        outcomes: list[object] = list(at_once(*presses))

        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    agencies = Dossier.objects.values_list("competent").distinct()
    assert agencies.count() == 2
