"""A conversation by chat: begin a draft, take photos, say how a dossier stands, link the account.

Identity and filing stay in the portal. Without a link nothing about anybody is told; with one,
nothing is filed either. No state is kept between messages: buttons carry what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from dossiers.models import ChatAccount, Dossier
from dossiers.services.chat_matters import Choice, choices_for, open_draft, waiting_choices
from dossiers.services.keep_upload import keep_upload
from dossiers.services.link_chat import link_chat
from notifications.enums import ReplyWord
from notifications.models import InboundMessage
from notifications.rules.replies import Answer, understand
from notifications.rules.sms import unaccented
from notifications.selectors.answers import written_by
from notifications.services import ask_call_back
from notifications.services.record_inbound import keep_inbound
from portal.common.errors import RefusedError

CHANNEL = "chat"
MOST_A_DAY = 100
START, MATTERS, HUMAN = "START", "MATTERS", "HUMAN"
OPEN = "OPEN:"
_GREETINGS = {"start", "bat dau", "xin chao", "chao", "hello", "hi", "alo"}
_CALLS = {"goi", "goi toi", "goi cho toi", "goi lai", "goi lai cho toi", "call", "call me"}


@dataclass(frozen=True)
class Said:
    """One answer: words, and buttons as (label, what pressing it sends)."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Heard:
    """One message of a chat: `button` is what a pressed button carries, photos are their bytes."""

    platform: str
    account: str
    key: str
    text: str = ""
    button: str = ""
    photos: Sequence[bytes] = ()


@transaction.atomic
def answer_chat(heard: Heard, *, now: datetime) -> list[Said]:
    """Keep the message once and return the answers; nothing for one that came before."""
    kept = keep_inbound(
        channel=CHANNEL,
        key=f"{heard.platform}:{heard.key}",
        sender=f"{heard.platform}:{heard.account}",
        body=heard.text or heard.button or _("(photos)"),
    )
    if kept is None:
        return []
    today = written_by(kept.sender_index, since=now - timedelta(days=1))
    if today.count() > MOST_A_DAY:
        return []
    citizen = _linked(heard)
    if heard.photos:
        return [_photos(heard, citizen)]
    if heard.button:
        return [_pressed(heard.button, kept, citizen, now)]
    return [_words(heard, kept, citizen, now)]


def _linked(heard: Heard) -> Citizen | None:
    index = ChatAccount.index_of(heard.platform, heard.account)
    people = Citizen.objects.alive().select_related("party")
    return people.filter(
        chat_accounts__platform=heard.platform, chat_accounts__account_index=index
    ).first()


def _words(heard: Heard, kept: InboundMessage, citizen: Citizen | None, now: datetime) -> Said:
    answer = understand(heard.text)
    if answer.short_code and answer.word == ReplyWord.HELP:  # a code and nothing else
        return _link(heard, answer.short_code, now)
    plain = unaccented(heard.text).lower().strip(" .!?")
    if plain in _GREETINGS:
        return _start(citizen)
    if plain in _CALLS:
        return _human(kept, citizen)
    if answer.word == ReplyWord.STATUS:
        return _status(answer.dossier_code, citizen)
    if answer.word == ReplyWord.UNCLEAR:
        return _wanted(heard.text, kept, citizen, now)
    return _meant(answer, citizen, now)


def _meant(answer: Answer, citizen: Citizen | None, now: datetime) -> Said:
    match answer.word:
        case ReplyWord.ACCEPT:
            return _matters(citizen, now)
        case ReplyWord.STOP | ReplyWord.WRONG_NUMBER:
            return Said(_("To stop messages, please open the portal, My choices."))
        case ReplyWord.LATER:
            return Said(_("Nothing is done. You can go on at any time."))
        case _:
            return _help(citizen)


def _pressed(button: str, kept: InboundMessage, citizen: Citizen | None, now: datetime) -> Said:
    if button == MATTERS:
        return _matters(citizen, now)
    if button == HUMAN:
        return _human(kept, citizen)
    if button.startswith(OPEN):
        return _open(button.removeprefix(OPEN), citizen, now)
    return _start(citizen)


def _start(citizen: Citizen | None) -> Said:
    if citizen is None:
        return Said(
            _(
                "This is the portal’s chat. To go on, link it to your account: sign in to the "
                "portal, open My choices, make a code and send it here. Never send your personal "
                "number or a password."
            )
        )
    return Said(
        _(
            "Write what you want to do (for example: exchange a driving licence), send a dossier "
            "code to learn how it stands, or send photos of papers."
        ),
        ((_("What waits for me"), MATTERS), (_("Talk to an official"), HUMAN)),
    )


def _help(citizen: Citizen | None) -> Said:
    """Say what can be written, a line each; for whoever is not linked how to link first."""
    lines = [
        _("You can write here:"),
        _("– what you want to do, for example: exchange a driving licence;"),
        _("– a dossier code, for example H17.20-20261121-0000123: how it stands;"),
        _("– 1: what waits for you;"),
        _("– “gọi”: an official of your place calls you;"),
        _("– photos of papers (JPEG or PNG): they are kept for your dossiers."),
        _("Nothing is filed here: you do that in the portal."),
    ]
    start = _start(citizen)
    if citizen is None:
        return Said("\n".join([start.text, "", *lines]))
    return Said("\n".join(lines), start.buttons)


def _link(heard: Heard, code: str, now: datetime) -> Said:
    linked = link_chat(platform=heard.platform, account=heard.account, code=code, now=now)
    if linked is None:
        return Said(_("This code does not hold (any more). Make a new one in the portal."))
    linked_now = _("Your account is linked. You can let it go in the portal, My choices.")
    start = _start(linked)
    return Said(f"{linked_now} {start.text}", start.buttons)


def _photos(heard: Heard, citizen: Citizen | None) -> Said:
    if citizen is None:
        return _start(None)
    problems: list[str] = []
    for data in heard.photos:
        try:
            keep_upload(owner=citizen.party, data=data)
        except RefusedError as refused:
            problems += refused.reasons
    count = len(heard.photos) - len(problems)
    words = [_("Photos kept: %(n)d. Nobody sees them before they are checked.") % {"n": count}]
    return Said(" ".join([*words, *dict.fromkeys(problems)]))


def _status(code: str, citizen: Citizen | None) -> Said:
    """Tell the state to the applicant; for everybody else every code sounds alike."""
    dossier = Dossier.objects.filter(code=code, applicant=citizen).first() if citizen else None
    if dossier is None:
        return Said(_("There is nothing to tell here about this code. Please look in the portal."))
    words = _("Dossier %(code)s: %(state)s.") % {
        "code": dossier.code,
        "state": dossier.get_status_display(),
    }
    if dossier.finished_at is None and dossier.appointment_on is not None:
        due_on = f"{dossier.appointment_on:%d/%m/%Y}"
        words += " " + _("The result is due on %(day)s.") % {"day": due_on}
    return Said(words)


def _matters(citizen: Citizen | None, now: datetime) -> Said:
    if citizen is None:
        return _start(None)
    return _offered(
        waiting_choices(citizen=citizen, now=now),
        _("Which one do you want to begin?"),
        _("Nothing waits for you."),
    )


def _offered(found: Sequence[Choice], question: str, nothing: str) -> Said:
    if not found:
        return Said(nothing)
    return Said(question, tuple((one.label, f"{OPEN}{one.key}") for one in found))


def _wanted(text: str, kept: InboundMessage, citizen: Citizen | None, now: datetime) -> Said:
    """Look for what the words name; hand them to a person where nothing fits."""
    if citizen is None:
        return _start(None)
    found = choices_for(text, citizen=citizen, now=now)
    if found:
        return _offered(found, _("Do you mean one of these?"), "")
    return _human(kept, citizen)


def _human(kept: InboundMessage, citizen: Citizen | None) -> Said:
    if citizen is None:
        return _start(None)
    ask_call_back(
        inbound=kept, points=(), message=None, reason="not_understood", party=citizen.party
    )
    return Said(_("Thank you. An official of your place will call you."))


def _open(key: str, citizen: Citizen | None, now: datetime) -> Said:
    if citizen is None:
        return _start(None)
    opened = open_draft(key, citizen=citizen, now=now)
    if opened is None:
        return Said(_("This can no longer be begun. Please look in the portal."))
    words = _("A draft is begun: %(what)s. Nothing is filed. Sign in to the portal to go on")
    ending = _("; code of the draft: %(code)s.") % {"code": opened.code}
    return Said(words % {"what": opened.label} + ending)
