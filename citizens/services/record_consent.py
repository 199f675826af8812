"""Write down what a person said yes or no to, with the proof of which words were shown."""

from __future__ import annotations

from django.utils.translation import gettext as _

from citizens.definition.consent_texts import ConsentText
from citizens.enums import ConsentPurpose, ConsentSource, ContactChannel, UserKind
from citizens.models import Citizen, Consent, User
from portal.common.errors import RefusedError


def record_consent(
    *,
    citizen: Citizen,
    purpose: ConsentPurpose,
    is_given: bool,
    text: ConsentText,
    language: str,
    source: ConsentSource,
    recorded_by: User | None,
    channel: ContactChannel | None = None,
) -> Consent:
    """Return the statement, written as a further row: the latest one of purpose and channel holds.

    `text` is what was shown, in `language`; `channel` None speaks of all channels. `recorded_by` is
    who said it (the person, or whoever acts for them), or the official at the counter who wrote it
    down; None for an answer by SMS, whose writer is not proved. RefusedError where the two do not
    fit `source`. Whoever calls has checked that
    `recorded_by` may speak for the citizen (Luật 91/2025/QH15: explicit, per purpose, with proof).
    """
    is_counter = recorded_by is not None and recorded_by.kind == UserKind.OFFICIAL
    is_unproved = recorded_by is None
    if is_unproved != (source == ConsentSource.SMS) or is_counter != (
        source == ConsentSource.COUNTER
    ):
        raise RefusedError(_("An official records a statement at the counter only."))
    wording = text.in_language(language)
    shown_in = language[:2] if language[:2] in text.wordings else "vi"
    return Consent.objects.create(
        citizen=citizen,
        purpose=purpose,
        channel=channel or "",
        is_given=is_given,
        text_key=text.key,
        text_version=text.version,
        text_sha256=wording.sha256,
        language=shown_in,
        source=source,
        recorded_by=recorded_by,
    )
