"""What a citizen decides about one child of a case: answer, file again, replace, leave out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from citizens.selectors import may_act
from dossiers.bundle_rules import Move
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.selectors.bundles import alternatives_to
from dossiers.services.file_next_steps import file_step, file_steps_of
from dossiers.services.keep_typed import TYPED
from dossiers.services.locks import locked_case
from dossiers.services.move_step import free_those_after, move_step, settle_case
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.models import Procedure

CHOICES = (Move.RETRY, Move.DROP, Move.RESTORE)


@transaction.atomic
def decide_step(
    *, step: BundleStep, citizen: Citizen, move: Move, version: int, now: datetime
) -> BundleCase:
    """File a child again, leave it out, or take it up again; return the case as it then is.

    What may be filed then is filed at once. RefusedError where the step's state does not allow it
    or the case is not this person's; StaleVersionError when the step changed since the page.
    """
    case, row = _held(step, citizen, version, now)
    if move not in CHOICES:
        raise RefusedError(_("This step cannot be changed that way any more."))
    move_step(step=row, move=move, now=now)
    settle_case(case=case, now=now)
    file_steps_of(case=case, now=now)
    return case


@transaction.atomic
def replace_step(
    *, step: BundleStep, citizen: Citizen, procedure: Procedure, version: int, now: datetime
) -> BundleCase:
    """Take another procedure for a child that failed; it is filed with the answers kept so far.

    Those that waited for the old one wait for the new one. RefusedError for a procedure that the
    catalogue does not offer in its place.
    """
    case, row = _held(step, citizen, version, now)
    day = clock.civil_date(now)
    offered = alternatives_to(step=row, day=day)
    if procedure.pk not in {one.procedure_id for one in offered}:
        raise RefusedError(_("The catalogue does not offer this procedure in place of the other."))
    move_step(step=row, move=Move.REPLACE, now=now, reason=procedure.code)
    last = case.steps.order_by("-position").values_list("position", flat=True)[0]
    BundleStep.objects.create(
        case=case,
        position=last + 1,
        procedure=procedure,
        state=BundleStepState.READY,
        is_optional=row.is_optional,
        changed_at=now,
    )
    _keep(case, procedure.code, dict(case.form.get(row.procedure.code, {})))
    free_those_after(case=case, code=row.procedure.code, replaced_by=procedure.code)
    settle_case(case=case, now=now)
    file_steps_of(case=case, now=now)
    return case


@transaction.atomic
def answer_step(
    *,
    step: BundleStep,
    citizen: Citizen,
    answers: Mapping[str, str],
    version: int,
    now: datetime,
) -> Dossier:
    """File a ready child with what it still needed and return its dossier; all or nothing.

    AnswersRefusedError names what is still at fault. The answers are kept with the case.
    """
    case, row = _held(step, citizen, version, now)
    if row.state != BundleStepState.READY:
        raise RefusedError(_("This step cannot be changed that way any more."))
    code = row.procedure.code
    _keep(case, code, {**case.form.get(code, {}), **answers})
    row.case = case
    dossier = file_step(step=row, now=now)
    settle_case(case=case, now=now)
    return dossier


def _held(
    step: BundleStep, citizen: Citizen, version: int, now: datetime
) -> tuple[BundleCase, BundleStep]:
    case = locked_case(step.case)
    day = clock.civil_date(now)
    is_mine = case.applicant_id == citizen.pk
    if not is_mine and not may_act(actor=citizen, party=case.owner, day=day):
        raise RefusedError(_("You cannot act for this person or organisation."))
    row = BundleStep.objects.select_related("procedure", "case__suggestion").get(pk=step.pk)
    if row.version != version:
        raise StaleVersionError(_("This step was changed meanwhile. Please look at it again."))
    return case, row


def _keep(case: BundleCase, code: str, answers: dict[str, str]) -> None:
    others = {key: kept for key, kept in case.form.items() if key != f"{code}{TYPED}"}
    case.form = {**others, code: answers}
    case.save(update_fields=["form_enc"])
