"""What a person may choose: each purpose in the very words of its text, and what holds now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from citizens.definition.consent_texts import Wording, consent_texts
from citizens.enums import ConsentPurpose, ContactChannel
from citizens.models import Citizen, Consent
from citizens.models.choices import CONSENT_CHANNELS
from citizens.selectors import consents_of
from notifications.services.make_choice import STOP_BY_REQUEST

YES, NO = "yes", "no"
Key = tuple[ConsentPurpose, ContactChannel | None]
Held = Mapping[Key, Consent]
_CHANNEL_NAMES = dict(CONSENT_CHANNELS)


@dataclass(frozen=True)
class Said:
    """One statement as proof: what was said when, where, by whom, and the words then shown."""

    at: datetime
    purpose: str
    channel: str
    answer: str
    is_given: bool
    where: str
    by: str
    wording: Wording | None
    version: int
    sha256: str


@dataclass(frozen=True)
class Choice:
    """One purpose on the page: its words, how it stands, and the questions of the form."""

    key: str
    wording: Wording
    version: int
    tone: str
    state: str
    since: datetime | None
    is_by_request: bool
    question: forms.BoundField
    channels: list[forms.BoundField]
    channels_now: str


class ChoicesForm(forms.Form):
    """A question for each purpose, and for offers one a channel; nothing is ticked beforehand.

    Only what the person stated before is shown as chosen.
    """

    def __init__(self, keys: Iterable[Key], held: Held, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.keys = {name_of(key): key for key in keys}
        self.held = held
        for name, key in self.keys.items():
            stated = held.get(key)
            self.fields[name] = forms.ChoiceField(
                label=_question(key),
                choices=_answers(key[0]),
                widget=forms.RadioSelect,
                required=False,
                initial="" if stated is None else (YES if stated.is_given else NO),
            )

    def changes(self) -> list[tuple[Key, bool]]:
        """Return what a valid form says anew: repeating a statement is no further one."""
        return [
            (key, self.cleaned_data[name] == YES)
            for name, key in self.keys.items()
            if self.cleaned_data[name] and self.cleaned_data[name] != self[name].initial
        ]


def name_of(key: Key) -> str:
    """Return the name of a question in the form."""
    purpose, channel = key
    return f"{purpose}-{channel}" if channel else str(purpose)


def held_by(citizen: Citizen) -> Held:
    """Return the statements that hold, by purpose and channel (one query)."""
    return {
        (ConsentPurpose(row.purpose), ContactChannel(row.channel) if row.channel else None): row
        for row in consents_of(citizen=citizen)
    }


def keys_for(citizen: Citizen, held: Held) -> list[Key]:
    """Return what the person is asked: each purpose, and for offers each channel that is theirs."""
    theirs = {point.channel for point in citizen.party.contact_points.all()}
    theirs |= {str(channel) for purpose, channel in held if channel}
    keys: list[Key] = []
    for purpose in ConsentPurpose:
        keys.append((purpose, None))
        if purpose == ConsentPurpose.SERVICE_OFFERS:
            keys += [(purpose, channel) for channel in ContactChannel if channel in theirs]
    return keys


def was_followed(key: Key, held: Held) -> bool:
    """Return whether a purpose or channel is followed: offers until a no, others after a yes."""
    stated = held.get(key)
    return stated.is_given if stated else key[0] == ConsentPurpose.SERVICE_OFFERS


def choices(form: ChoicesForm) -> list[Choice]:
    """Return the purposes with their questions, in the order of the law's task to pure consent."""
    return [_choice(purpose, form) for purpose in ConsentPurpose]


def told(changes: Iterable[tuple[Key, bool]]) -> str:
    """Return what was recorded: "Gợi ý dịch vụ công – SMS: Không nhận · Hỏi ý kiến …: Đồng ý"."""
    return " · ".join(
        f"{_named(key)}: {dict(_answers(key[0]))[YES if given else NO]}" for key, given in changes
    )


def said(rows: Iterable[Consent], reader: Citizen) -> list[Said]:
    """Return statements in words, each with the text that it was about."""
    return [_said(row, reader) for row in rows]


def _said(row: Consent, reader: Citizen) -> Said:
    purpose = ConsentPurpose(row.purpose)
    text = consent_texts().shown(row.text_key, row.text_version)
    return Said(
        at=row.recorded_at,
        purpose=_title(purpose),
        channel=str(_CHANNEL_NAMES[row.channel]) if row.channel else "",
        answer=str(dict(_answers(purpose))[YES if row.is_given else NO]),
        is_given=row.is_given,
        where=row.get_source_display(),
        by=_by(row, reader),
        wording=text.in_language(row.language) if text else None,
        version=row.text_version,
        sha256=row.text_sha256,
    )


def _by(row: Consent, reader: Citizen) -> str:
    speaker = row.recorded_by
    if speaker is None or speaker.citizen_id == reader.pk:
        return _("by you")
    return speaker.display_name


def _choice(purpose: ConsentPurpose, form: ChoicesForm) -> Choice:
    text = consent_texts().current(purpose)
    stated = form.held.get((purpose, None))
    tone, state = _standing(purpose, stated)
    named = {name: key for name, key in form.keys.items() if key[0] == purpose and key[1]}
    now = [_question(key) for key in named.values() if was_followed(key, form.held)]
    return Choice(
        key=str(purpose),
        wording=text.in_language(get_language() or "vi"),
        version=text.version,
        tone=tone,
        state=state,
        since=stated.recorded_at if stated else None,
        is_by_request=stated is not None and stated.text_key == STOP_BY_REQUEST,
        question=form[str(purpose)],
        channels=[form[name] for name in named],
        channels_now=", ".join(now) if was_followed((purpose, None), form.held) else "",
    )


def _standing(purpose: ConsentPurpose, stated: Consent | None) -> tuple[str, str]:
    """Return tone and words for how a purpose stands."""
    if purpose == ConsentPurpose.SERVICE_OFFERS:
        if stated is None:
            return "info", _("Being sent, as a task of the State; you may stop it")
        return (
            ("ok", _("Being sent"))
            if stated.is_given
            else ("neutral", pgettext("offers", "Stopped"))
        )
    if stated is None:
        return "neutral", _("Not answered, which counts as no")
    return ("ok", _("You agreed")) if stated.is_given else ("neutral", _("You did not agree"))


def _title(purpose: ConsentPurpose) -> str:
    return consent_texts().current(purpose).in_language(get_language() or "vi").title


def _question(key: Key) -> str:
    """Return the words above two answers; those of a whole purpose stand under its heading."""
    return str(_CHANNEL_NAMES[key[1]]) if key[1] else _("Your choice")


def _named(key: Key) -> str:
    purpose, channel = key
    return f"{_title(purpose)} – {_CHANNEL_NAMES[channel]}" if channel else _title(purpose)


def _answers(purpose: ConsentPurpose) -> list[tuple[str, str]]:
    if purpose == ConsentPurpose.SERVICE_OFFERS:
        return [(YES, pgettext("offers", "Send")), (NO, pgettext("offers", "Do not send"))]
    return [(YES, _("I agree")), (NO, _("I do not agree"))]
