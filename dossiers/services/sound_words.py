"""What is said where a sound is not taken: what is wrong, where, and what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dossiers.documents.intake.receiving import LARGEST
from dossiers.documents.intake.refusals import IntakeError, Reason
from dossiers.documents.intake.sounds import LONGEST, SHORTEST
from dossiers.services.intake_words import sentence_for


def sound_sentence(refused: IntakeError) -> str:
    """Return the sentence for an official in the language of the page."""
    if refused.reason == Reason.DAMAGED and refused.at is not None:
        at = {"at": f"{refused.at // 60}:{refused.at % 60:02d}"}
        return _("The sound is damaged or breaks off at %(at)s. Please export it again.") % at
    told = {
        Reason.TOO_LARGE: _(
            "The sound is larger than %(n)d MB. Please export it with a lower bit rate: 64 kbit/s "
            "is enough for speech."
        )
        % {"n": LARGEST // 1_000_000},
        Reason.ENDING: _("The name must end in .mp3, .ogg, .opus or .m4a."),
        Reason.OTHER_ENDING: _(
            "The name of this file says one kind, its content is another. Please export it again "
            "as MP3, Ogg Opus or M4A."
        ),
        Reason.SOUND_KIND: _(
            "This is no sound that browsers play. Please export it as MP3, Ogg Opus or M4A (AAC)."
        ),
        Reason.SOUND_CODING: _(
            "The sound inside this file is coded in a way that not every phone plays. Please "
            "export it as MP3, Ogg Opus or M4A (AAC)."
        ),
        Reason.SOUND_PICTURES: _(
            "This file holds moving pictures or a second track. Please export one track of sound."
        ),
        Reason.TOO_SHORT: _("The sound is shorter than %(n)d seconds.") % {"n": SHORTEST},
        Reason.TOO_LONG: _("The sound is longer than %(n)d minutes. Please make two programmes.")
        % {"n": LONGEST // 60},
        Reason.MIXED: _(
            "This file is a sound and another file in one. Please export it again, without cover "
            "picture and tags."
        ),
        Reason.DAMAGED: _("The sound is damaged or was not sent whole. Please export it again."),
        Reason.TOO_COMPLEX: _("The sound is too complicated to be checked. Please export it anew."),
    }
    return told.get(refused.reason) or sentence_for(refused.reason)
