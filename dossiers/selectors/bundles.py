"""Reads of bundle cases: whose they are, their steps, and what the catalogue offers instead."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from citizens.models import Citizen
from citizens.selectors import acting_for
from dossiers.bundle_rules import Move, moved
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep
from portal.common import clock
from procedures.definition import ProcedureDefinition
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force


def cases_of(*, citizen: Citizen) -> QuerySet[BundleCase]:
    """Return the cases that a person filed, owns, or may follow for somebody, newest first."""
    represented = acting_for(actor=citizen, day=clock.today())
    mine = Q(applicant=citizen) | Q(owner_id=citizen.pk) | Q(owner__in=represented)
    cases = BundleCase.objects.filter(mine).select_related("bundle", "suggestion__rule_version")
    return cases.order_by("-pk")


def case_for(*, citizen: Citizen, public_id: UUID) -> BundleCase:
    """Return one of the person's cases; BundleCase.DoesNotExist for anybody else's."""
    return cases_of(citizen=citizen).get(public_id=public_id)


def case_steps(*, case: BundleCase) -> list[BundleStep]:
    """Return the steps in order with all that a page says of them (one query)."""
    return list(steps_shown(case))


def steps_shown(case: BundleCase) -> QuerySet[BundleStep]:
    """Return the query of `case_steps`, for a page that reads more by the same question."""
    steps = case.steps.select_related(
        "procedure", "dossier__competent", "dossier__procedure_version", "dossier__result"
    )
    return steps.order_by("position")


def alternatives_to(*, step: BundleStep, day: date) -> list[ProcedureVersion]:
    """Return the procedures in force that the catalogue knows to lead to the same result.

    They replace the step's procedure by name or grant the same national result; those of the case
    itself are not among them. Nothing for a step that cannot be replaced.
    """
    if moved(BundleStepState(step.state), Move.REPLACE) is None:
        return []
    held = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    mine = held.filter(procedure=step.procedure_id).first()
    result = ProcedureDefinition.from_json(mine.definition).result.code if mine else None
    same = Q(definition__replaces__contains=[step.procedure.code])
    if result is not None:
        same |= Q(definition__result__code=result)
    taken = step.case.steps.values("procedure")
    return list(held.filter(same).exclude(procedure__in=taken).order_by("procedure__code"))
