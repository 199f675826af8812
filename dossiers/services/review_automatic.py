"""The look after an automatic decision: asked for, drawn, judged, and if wrong, revoked by two."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import Role
from citizens.models import Citizen, Credential, User
from citizens.selectors import line_of, roles_of
from citizens.services import revoke_credential
from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision
from dossiers.selectors import is_own_family
from dossiers.services.tell import tell_of_decision
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError

LONGEST_NOTE = 500
REVIEWERS = frozenset({Role.CASE_OFFICER, Role.HEAD_OF_UNIT})
REVOKERS = frozenset({Role.HEAD_OF_UNIT})


def why_not_to_judge(*, decision: AutomaticDecision, user: User, day: date) -> str:
    """Return why the official may not judge the decision on `day`, "" when they may.

    Who found it wrong, and who heads no unit over the place, may not revoke it.
    """
    row = decision
    if is_own_family(dossier=row.dossier, user=user, day=day):
        return _("Nobody decides for themselves or their family.")
    is_found_wrong = row.verdict == SampleVerdict.WRONG
    if is_found_wrong and row.reviewed_by_id == user.pk:
        return _("You found it wrong. The head of the unit, another person, revokes it.")
    # Whoever oversees the unit may look, not only the agency that would have decided.
    units = line_of(row.dossier.competent.unit)
    held = {grant.role for grant in roles_of(user=user, day=day) if grant.unit_id in units}
    if held & (REVOKERS if is_found_wrong else REVIEWERS):
        return ""
    if is_found_wrong:
        return _("The head of a unit over this place revokes it, not who found it wrong.")
    return _("A case officer or the head of a unit over this place gives the verdict.")


@transaction.atomic
def ask_for_look(*, decision: AutomaticDecision, citizen: Citizen, now: datetime) -> bool:
    """Have a person look at a decision that its owner or applicant doubts; False when one does.

    What a citizen asked for does not count in the estimated error rate: it was not drawn.
    RefusedError for anybody else.
    """
    row = _locked(decision)
    if citizen.pk not in (row.dossier.owner_id, row.dossier.applicant_id):
        raise RefusedError(_("You cannot act for this person or organisation."))
    if row.asked_at is not None or row.verdict:
        return False
    row.asked_at, row.is_sampled = now, True
    _save(row, "asked_at", "is_sampled")
    return True


@transaction.atomic
def review_decision(
    *,
    decision: AutomaticDecision,
    user: User,
    version: int,
    verdict: SampleVerdict,
    note: str,
    now: datetime,
) -> AutomaticDecision:
    """Keep what an official found who looked at a sampled decision; found wrong, it needs a note.

    A verdict is not changed. StaleVersionError when somebody else judged it meanwhile;
    RefusedError when it was not sampled, or by who holds no role over the competent agency's unit
    or is family of those concerned.
    """
    row = _checked(decision, user, version, now)
    if not row.is_sampled or row.verdict:
        raise RefusedError(_("This decision does not wait for a look."))
    row.verdict, row.note = verdict, _said(note, needed=verdict is SampleVerdict.WRONG)
    row.reviewed_by, row.reviewed_at = user, now
    _save(row, "verdict", "note", "reviewed_by", "reviewed_at")
    return row


@transaction.atomic
def revoke_decision(
    *, decision: AutomaticDecision, user: User, version: int, now: datetime
) -> AutomaticDecision:
    """Revoke what another official found wrong; the paper is revoked and the citizen told why.

    The dossier stays decided, as it was: what ended is not opened again, an official handles the
    matter in a new one. Errors are those of `review_decision`; only the head of the unit revokes,
    and never their own finding.
    """
    row = _checked(decision, user, version, now)
    if row.verdict != SampleVerdict.WRONG or row.revoked_at is not None:
        raise RefusedError(_("Only what was found wrong is revoked, and once."))
    row.revoked_by, row.revoked_at = user, now
    _save(row, "revoked_by", "revoked_at")
    _revoke_paper(row, now)
    tell_of_decision(dossier=row.dossier, topic="decision_revoked", reason=row.note, now=now)
    return row


def _revoke_paper(row: AutomaticDecision, now: datetime) -> None:
    """Revoke the paper that was granted, unless a later dossier renewed its row: that one stands.

    The row is locked before it is asked, so that a renewal at the same moment is not lost.
    """
    papers = Credential.objects.select_for_update(of=("self",))
    paper = papers.filter(results__dossier=row.dossier).first()
    code = row.dossier.code
    if paper is not None and paper.details.get("dossier", code) == code:
        revoke_credential(credential=paper, reason=row.note, day=clock.civil_date(now))


def _checked(
    decision: AutomaticDecision, user: User, version: int, now: datetime
) -> AutomaticDecision:
    row = _locked(decision)
    if row.version != version:
        raise StaleVersionError(_("Somebody judged this decision meanwhile. Please look again."))
    fault = why_not_to_judge(decision=row, user=user, day=clock.civil_date(now))
    if fault:
        raise RefusedError(fault)
    return row


def _locked(decision: AutomaticDecision) -> AutomaticDecision:
    rows = AutomaticDecision.objects.select_for_update(of=("self",))
    joined = ("dossier__owner", "dossier__applicant", "dossier__competent__unit")
    return rows.select_related(*joined, "dossier__procedure_version").get(pk=decision.pk)


def _save(row: AutomaticDecision, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _said(note: str, *, needed: bool) -> str:
    words = " ".join(note.split())
    if needed and not words:
        raise RefusedError(_("Please give the reason; the citizen will read it."))
    if len(words) > LONGEST_NOTE:
        raise RefusedError(_("This is longer than %(n)d characters.") % {"n": LONGEST_NOTE})
    return words
