"""Judge a sound that an official sent for everybody to hear; nothing is kept here."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from dossiers.documents.intake.receiving import Sound, receive_sound
from dossiers.documents.intake.refusals import IntakeError
from dossiers.documents.scanner import ScannerDownError, verdict_on
from dossiers.enums import ScanVerdict
from dossiers.services.sound_words import sound_sentence
from portal.common.errors import RefusedError


def take_sound(*, data: bytes, given_name: str) -> Sound:
    """Return the sound as it came, with its kind and its length.

    RefusedError, with what is wrong and what to do, for everything that browsers do not play, that
    is not whole, or that is something else too. What is to be public is scanned at once where a
    virus scanner is set up, and refused where that cannot be asked.
    """
    try:
        sound = receive_sound(data, given_name)
    except IntakeError as refused:
        raise RefusedError(sound_sentence(refused)) from refused
    if settings.CLAMD_URL:
        _scan(data)
    return sound


def _scan(data: bytes) -> None:
    try:
        verdict = verdict_on(data)
    except ScannerDownError as down:
        raise RefusedError(
            _("The virus scanner does not answer. Please send the sound again later.")
        ) from down
    if verdict != ScanVerdict.CLEAN:
        raise RefusedError(_("The virus scanner does not let this file pass."))
