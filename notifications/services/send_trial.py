"""An official sends themselves a text that is tried out: to their own verified address only."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import ContactPoint, User
from notifications.enums import Channel
from notifications.models import Message, TextVersion
from notifications.rules.facts import VERIFIED_FOR
from notifications.rules.samples import sample_values
from notifications.rules.sms import as_sent
from notifications.rules.wording import fill
from notifications.rules.wordings import TRIAL_TOPIC, Place, serving
from notifications.selectors.text_versions import wordings_of
from notifications.services.enqueue import enqueue
from portal.common.errors import RefusedError

MARK = "[THU] "


@transaction.atomic
def send_trial(
    *,
    version: TextVersion,
    to: ContactPoint,
    by: User,
    now: datetime,
    language: str = "vi",
    is_neutral: bool = False,
) -> Message | None:
    """Put a version's words for the channel of `to`, with sample values, into the outbox.

    They begin with MARK and carry a check code that is no message's. RefusedError unless `to` is an
    address of the official's own account that was verified within twelve months, or where the
    version says nothing on that channel.
    """
    if to.user_id != by.pk:
        raise RefusedError(_("A trial goes to your own verified address only."))
    if to.verified_at is None or now - to.verified_at >= VERIFIED_FOR:
        raise RefusedError(_("This address was not verified within twelve months."))
    said = _said(version, Place(to.channel, language, is_neutral))
    if said is None:
        raise RefusedError(_("This version says nothing there."))
    return enqueue(
        topic=TRIAL_TOPIC,
        params={"said": f"{MARK}{said}"},
        dedupe_key=f"text-trial:{version.pk}:{uuid4().hex}",
        due_at=now,
        user=by,
        contact_point=to,
    )


def _said(version: TextVersion, wanted: Place) -> str | None:
    wordings = wordings_of(version)
    place = serving(wordings, wanted)
    if place is None:
        return None
    values = sample_values(version.topic.params)
    wording = wordings[place]
    subject, body = (fill(text, values, language=place.language) for text in wording)
    if place.channel == Channel.SMS:
        return as_sent(body, wording=wording.body)
    return f"{subject}: {body}" if subject else body
