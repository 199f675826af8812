"""The answer to "is this message yours?": yes or no, the office, the day, the kind of matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from citizens.models import Agency
from dossiers.documents.senders import sender_of
from notifications.models import Message
from notifications.rules.notices import Notice, NoticeKind
from notifications.rules.wording import grouped
from notifications.selectors import message_with_code
from notifications.services import genuine_notice
from portal.common import clock
from portal.web.presenters.matter_kinds import kind_of
from portal.web.templatetags.portal_format import vi_date

NOTHING = "–"


@dataclass(frozen=True)
class Checked:
    """What templates/web/parts/checked.html shows; the same rows whatever the answer is."""

    is_genuine: bool
    facts: list[tuple[str, str]]
    is_paper: bool = False


def check_code(code: str) -> Checked:
    """Look a short code up ("" where nothing like a code was typed)."""
    message = message_with_code(code) if code else None
    if message is None:
        return Checked(False, _facts(grouped(code) if code else NOTHING))
    office = sender_of(message.thread_key).name
    return Checked(True, _facts(grouped(code), office, _day_of(message), kind_of(message)))


def check_paper(text: str) -> Checked:
    """Check the signature of a paper's QR; the paper itself is looked up nowhere."""
    notice = genuine_notice(text)
    if notice is None:
        return Checked(False, _facts(NOTHING), is_paper=True)
    facts = _facts(_shown_code(notice), _office(notice), notice.day, kind_name(notice.kind))
    return Checked(True, facts, is_paper=True)


def kind_name(kind: NoticeKind) -> str:
    """Return what a signed paper is called."""
    return {NoticeKind.LETTER: _("Letter of notice"), NoticeKind.SLIP: _("Receipt slip")}[kind]


def _facts(
    code: str, office: str = NOTHING, day: date | None = None, kind: str = NOTHING
) -> list[tuple[str, str]]:
    return [
        (_("Check code"), code),
        (_("Sent by"), office),
        (_("Day"), vi_date(day) if day else NOTHING),
        (_("Kind of matter"), kind),
    ]


def _day_of(message: Message) -> date:
    return clock.civil_date(message.sent_at or message.recorded_at)


def _shown_code(notice: Notice) -> str:
    return grouped(notice.code) if notice.kind == NoticeKind.LETTER else notice.code


def _office(notice: Notice) -> str:
    """Return the name of the office; the code speaks for itself where it was closed since."""
    if not notice.agency:
        return str(settings.SITE_NAME)
    found = Agency.objects.filter(code=notice.agency).values_list("name_vi", flat=True).first()
    return found or notice.agency
