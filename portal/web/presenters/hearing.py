"""In which language, at which hours and about what somebody is told: questions and their words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from citizens.models import User
from citizens.models.accounts import FIRST_HOUR, LAST_HOUR
from notifications.models import Topic
from portal.web.presenters.language import either

YES, NO = "yes", "no"
# Each in its own words: whoever reads only one of them finds it.
LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
_ALL_DAY = LAST_HOUR - FIRST_HOUR
_SPANS = ((FIRST_HOUR, LAST_HOUR), (8, 20), (8, 17), (17, LAST_HOUR))


def span_of(user: User) -> str:
    """Return the hours of somebody as the form names them: "7-21"."""
    return f"{user.heard_from}-{user.heard_until}"


class HearingForm(forms.Form):
    """The language of messages and the hours at which they may come."""

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        now = {"language": user.language, "hours": span_of(user)}
        super().__init__(data, initial=now)
        spans = dict.fromkeys([*_SPANS, (user.heard_from, user.heard_until)])
        hours = [(f"{first}-{last}", _told_span(first, last)) for first, last in spans]
        self.fields["language"] = _radio(_("Language of messages"), LANGUAGES)
        self.fields["hours"] = _radio(_("Messages may come"), hours)

    def span(self) -> tuple[int, int]:
        """Return the hours that a valid form says."""
        first, last = self.cleaned_data["hours"].split("-")
        return int(first), int(last)

    def told(self) -> str:
        """Return in words what a valid form says."""
        language = dict(LANGUAGES)[self.cleaned_data["language"]]
        return f"{language} · {_told_span(*self.span())}"


def _radio(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _told_span(first: int, last: int) -> str:
    hours = _("from %(first)d to %(last)d o’clock") % {"first": first, "last": last}
    return _("%(hours)s (all day)") % {"hours": hours} if last - first == _ALL_DAY else hours


class OffersForm(forms.Form):
    """One question for each kind of offer: whether it comes. What was stopped is shown as such."""

    def __init__(
        self, kinds: Iterable[Topic], off: Collection[str], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.off = off
        for kind in kinds:
            self.fields[kind.key] = forms.ChoiceField(
                label=either(kind.name_vi, kind.name_en),
                choices=[
                    (YES, pgettext("offers", "Send")),
                    (NO, pgettext("offers", "Do not send")),
                ],
                widget=forms.RadioSelect,
                initial=NO if kind.key in off else YES,
            )

    def changes(self) -> dict[str, bool]:
        """Return by topic what a valid form lets come again or stops."""
        return {
            key: answer == YES
            for key, answer in self.cleaned_data.items()
            if (answer == NO) != (key in self.off)
        }

    def told(self) -> str:
        """Return in words what a valid form changes."""
        answers = {True: pgettext("offers", "Send"), False: pgettext("offers", "Do not send")}
        return " · ".join(
            f"{self.fields[key].label}: {answers[comes]}" for key, comes in self.changes().items()
        )
