"""One press files the dossiers of a bundle that need not wait for one another; all or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from citizens.models import Citizen
from dossiers.models import BundleCase, Dossier
from dossiers.services.freeze_form import AnswersRefusedError
from dossiers.services.submit_dossier import submit_dossier
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Together

_RANDOM_BYTES = 12  # a tracking code is guessed by nobody


@transaction.atomic
def submit_together(
    *,
    applicant: Citizen,
    suggestion: Suggestion,
    versions: Sequence[ProcedureVersion],
    together: Together,
    answers: Mapping[str, str],
    now: datetime,
) -> list[Dossier]:
    """File and return a dossier for each of `versions`; the first one answers the suggestion.

    `answers` are those of the common form `together`. Several dossiers are linked by one
    `BundleCase`; a second press returns what was filed. The errors are those of `submit_dossier`,
    AnswersRefusedError with the names of the common form, for all dossiers at once.
    """
    filed: list[Dossier] = []
    faults: dict[str, str] = {}
    for version in versions:
        code = version.procedure.code
        try:
            filed.append(
                submit_dossier(
                    applicant=applicant,
                    suggestion=None if filed or faults else suggestion,
                    beside=suggestion,
                    version=version,
                    answers=together.answers_for(code, answers),
                    now=now,
                )
            )
        except AnswersRefusedError as refused:
            faults |= together.faults_of(code, refused.faults)
    if faults:
        raise AnswersRefusedError(faults)
    _link(filed, suggestion)
    return filed


def _link(filed: Sequence[Dossier], suggestion: Suggestion) -> None:
    """Link several dossiers of one bundle, with those of an earlier press where there are any."""
    bundle = suggestion.rule.bundle
    if bundle is None or len(filed) < 2:
        return
    known = next((one.bundle_case for one in filed if one.bundle_case is not None), None)
    case = known or BundleCase.objects.create(
        bundle=bundle,
        tracking_code=secrets.token_hex(_RANDOM_BYTES),
        owner=filed[0].owner,
    )
    for dossier in filed:
        if dossier.bundle_case_id is None:
            dossier.bundle_case = case
            dossier.save(update_fields=["bundle_case"])
