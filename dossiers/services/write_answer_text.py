"""Words for answers, kept by an agency for its officials."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Agency, User
from dossiers.models import AnswerText
from dossiers.models.desk import LONGEST_TITLE
from dossiers.services.advance import LONGEST_NOTE
from portal.common.errors import RefusedError
from portal.common.masking import LONG_NUMBER

MOST = 40


@transaction.atomic
def write_answer_text(
    *, agency: Agency, title: str, body: str, user: User, now: datetime
) -> AnswerText:
    """Keep a text of the agency under a title, in the place of the one that had it.

    RefusedError for no words, for too many, for a number of a person, and for the 41st text.
    """
    title, body = " ".join(title.split()), " ".join(body.split())
    if not title or not body or len(title) > LONGEST_TITLE or len(body) > LONGEST_NOTE:
        raise RefusedError(_("A text needs a title (60 characters) and words (500 characters)."))
    if LONG_NUMBER.search(f"{title} {body}"):
        raise RefusedError(_("A text for many people holds no personal or telephone number."))
    Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    if agency.answer_texts.exclude(title=title).count() >= MOST:
        raise RefusedError(_("Forty texts are kept already: take one away first."))
    kept, _is_new = AnswerText.objects.update_or_create(
        agency=agency,
        title=title,
        defaults={"body": body, "written_by": user, "written_at": now},
    )
    return kept


def take_answer_text_away(*, agency: Agency, key: int) -> bool:
    """Take a text of the agency away; False where there is none (any more)."""
    deleted, _rows = AnswerText.objects.filter(agency=agency, pk=key).delete()
    return deleted > 0
