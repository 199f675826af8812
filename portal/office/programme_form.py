"""The form of an audio programme: its words, its period, what it is about, and its sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.office.register_words import in_language
from procedures.definition import Problem
from procedures.definition.programme import LONGEST_SUMMARY, LONGEST_TITLE, ProgrammeWords
from procedures.definition.transcript import LONGEST
from procedures.models import Programme
from procedures.selectors import index_of, versions_in_force
from procedures.selectors.programmes import words_of

ACCEPTED = ".mp3,.ogg,.opus,.m4a,audio/mpeg,audio/ogg,audio/mp4"
_LISTS = ("events", "procedures")
_EVENTS = {
    "yearly": gettext_lazy("School and yearly reviews"),
    "age": gettext_lazy("A birthday that counts"),
    "marriage": gettext_lazy("Marriage"),
    "moving": gettext_lazy("Moving house"),
    "expiry": gettext_lazy("A paper runs out"),
    "lost": gettext_lazy("A paper is lost or damaged"),
    "own": gettext_lazy("Copies, companies and other wishes"),
}


def _text(label: Any, *, longest: int, rows: int = 0, help_text: Any = "") -> forms.CharField:
    """Return a field of words; what is missing or wrong is for the service to say."""
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=widget, help_text=help_text
    )


class ProgrammeForm(forms.Form):
    """What an editor fills in; a programme that has sound may keep it."""

    title_vi = _text(gettext_lazy("Name of the programme"), longest=LONGEST_TITLE)
    title_en = _text(gettext_lazy("Title (English)"), longest=LONGEST_TITLE)
    summary_vi = _text(gettext_lazy("Summary"), longest=LONGEST_SUMMARY, rows=2)
    summary_en = _text(gettext_lazy("Summary (English)"), longest=LONGEST_SUMMARY, rows=2)
    sound = forms.FileField(
        label=gettext_lazy("Sound (MP3, Ogg Opus or M4A; 5 seconds to 30 minutes, 10 MB)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
    )
    transcript_vi = _text(
        gettext_lazy("Transcript"),
        longest=2 * LONGEST,
        rows=14,
        help_text=gettext_lazy(
            "A blank line between paragraphs. “# ” begins a heading. “[1:05] Name: ” says when a "
            "paragraph is heard and who speaks."
        ),
    )
    transcript_en = _text(
        gettext_lazy("Transcript (English), may be empty"), longest=2 * LONGEST, rows=8
    )
    from_on = forms.DateField(
        label=gettext_lazy("Heard from"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    until_on = forms.DateField(
        label=gettext_lazy("Last day (empty: no end)"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What in life it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Procedures it is about (several with Ctrl)"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is in force today."""
        super().__init__(*args, **kwargs)
        day = clock.today()
        fields: dict[str, Any] = self.fields
        fields["events"].choices = _events()
        fields["procedures"].choices = [
            (one.procedure.key, in_language(one.name_vi, one.name_en))
            for one in versions_in_force(day=day)
        ]

    @classmethod
    def of(cls, programme: Programme | None) -> ProgrammeForm:
        """Return the form of what is stored, or an empty one from today on."""
        if programme is None:
            return cls(initial={"from_on": clock.today()})
        words = words_of(programme)
        return cls(initial=vars(words) | {name: list(getattr(words, name)) for name in _LISTS})

    def words(self) -> ProgrammeWords:
        """Return what a valid form says."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "sound"}
        for name in ("transcript_vi", "transcript_en"):
            said[name] = said[name].replace("\r\n", "\n").strip()
        for name in ("summary_vi", "summary_en"):
            said[name] = " ".join(said[name].split())
        return ProgrammeWords(**said | {name: tuple(said[name]) for name in _LISTS})

    def tell(self, problems: Iterable[Problem]) -> None:
        """Put what a service refused beside the fields at fault, with its line."""
        for one in problems:
            self.add_error(one.path, told(one))


def told(problem: Problem) -> str:
    """Return a problem in the language of the page, with its line where it has one."""
    why = in_language(problem.vi, problem.en)
    if problem.line is None:
        return why
    return _("Line %(n)d: %(why)s") % {"n": problem.line, "why": why}


def _events() -> list[tuple[str, str]]:
    """Return what happens in life and leads to procedures in force: key and name."""
    index = index_of(day=clock.today())
    keys = {key: "" for one in index.entries for key in one.occasions}
    for key in keys:
        bundle = index.bundles.get(key)
        name = in_language(bundle.name_vi, bundle.name_en) if bundle else str(_EVENTS.get(key, key))
        keys[key] = name
    return sorted(keys.items(), key=lambda pair: pair[1])
