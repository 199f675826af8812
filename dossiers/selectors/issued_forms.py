"""Reads of papers that were made: whose, which stand, and which could not be made."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from citizens.enums import CredentialStatus
from citizens.models import Agency, Citizen, Credential
from dossiers.enums import FormKind, FormOrderState
from dossiers.models import Dossier, FormOrder, IssuedForm
from dossiers.selectors.dossiers import is_helper
from dossiers.selectors.papers import kept_back
from portal.common import clock

# The office's own: not handed to people.
INTERNAL = (FormKind.CONTROL, FormKind.LOG)
# For the eyes of whom the dossier is about, and of those who act for them.
OF_THE_OWNER = (FormKind.RESULT, FormKind.CONGRATULATION, FormKind.CONDOLENCE)
_SEALS_AS = ("received_at", "competent")
_READ = (
    "document",
    "dossier__competent",
    "dossier__applicant",
    "dossier__owner__citizen",
    "dossier__automatic_decision",
    "dossier__result__credential",
)


class Standing(StrEnum):
    """What an issued paper is worth now."""

    STANDS = "stands"
    REPLACED = "replaced"  # a newer one of the same dossier and kind was made
    REVOKED = "revoked"
    ENDED = "ended"  # the paper that was granted has been renewed or has run out


def forms_for_people(
    *, dossier: Dossier, reader: Citizen, is_helping: bool | None = None
) -> QuerySet[IssuedForm]:
    """Return what came out of a dossier for whoever reads it there, newest first.

    Whoever filed it as a helper gets neither the result nor the letter that goes with it. A result
    whose fee is still to be paid is nobody's yet. `is_helping` is `is_helper`, where it is known.
    """
    standing = IssuedForm.objects.filter(dossier=dossier, document__removed_at=None)
    if is_helping is None:
        is_helping = is_helper(dossier=dossier, reader=reader)
    hidden = INTERNAL + (OF_THE_OWNER if is_helping else ())
    made = standing.exclude(kept_back("document"))
    return made.exclude(kind__in=hidden).select_related("document").order_by("-pk")


def waiting_forms(*, dossier: Dossier) -> QuerySet[FormOrder]:
    """Return the papers that are still to be made."""
    return FormOrder.objects.filter(dossier=dossier).exclude(state=FormOrderState.MADE)


def form_with_code(code: str) -> IssuedForm | None:
    """Return the paper that carries a code, None where there is none."""
    return IssuedForm.objects.filter(verify_code=code).select_related(*_READ).first()


def form_with_digest(sha256: str) -> IssuedForm | None:
    """Return the paper whose file has exactly these bytes, None where there is none."""
    return IssuedForm.objects.filter(document__sha256=sha256).select_related(*_READ).first()


def standing_of(form: IssuedForm, *, now: datetime) -> Standing:
    """Return whether a paper still stands at `now`."""
    if revoked_on(form) is not None:
        return Standing.REVOKED
    if form.kind == FormKind.RESULT:
        return _standing_of_result(form, now)
    newer = IssuedForm.objects.filter(dossier=form.dossier_id, kind=form.kind, pk__gt=form.pk)
    return Standing.REPLACED if newer.exists() else Standing.STANDS


def revoked_on(form: IssuedForm) -> date | None:
    """Return the civil day from which a paper is revoked, None for one that is not.

    With an automatic decision its result and its letter are; with a paper of a register its result.
    """
    decision = getattr(form.dossier, "automatic_decision", None)
    if form.kind in OF_THE_OWNER and decision is not None and decision.revoked_at is not None:
        return clock.civil_date(decision.revoked_at)
    paper = _granted(form) if form.kind == FormKind.RESULT else None
    if paper is None or paper.status != CredentialStatus.REVOKED:
        return None
    told = paper.details.get("revoked_on")
    return date.fromisoformat(told) if told else paper.as_of


def _granted(form: IssuedForm) -> Credential | None:
    result = getattr(form.dossier, "result", None)
    return result.credential if result else None


def _standing_of_result(form: IssuedForm, now: datetime) -> Standing:
    paper = _granted(form)
    if paper is None:
        return Standing.STANDS
    if paper.status != CredentialStatus.VALID or _was_renewed(form, paper.details):
        return Standing.ENDED
    has_run_out = paper.expires_on is not None and paper.expires_on < clock.civil_date(now)
    return Standing.ENDED if has_run_out else Standing.STANDS


def _was_renewed(form: IssuedForm, details: dict[str, str]) -> bool:
    """Tell whether the register's paper names another dossier than this one as its source."""
    source = details.get("dossier")
    return source is not None and source != form.dossier.code


def parked_orders() -> QuerySet[FormOrder]:
    """Return the papers that cannot be made without somebody's help, oldest first."""
    return FormOrder.objects.filter(state=FormOrderState.PARKED).order_by("pk")


def oldest_waiting_form_at(now: datetime) -> datetime | None:
    """Return since when the oldest due paper waits, None where none does."""
    open_now = FormOrder.objects.filter(
        state__in=(FormOrderState.WAITING, FormOrderState.MAKING), event__happened_at__lte=now
    )
    return open_now.order_by("recorded_at").values_list("recorded_at", flat=True).first()


def offices_that_seal() -> QuerySet[Agency]:
    """Return the agencies whose papers are sealed: that receive or decide some dossier."""
    mine = (Dossier.objects.filter(**{as_what: OuterRef("pk")}) for as_what in _SEALS_AS)
    received, decided = map(Exists, mine)
    return Agency.objects.filter(received | decided).order_by("pk")
