"""The answer to "is this paper yours?": its kind, number, office and day, and whether it stands."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from citizens.models import Party
from dossiers.documents.facts.frame import spelled_code
from dossiers.documents.signing import Examined, examine, known_certificates
from dossiers.models import IssuedForm
from dossiers.selectors.issued_forms import (
    Standing,
    form_with_code,
    form_with_digest,
    revoked_on,
    standing_of,
)
from dossiers.services.issue_form import ALPHABET, CODE_LENGTH
from portal.common import clock
from portal.web.presenters.calendar_file import initials
from portal.web.templatetags.portal_format import vi_date

_CODE = re.compile(rf"[{ALPHABET}]{{{CODE_LENGTH}}}", re.ASCII)


class Answer(StrEnum):
    """What became of a check."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    REVOKED = "revoked"
    ENDED = "ended"
    UNKNOWN = "unknown"  # no paper has this code
    ALTERED = "altered"  # a file that was signed by us and then changed
    SIGNED = "signed"  # whole and signed by us, but not kept here
    FOREIGN = "foreign"  # a file that is none of ours


@dataclass(frozen=True)
class CheckedForm:
    """What templates/web/parts/checked_form.html shows."""

    answer: Answer
    facts: list[tuple[str, str]] = field(default_factory=list)
    is_file: bool = False


_STANDING = {
    Standing.STANDS: Answer.GENUINE,
    Standing.REPLACED: Answer.REPLACED,
    Standing.REVOKED: Answer.REVOKED,
    Standing.ENDED: Answer.ENDED,
}
_EXAMINED = {
    Examined.WHOLE: Answer.SIGNED,
    Examined.BROKEN: Answer.ALTERED,
    Examined.FOREIGN: Answer.FOREIGN,
    Examined.NONE: Answer.FOREIGN,
}


def form_code(typed: str) -> str:
    """Return the code of a paper that somebody typed or pasted, "" where there is none."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    found = _CODE.fullmatch("".join(char for char in plain if char.isalnum()))
    return found[0] if found else ""


def check_form(code: str) -> CheckedForm:
    """Look a paper's code up."""
    form = form_with_code(code)
    if form is None:
        return CheckedForm(Answer.UNKNOWN, [(_("Check code"), spelled_code(code))])
    return _known(form)


def check_file(data: bytes) -> CheckedForm:
    """Compare a file with those that were issued; where it is none of them, look at its seal.

    Nothing of the file is kept.
    """
    form = form_with_digest(hashlib.sha256(data).hexdigest())
    if form is not None:
        return _known(form, is_file=True)
    verdict = examine(data, certificates=known_certificates())
    return CheckedForm(_EXAMINED[verdict], is_file=True)


def _known(form: IssuedForm, *, is_file: bool = False) -> CheckedForm:
    document = form.document
    day = document.issued_on or clock.civil_date(form.issued_at)
    revoked = revoked_on(form)
    facts = [
        (_("Kind of paper"), document.title_vi or form.get_kind_display()),
        (_("Number"), document.number),
        (_("Issued by"), document.issuer),
        (_("Day"), vi_date(day)),
        (_("Revoked on"), vi_date(revoked) if revoked else ""),
        (_("Made out to"), _initials(document.owner)),
        (_("Check code"), spelled_code(form.verify_code)),
    ]
    answer = _STANDING[standing_of(form, now=clock.now())]
    return CheckedForm(answer, [fact for fact in facts if fact[1]], is_file=is_file)


def _initials(party: Party) -> str:
    """Return the initials alone: enough to compare with the paper, too little to learn a name."""
    return initials(party)
