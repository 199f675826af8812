"""What is said where a file is not taken: what it is, and what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dossiers.documents.intake.receiving import LARGEST
from dossiers.documents.intake.refusals import Reason


def sentence_for(reason: Reason) -> str:
    """Return the sentence for a person in the language of the page."""
    return {
        Reason.EMPTY: _("This file is empty. Please choose it again."),
        Reason.TOO_LARGE: _(
            "This file is larger than %(n)d MB. Please take a photo of the paper instead, or save "
            "it with a lower resolution."
        )
        % {"n": LARGEST // 1_000_000},
        Reason.NAME: _(
            "The name of this file contains characters that can hide what it is. Please give it a "
            "plain name and choose it again."
        ),
        Reason.NAME_TOO_LONG: _(
            "The name of this file is too long. Please give it a shorter one and choose it again."
        ),
        Reason.ENDING: _(
            "Files with this ending cannot be taken. Please send a photo (JPEG or PNG) or a PDF."
        ),
        Reason.OTHER_ENDING: _(
            "The name of this file says one kind, its content is another. Please save it again as "
            "a photo (JPEG or PNG) or a PDF."
        ),
        Reason.HEIC: _(
            "This is a HEIC photo, which the office cannot open. On an iPhone choose Settings › "
            "Camera › Formats › Most Compatible and take it again, or send a screenshot of it."
        ),
        Reason.OFFICE: _(
            "Word, Excel and archive files cannot be taken, because they can carry programs. "
            "Please save the file as a PDF and send that."
        ),
        Reason.PICTURE_KIND: _(
            "This kind of picture cannot be taken. Please save it as JPEG or PNG and send that."
        ),
        Reason.KIND: _("Only photos (JPEG or PNG) and PDF files can be taken."),
        Reason.MIXED: _(
            "This file is two files in one, which can carry a program. Please print the paper to "
            "PDF again, or take a photo of it."
        ),
        Reason.DAMAGED: _(
            "This file is damaged or was not sent whole. Please choose it again, or take a photo "
            "of the paper."
        ),
        Reason.TOO_MANY_PIXELS: _(
            "This picture has far more dots than a scan needs. Please take it again with a lower "
            "resolution."
        ),
        Reason.TOO_COMPLEX: _(
            "This file is too large or too complicated to be checked. Please print the paper to "
            "PDF again, or take photos of its pages."
        ),
        Reason.ENCRYPTED: _(
            "This PDF is locked with a password. Please save it without one and send it again."
        ),
        Reason.ACTIVE: _(
            "This PDF contains a program or an action. Please print it to PDF again, or take a "
            "photo of the paper."
        ),
        Reason.ATTACHMENT: _(
            "This PDF contains other files. Please print it to PDF again and send each paper by "
            "itself."
        ),
        Reason.XFA: _(
            "This PDF is a form that only one program can open. Please print it to PDF and send "
            "that."
        ),
    }[reason]
