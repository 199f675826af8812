"""A unit disputes a lateness with evidence; another official decides; both figures stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import DelayKind, DisputeState
from dossiers.models import Dispute, Document, Dossier
from dossiers.selectors import may_judge, may_speak_for, standing_clock_of
from dossiers.services.keep_upload import Scan, keep_upload
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError

LONGEST_WORDS, LONGEST_NOTE = 1000, 500
DISPUTED_KINDS = (DelayKind.OTHER_AGENCY, DelayKind.SYSTEM, DelayKind.CITIZEN)


@dataclass(frozen=True)
class Grounds:
    """What the unit says: whose the days are, how many, why, and by what evidence."""

    kind: DelayKind
    days: int
    words: str
    evidence_note: str = ""
    file: bytes | None = None
    file_name: str = ""


@transaction.atomic
def raise_dispute(*, dossier: Dossier, user: User, grounds: Grounds, now: datetime) -> Dispute:
    """Open a dispute of the dossier's lateness; the raw count stays what it is.

    RefusedError for who may not speak for the unit, for a dossier in time, more days than remain
    late, no grounds or no evidence, a file that is not taken, and while another dispute is open.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    day = clock.civil_date(now)
    if not may_speak_for(dossier=row, user=user, day=day):
        raise RefusedError(_("Only an official of the unit that decides may say this."))
    _check_grounds(grounds, standing_clock_of(dossier=row, day=day).late.corrected)
    if row.disputes.filter(state=DisputeState.OPEN).exists():
        raise RefusedError(_("A dispute of this dossier is open already."))
    return Dispute.objects.create(
        dossier=row,
        kind=grounds.kind,
        claimed_days=grounds.days,
        grounds=grounds.words.strip(),
        evidence=_kept(row, grounds, user, now),
        evidence_note=grounds.evidence_note.strip(),
        raised_by=user,
        raised_at=now,
    )


def decide_dispute(
    *, dispute: Dispute, user: User, version: int, granted_days: int, answer: str, now: datetime
) -> Dispute:
    """Decide a dispute: granted days correct the second figure, none rejects the dispute.

    StaleVersionError when somebody decided meanwhile. RefusedError for the raiser, for who worked
    on the dossier or is family, for who leads neither the unit nor one above it, for more days
    than claimed, and without an answer.
    """
    try:
        with transaction.atomic():
            return _decided(dispute, user, version, granted_days, answer, now)
    except IntegrityError as error:  # the constraint has the last word
        raise RefusedError(_("Another official must decide this dispute.")) from error


def _decided(
    dispute: Dispute, user: User, version: int, granted_days: int, answer: str, now: datetime
) -> Dispute:
    row = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    if row.version != version or row.state != DisputeState.OPEN:
        raise StaleVersionError(_("This dispute was decided meanwhile."))
    if not may_judge(dispute=row, user=user, day=clock.civil_date(now)):
        raise RefusedError(
            _("Who raised a dispute, worked on the dossier or is family does not decide it.")
        )
    if not 0 <= granted_days <= row.claimed_days:
        most = {"most": row.claimed_days}
        raise RefusedError(_("Between 0 and %(most)d working days can be granted.") % most)
    words = answer.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise RefusedError(_("Please give the reasons of your decision."))
    row.state = DisputeState.UPHELD if granted_days else DisputeState.REJECTED
    row.excused_days, row.answer = granted_days, words
    row.decided_by, row.decided_at = user, now
    row.version += 1
    row.save()
    return row


def _check_grounds(grounds: Grounds, late: int) -> None:
    if not late:
        raise RefusedError(_("No late day is left that could be disputed."))
    if grounds.kind not in DISPUTED_KINDS:
        raise RefusedError(_("Please say whose the days are: not the unit's own."))
    if not 1 <= grounds.days <= late:
        raise RefusedError(
            _("Between 1 and %(most)d working days can be claimed.") % {"most": late}
        )
    words = grounds.words.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise RefusedError(_("Please give your grounds."))
    note = grounds.evidence_note.strip()
    if len(note) > LONGEST_NOTE or not (note or grounds.file):
        raise RefusedError(
            _("A dispute needs evidence: a file, or where it can be seen (log, letter, number).")
        )


def _kept(dossier: Dossier, grounds: Grounds, user: User, now: datetime) -> Document | None:
    """Keep the file beside the dossier, out of the citizen's own repository of papers."""
    if not grounds.file:
        return None
    owner = dossier.owner
    theirs = set(Document.objects.filter(owner=owner).values_list("pk", flat=True))
    document = keep_upload(
        owner=owner,
        data=grounds.file,
        given_name=grounds.file_name,
        title_vi="Chứng cứ chậm hạn",
        scan=Scan(official=user.official),
    )
    if document.pk not in theirs:
        document.removed_at = now
        document.save(update_fields=["removed_at"])
    return document
