"""One press says how it was; words may follow, and both may be changed for a week."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from dossiers.selectors import is_helper
from portal.common.errors import RefusedError

CHANGEABLE_FOR = timedelta(days=7)
LONGEST_WORDS = 1000


@transaction.atomic
def rate_dossier(
    *, dossier: Dossier, citizen: Citizen, answer: str, words: str | None, now: datetime
) -> Rating:
    """Keep the answer of whose dossier it is; `words` None leaves them as they are.

    RefusedError before the result was handed over, for somebody else, for an answer that is none,
    for words that cannot be stored, and a week after the first answer.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if row.status != Status.RETURNED or not may_rate(dossier=row, citizen=citizen):
        raise RefusedError(_("You can say how it was once the result is in your hands."))
    if answer not in set(Satisfaction):
        raise RefusedError(_("Please choose one of the three answers."))
    rating = Rating.objects.filter(dossier=row).first() or Rating(dossier=row, rated_at=now)
    if rating.pk and not may_change(rating, citizen, now):
        raise RefusedError(_("An answer can be changed for seven days; yours is kept as it is."))
    rating.citizen, rating.answer = citizen, answer
    if words is not None:
        rating.words = _told(words)
    rating.save()
    return rating


def may_rate(*, dossier: Dossier, citizen: Citizen) -> bool:
    """Return whether it is theirs to say how it was: who owns it, or filed it as their own matter.

    Parents file for a child, representatives for a firm; a helper says nothing in whom they help's
    place.
    """
    is_concerned = citizen.pk in (dossier.applicant_id, dossier.owner_id)
    return is_concerned and not is_helper(dossier=dossier, reader=citizen)


def may_change(rating: Rating, citizen: Citizen, now: datetime) -> bool:
    """Return whether this person may still change what they said."""
    return rating.citizen_id == citizen.pk and now <= rating.rated_at + CHANGEABLE_FOR


def _told(words: str) -> str:
    told = unicodedata.normalize("NFC", words).replace("\r\n", "\n").strip()
    if len(told) > LONGEST_WORDS:
        most = {"count": LONGEST_WORDS}
        raise RefusedError(_("These words are longer than %(count)d characters.") % most)
    if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in told):
        raise RefusedError(_("These words contain characters that cannot be stored."))
    return told
