"""One press files a bundle: the dossiers that need not wait at once, the others by themselves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from citizens.models import Citizen, Party
from citizens.selectors import competent_agency, unit_of
from dossiers.bundle_rules import EXEMPT, NO_GROUND, NOT_CHOSEN, Move, Outcome, outcome
from dossiers.enums import BundleStepState, Status
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.services.dossier_codes import hold_counters
from dossiers.services.freeze_form import AnswersRefusedError, freeze_form
from dossiers.services.grant_result import has_no_ground
from dossiers.services.move_step import (
    children_of,
    hold_matter,
    move_step,
    settle_case,
    steps_of,
)
from dossiers.services.submit_dossier import Way, submit_dossier
from dossiers.services.tell_case import tell_submitted
from portal.common import clock
from procedures.definition.laws import laws_text
from procedures.models import Procedure, Suggestion
from procedures.prefill import Together
from procedures.selectors import BundleStep as Offered
from procedures.selectors import Offer

ONLINE = Way()
_RANDOM_BYTES = 12  # a tracking code is guessed by nobody


@transaction.atomic
def submit_together(
    *,
    applicant: Citizen,
    suggestion: Suggestion,
    offer: Offer,
    together: Together,
    answers: Mapping[str, str],
    now: datetime,
    way: Way = ONLINE,
) -> list[Dossier]:
    """File and return a dossier for each of the offer's versions; the first answers the suggestion.

    `answers` are those of the common form `together`. Of a bundle a `BundleCase` links the dossiers
    and holds a step for every procedure: those that wait keep their answers and are filed by
    `file_next_steps`. A second press returns what was filed. `way` is how it came in, at a counter
    or online. The errors are those of `submit_dossier`, AnswersRefusedError with the names of the
    common form, for all steps at once.
    """
    Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    known = case_of(suggestion=suggestion)
    if known is not None:
        return list(known.dossiers.order_by("pk"))
    freeze_form(form=together.form, answers=answers)
    if len(offer.versions) > 1:
        _hold_what_all_take(suggestion.subject, offer, clock.civil_date(now))
    is_case = len(offer.steps) > 1
    case = _open(applicant, suggestion, offer, together, answers) if is_case else None
    filed: dict[str, Dossier] = {}
    faults: dict[str, str] = {}
    for version in offer.versions:
        code = version.procedure.code
        try:
            filed[code] = submit_dossier(
                applicant=applicant,
                suggestion=None if filed or faults else suggestion,
                beside=suggestion,
                version=version,
                answers=together.answers_for(code, answers),
                now=now,
                channel=way.channel,
                helped_at=way.helped_at,
                received_at=way.received_at,
                origin=way.origin,
                official=way.official,
                note=f"{way.note} {_ground(offer)}".strip()[:500],
                case=case,
            )
        except AnswersRefusedError as refused:
            faults |= together.faults_of(code, refused.faults)
    if faults:
        raise AnswersRefusedError(faults)
    if case is not None:
        _write_steps(case, offer, filed, now)
        hold_matter(case=case, now=now)
        _note_granted(case, now)
        _close_groundless(case, together, answers, now)
        tell_submitted(case=case, count=len(filed), now=now)
    return list(filed.values())


def _hold_what_all_take(owner: Party, offer: Offer, day: date) -> None:
    """Hold owner and counters before the first dossier takes one: each waits in the same order."""
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    unit = unit_of(party=owner)
    kinds = {version.definition["competent_agency"]["key"] for version in offer.versions}
    agencies = [competent_agency(kind=kind, unit=unit, day=day) for kind in kinds]
    hold_counters(agencies=agencies, day=day)


def case_of(*, suggestion: Suggestion) -> BundleCase | None:
    """Return the case that answers the suggestion and is not over without a result."""
    case = BundleCase.objects.filter(suggestion=suggestion).order_by("-pk").first()
    if case is None or outcome(children_of(steps_of(case))) is Outcome.ENDED:
        return None
    return case


def _open(
    applicant: Citizen,
    suggestion: Suggestion,
    offer: Offer,
    together: Together,
    answers: Mapping[str, str],
) -> BundleCase | None:
    bundle = suggestion.rule.bundle
    if bundle is None:
        return None
    case = BundleCase(
        bundle=bundle,
        tracking_code=secrets.token_hex(_RANDOM_BYTES),
        owner=suggestion.subject,
        applicant=applicant,
        suggestion=suggestion,
    )
    case.form = {
        code: together.answers_for(code, answers)
        for code in (version.procedure.code for version in (*offer.versions, *offer.later))
    }
    case.save(force_insert=True)
    return case


def _write_steps(
    case: BundleCase, offer: Offer, filed: Mapping[str, Dossier], now: datetime
) -> None:
    codes = [step.code for step in offer.steps]
    procedures = {one.code: one for one in Procedure.objects.filter(code__in=codes)}
    BundleStep.objects.bulk_create(
        BundleStep(
            case=case,
            position=position,
            procedure=procedures[step.code],
            after=[step.awaits] if step.awaits else [],
            is_optional=step.is_optional,
            state=_state(step),
            dossier=filed.get(step.code),
            reason=_reason(step),
            changed_at=now,
        )
        for position, step in enumerate(offer.steps, start=1)
    )


def _note_granted(case: BundleCase, now: datetime) -> None:
    """Let a dossier that was decided before the case took it up have done its step."""
    granted = case.steps.filter(dossier__status__in=(Status.DONE, Status.RETURNED))
    for step in granted.select_related("case", "procedure"):
        move_step(step=step, move=Move.GRANT, now=now)
    if granted:
        settle_case(case=case, now=now)


def _close_groundless(
    case: BundleCase, together: Together, answers: Mapping[str, str], now: datetime
) -> None:
    """Leave out at once a later step of which the family's own answers leave nothing to grant."""
    known = {field.name: field.value for field in together.form.fields if field.value}
    waiting = case.steps.filter(state=BundleStepState.WAITING).select_related("case", "procedure")
    groundless = [
        step
        for step in waiting
        if has_no_ground(
            key=step.procedure.key,
            answers=together.answers_for(step.procedure.code, {**answers, **known}),
        )
    ]
    for step in groundless:
        move_step(step=step, move=Move.CLOSE, now=now, reason=NO_GROUND)
    if groundless:  # another one may have waited for it alone
        settle_case(case=case, now=now)


def _state(step: Offered) -> BundleStepState:
    if step.is_filed:
        return BundleStepState.FILED
    return BundleStepState.WAITING if step.follows else BundleStepState.DROPPED


def _reason(step: Offered) -> str:
    if step.exemption is not None:
        return f"{EXEMPT}:{step.exemption.key}"
    return "" if step.is_filed or step.follows else NOT_CHOSEN


def _ground(offer: Offer) -> str:
    """Return for the officials why a step that others wait for is missing: the law spares it."""
    with override("vi"):
        told = [
            _("%(step)s: not needed – %(exemption)s (%(laws)s).")
            % {
                "step": step.name_vi,
                "exemption": step.exemption.name_vi,
                "laws": laws_text(step.exemption.legal_basis),
            }
            for step in offer.steps
            if step.exemption is not None
        ]
    return " ".join(told)[:500]
