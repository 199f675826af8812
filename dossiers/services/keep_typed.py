"""What a person types for a step of a case is kept with the case until the step is filed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep
from dossiers.selectors.bundles import cases_of
from dossiers.services.freeze_form import typed_answers
from dossiers.services.locks import locked_case
from portal.common.errors import RefusedError
from procedures.prefill import Filled

TYPED = ":typed"
"""After a procedure's code in a case's form, where the code alone holds what is filed."""


def typed_for(*, case: BundleCase, step: BundleStep) -> dict[str, str]:
    """Return what was typed for this step and not filed."""
    return dict(case.form.get(_key(step), {}))


@transaction.atomic
def keep_typed(
    *, step: BundleStep, citizen: Citizen, fields: Iterable[Filled], changes: Mapping[str, str]
) -> None:
    """Keep `changes` over what was typed before, acceptable or not, as a draft does.

    RefusedError where the case is not this person's, or the step no longer waits for answers.
    """
    if not cases_of(citizen=citizen).filter(pk=step.case_id).exists():
        raise RefusedError(_("You cannot act for this person or organisation."))
    case = locked_case(step.case)
    if BundleStep.objects.get(pk=step.pk).state != BundleStepState.READY:
        raise RefusedError(_("This step cannot be changed that way any more."))
    typed = {**typed_for(case=case, step=step), **changes}
    case.form = {**case.form, _key(step): typed_answers(fields=fields, answers=typed)}
    case.save(update_fields=["form_enc"])


def _key(step: BundleStep) -> str:
    return f"{step.procedure.code}{TYPED}"
