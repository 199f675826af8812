"""File the children of a bundle case whose turn has come, with the answers that were kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from citizens.models import Party
from citizens.selectors import AgencyMissingError
from citizens.services.register_birth import born_of
from dossiers.bundle_rules import AWAITS_NUMBER, CLOSED, NEEDS_ANSWERS, NO_GROUND, Move
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.services.freeze_form import AnswersRefusedError
from dossiers.services.grant_result import bears_number, has_no_ground
from dossiers.services.locks import locked_case
from dossiers.services.move_step import hold_matter, move_step, settle_case
from dossiers.services.submit_dossier import submit_dossier
from dossiers.services.tell_case import tell_step
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition
from procedures.models import ProcedureVersion, Suggestion
from procedures.models.suggestions import WAITING
from procedures.selectors import version_in_force

MOST_AT_ONCE = 200
_log = structlog.get_logger(__name__)


def file_next_steps(*, now: datetime) -> int:
    """File every child that may be filed and return how many were; each is a transaction.

    One that cannot be filed says why and waits for the citizen, who is told; the others go on. A
    fault of ours is logged and tried again when the bell rings next.
    """
    ready = BundleStep.objects.filter(state=BundleStepState.READY, reason="").order_by("pk")
    keys = list(ready.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_file_or_log(key, now) for key in keys)


def file_steps_of(*, case: BundleCase, now: datetime) -> int:
    """File those of one case, as `file_next_steps` does; return how many were."""
    ready = case.steps.filter(state=BundleStepState.READY, reason="").order_by("position")
    return sum(_file_alone(key, now) for key in ready.values_list("pk", flat=True))


@transaction.atomic
def file_step(*, step: BundleStep, now: datetime) -> Dossier:
    """File one ready child of a locked case and return its dossier.

    AnswersRefusedError names what nobody knows; RefusedError and AgencyMissingError say why else
    it cannot be filed. LookupError where its procedure is no longer in force.
    """
    case, day = step.case, clock.civil_date(now)
    version = version_in_force(procedure=step.procedure, day=day)
    if case.applicant is None:
        raise RefusedError(_("Nobody is known who filed this case."))
    owner, about = subject_of(case=case)
    is_new = about is not None and about.state in WAITING
    dossier = submit_dossier(
        applicant=case.applicant,
        suggestion=about if is_new else None,
        beside=about,
        owner=owner,
        version=version,
        answers=kept_answers(case=case, step=step),
        now=now,
        note=_why_now(step),
        case=case,
    )
    if is_new:
        hold_matter(case=case, now=now)
    step.dossier = dossier
    step.save(update_fields=["dossier"])
    move_step(step=step, move=Move.FILE, now=now)
    return dossier


def subject_of(*, case: BundleCase) -> tuple[Party, Suggestion | None]:
    """Return whom the next children are about, and the suggestion whose facts fill their forms.

    A child whose birth one of the dossiers registered owns all that follow, and its own data fill
    them: number, certificate and names come from the register, not from the notice.
    """
    granted = case.steps.filter(state=BundleStepState.DONE).order_by("position")
    for code in granted.values_list("dossier__code", flat=True):
        child = born_of(reference=code)
        if child is not None:
            return child.party, None
    return case.owner, case.suggestion


def kept_answers(*, case: BundleCase, step: BundleStep) -> Mapping[str, str]:
    """Return the answers that were given once for this step."""
    answers: Mapping[str, str] = case.form.get(step.procedure.code, {})
    return answers


def _file_or_log(key: int, now: datetime) -> bool:
    try:
        return _file_alone(key, now)
    except (InterfaceError, OperationalError):
        raise  # the database itself is away
    except Exception:
        _log.exception("bundle_step_not_filed", step=key)
        return False


@transaction.atomic
def _file_alone(key: int, now: datetime) -> bool:
    step = BundleStep.objects.select_related("case").get(pk=key)
    case = locked_case(step.case)
    step = BundleStep.objects.select_related("procedure", "case__suggestion").get(pk=key)
    if step.state != BundleStepState.READY or step.reason:
        return False
    if has_no_ground(key=step.procedure.key, answers=kept_answers(case=case, step=step)):
        move_step(step=step, move=Move.CLOSE, now=now, reason=NO_GROUND)
        settle_case(case=case, now=now)
        return False
    try:
        if waits_for := _number_awaited(step, day=clock.civil_date(now)):
            _wait(step, waits_for, now)
            return False
        file_step(step=step, now=now)
    except ProcedureVersion.DoesNotExist:
        move_step(step=step, move=Move.CLOSE, now=now, reason=CLOSED)
        settle_case(case=case, now=now)
        return False
    except AnswersRefusedError:
        _ask(step, NEEDS_ANSWERS, now)
        return False
    except (RefusedError, AgencyMissingError) as refused:
        _ask(step, str(refused) or NEEDS_ANSWERS, now)
        return False
    tell_step(case=case, step=step, topic="bundle_step_filed", now=now)
    return True


def _number_awaited(step: BundleStep, *, day: date) -> str:
    """Return why a paper that bears the child's number waits, "" for what may be filed.

    It names the office that registered the birth, which enters the number.
    """
    version = version_in_force(procedure=step.procedure, day=day)
    if not bears_number(ProcedureDefinition.from_json(version.definition)):
        return ""
    granted = step.case.steps.filter(state=BundleStepState.DONE).select_related("dossier")
    for before in granted.order_by("position"):
        child = before.dossier and born_of(reference=before.dossier.code)
        if before.dossier and child and child.pin_index is None:
            return f"{AWAITS_NUMBER}:{before.dossier.competent.name_vi}"
    return ""


def _ask(step: BundleStep, reason: str, now: datetime) -> None:
    """Let the step wait for the citizen, and say so once."""
    _wait(step, reason, now)
    tell_step(case=step.case, step=step, topic="bundle_needs_you", now=now)


def _wait(step: BundleStep, reason: str, now: datetime) -> None:
    step.reason, step.changed_at = reason[:500], now
    step.version += 1
    step.save(update_fields=["reason", "changed_at", "version"])


def _why_now(step: BundleStep) -> str:
    """Return for the officials why the dossier came by itself."""
    if not step.after:
        return ""
    before = step.case.steps.filter(procedure__code__in=step.after, dossier__isnull=False)
    codes = ", ".join(before.values_list("dossier__code", flat=True))
    with override("vi"):
        return _("Filed by itself after %(codes)s was granted.") % {"codes": codes} if codes else ""
