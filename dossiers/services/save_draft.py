"""Keep what a citizen has typed so far, without number and status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from dossiers.models import Draft
from dossiers.selectors import may_file
from dossiers.services.freeze_form import typed_answers
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Filled, prefill_form


@transaction.atomic
def save_draft(
    *,
    suggestion: Suggestion | None,
    version: ProcedureVersion,
    applicant: Citizen,
    owner: Party,
    changes: Mapping[str, str],
    now: datetime,
    fields: Iterable[Filled] | None = None,
) -> Draft:
    """Return the applicant's draft with `changes` (field names to text) laid over what it held.

    An empty text takes an answer back. What cannot be filed as it was typed is kept as it was; what
    a register already knows is not. `fields` are those of a page that asks for several procedures
    at once: its draft is the first one's, and keeps what was answered to a step that the page does
    not ask for now. RefusedError when the applicant may not act for the
    owner, or when the suggestion was answered meanwhile (a page that saves late must not bring a
    filed draft back).
    """
    day = clock.civil_date(now)
    if suggestion is not None and not _still_waits(suggestion):
        raise RefusedError(_("This was already filed or set aside."))
    key = version.procedure.key
    if not may_file(
        applicant=applicant, owner=owner, suggestion=suggestion, procedure=key, day=day
    ):
        raise RefusedError(_("You cannot act for this person or organisation."))
    draft = _locked_draft(suggestion, version, applicant, owner, now)
    if fields is None:
        fields = prefill_form(
            version=version, subject=owner, applicant=applicant, suggestion=suggestion, day=day
        ).fields
        kept: dict[str, str] = {}
    else:
        fields = list(fields)
        here = {field.name for field in fields}
        kept = {name: said for name, said in draft.form.items() if name not in here}
    draft.form = kept | typed_answers(fields=fields, answers={**draft.form, **changes})
    draft.saved_at = now
    draft.version += 1
    draft.save()
    return draft


def _still_waits(suggestion: Suggestion) -> bool:
    return Suggestion.objects.waiting().filter(pk=suggestion.pk).exists()


def _locked_draft(
    suggestion: Suggestion | None,
    version: ProcedureVersion,
    applicant: Citizen,
    owner: Party,
    now: datetime,
) -> Draft:
    """Return the draft of this matter, made when there is none; two tabs do not make two.

    One that was begun under an earlier version of the procedure goes on under this one.
    """
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    mine = Draft.objects.filter(applicant=applicant, owner=owner)
    same = mine.filter(suggestion=suggestion, procedure_version__procedure=version.procedure_id)
    found = same.order_by("-saved_at", "-pk").first()
    if found is not None:
        found.procedure_version = version
        return found
    return Draft(
        suggestion=suggestion,
        procedure_version=version,
        applicant=applicant,
        owner=owner,
        saved_at=now,
        version=0,
    )
