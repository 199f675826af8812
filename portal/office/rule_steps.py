"""What may be done to a rule and its versions: what each step asks, what it will do in numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.models import User
from notifications.enums import MessageState
from notifications.models import Message
from portal.common import clock
from portal.office.templatetags.office import grouped
from procedures.enums import RuleAction, VersionStatus
from procedures.models import Rule, RuleVersion, Suggestion
from procedures.models.catalogue import has_ended, in_force
from procedures.selectors.drafts import Drafted, planned
from procedures.selectors.rehearsals import Figures, last_rehearsal
from procedures.services import (
    release_version,
    resume_rule,
    set_quota,
    stop_rule,
    widen_version,
)
from procedures.tasks import ring_for_resumed_rules

_SHARES = ((1, gettext_lazy("1 %, to begin with")), (100, gettext_lazy("all (100 %)")))
_SHORT = forms.TextInput(attrs={"maxlength": 200})


class ReleaseForm(forms.Form):
    """From when, and to how many; `seen` is the text that was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=clock.today,
    )
    audience_percent = forms.TypedChoiceField(
        label=gettext_lazy("To whom"), choices=_SHARES, coerce=int, initial=1
    )


class StopForm(forms.Form):
    """Why it is stopped."""

    reason = forms.CharField(label=gettext_lazy("Why it is stopped"), max_length=200, widget=_SHORT)


class ResumeForm(forms.Form):
    """What was put right."""

    reason = forms.CharField(
        label=gettext_lazy("What was put right"), max_length=200, widget=_SHORT
    )


class QuotaForm(forms.Form):
    """How many a day."""

    quota = forms.IntegerField(
        label=gettext_lazy("New matters a day at most"),
        help_text=gettext_lazy("empty: no limit"),
        min_value=1,
        max_value=10_000_000,
        required=False,
    )


@dataclass(frozen=True)
class Step:
    """One button: its words, what it asks, what it will do in sentences, and what does it."""

    label: Any
    heading: Any
    tone: str
    form: type[forms.Form]
    effects: Callable[[Any], list[str]]
    take: Callable[[Any, User, dict[str, Any]], object]


def _rung(done: object) -> object:
    """Ring after a step on a rule: its own scan does not wait for the night."""
    ring_for_resumed_rules()
    return done


def _release(version: RuleVersion, by: User, given: dict[str, Any]) -> object:
    return _rung(release_version(version=version, released_by=by, now=clock.now(), **given))


def _widen(version: RuleVersion, by: User, given: dict[str, Any]) -> object:
    return _rung(widen_version(version=version, by=by, now=clock.now(), **given))


def _stop(rule: Rule, by: User, given: dict[str, Any]) -> object:
    return _rung(stop_rule(rule=rule, by=by, now=clock.now(), **given))


def _resume(rule: Rule, by: User, given: dict[str, Any]) -> object:
    return _rung(resume_rule(rule=rule, by=by, now=clock.now(), **given))


def _limit(rule: Rule, by: User, given: dict[str, Any]) -> object:
    return set_quota(rule=rule, by=by, now=clock.now(), **given)


def _of_release(version: RuleVersion) -> list[str]:
    told = _foreseen(version)
    before = _in_force(version.rule)
    if before is not None:
        told.append(
            _(
                "Version %(number)d ends on the day on which this one begins. If this one begins"
                " with a share, the other goes on for everybody else until this one is extended."
            )
            % {"number": before.number}
        )
    told += planned_in_words(version)
    told.append(
        _(
            "What waits of those to whom it speaks follows this version: what it does not concern"
            " is withdrawn. Nobody hears a stage twice."
        )
    )
    return told


def planned_in_words(version: Drafted) -> list[str]:
    """Return what becomes of versions that were released for a later day."""
    words = _(
        "Version %(number)d begins on %(day)s: until then this one holds. Released for the same"
        " day, it takes its place."
    )
    later = planned(version, day=clock.today())
    return [words % {"number": one.number, "day": f"{one.valid.lower:%d/%m/%Y}"} for one in later]


def _of_widening(version: RuleVersion) -> list[str]:
    now = _("So far it speaks to %(percent)d %% of those whom it concerns.") % {
        "percent": version.audience_percent
    }
    others = _("What waits of the others follows this version too, no longer the one before it.")
    return [
        now,
        *_foreseen(version),
        others,
        _("The share cannot be made smaller again; a stop can."),
    ]


def _foreseen(version: RuleVersion) -> list[str]:
    """Return what the last rehearsal of this definition says, for all and for one per cent."""
    run = last_rehearsal(version)
    if run is None:
        return [_("Nobody has rehearsed it as it is written. Rehearse it first.")]
    figures = Figures.from_json(run.figures)
    values = {
        "first": f"{run.first_on:%d/%m/%Y}",
        "last": f"{run.last_on:%d/%m/%Y}",
        "matters": grouped(figures.matters),
        "messages": grouped(figures.message_count),
        "cost": grouped(figures.cost_vnd),
        "few": grouped(round(figures.matters / 100)),
        "few_messages": grouped(round(figures.message_count / 100)),
    }
    return [
        _(
            "Rehearsed from %(first)s to %(last)s: for all, %(matters)s matters, %(messages)s"
            " messages, %(cost)s đ for SMS."
        )
        % values,
        _("With 1 %% of them: about %(few)s matters and %(few_messages)s messages.") % values,
    ]


def _of_stop(rule: Rule) -> list[str]:
    waiting = Suggestion.objects.filter(rule=rule.pk).waiting()
    key = Concat(Value("suggestion:"), Cast("pk", CharField()))
    threads = waiting.order_by().annotate(thread=key).values("thread")
    queued = Message.objects.filter(state=MessageState.QUEUED, thread_key__in=threads).count()
    open_now = waiting.count()
    return [
        ngettext(
            "%(count)s open suggestion is withdrawn at once.",
            "%(count)s open suggestions are withdrawn at once.",
            open_now,
        )
        % {"count": grouped(open_now)},
        ngettext(
            "%(count)s message that waits to be sent is taken back.",
            "%(count)s messages that wait to be sent are taken back.",
            queued,
        )
        % {"count": grouped(queued)},
        _("Dossiers that people have begun go on. A second official may let the rule go on."),
    ]


def _of_resuming(rule: Rule) -> list[str]:
    ended = Suggestion.objects.filter(rule=rule.pk, reason="rule_ended").count()
    return [
        ngettext(
            "%(count)s suggestion was withdrawn with the stop or before; if it still holds it is"
            " back within a minute.",
            "%(count)s suggestions were withdrawn with the stop or before; those that still hold"
            " are back within a minute.",
            ended,
        )
        % {"count": grouped(ended)},
        _("Whoever was told of a stage is not told of it again."),
    ]


def _of_limit(rule: Rule) -> list[str]:
    limit = grouped(rule.daily_quota) if rule.daily_quota else _("none")
    told = [_("The limit so far: %(limit)s.") % {"limit": limit}]
    version = _in_force(rule)
    run = last_rehearsal(version) if version else None
    if run is not None:
        weeks = Figures.from_json(run.figures).by_week(run.first_on, run.last_on)
        most = max((matters for _monday, matters, _told in weeks), default=0)
        told.append(
            _("In the fullest week of the last rehearsal there are %(most)s new matters.")
            % {"most": grouped(most)}
        )
    return [*told, _("What is left over comes on the next days, the most urgent first.")]


def _in_force(rule: Rule) -> RuleVersion | None:
    return RuleVersion.objects.filter(in_force(clock.today()), rule=rule).first()


OF_VERSION: Mapping[RuleAction, Step] = {
    RuleAction.RELEASE: Step(
        gettext_lazy("Release"), gettext_lazy("Release this version?"), "main",
        ReleaseForm, _of_release, _release,
    ),
    RuleAction.WIDEN: Step(
        gettext_lazy("Extend to all"), gettext_lazy("Extend this version to all?"), "main",
        forms.Form, _of_widening, _widen,
    ),
}  # fmt: skip
OF_RULE: Mapping[RuleAction, Step] = {
    RuleAction.RESUME: Step(
        gettext_lazy("Let it go on"), gettext_lazy("Let this rule go on?"), "main",
        ResumeForm, _of_resuming, _resume,
    ),
    RuleAction.QUOTA: Step(
        gettext_lazy("Daily limit"), gettext_lazy("How many new matters a day?"), "plain",
        QuotaForm, _of_limit, _limit,
    ),
    RuleAction.STOP: Step(
        gettext_lazy("Stop the rule"), gettext_lazy("Stop this rule now?"), "grave",
        StopForm, _of_stop, _stop,
    ),
}  # fmt: skip


def open_of_version(version: RuleVersion, day: date) -> list[RuleAction]:
    """Return what may be done to a version on `day`."""
    if version.status == VersionStatus.DRAFT:
        return [RuleAction.RELEASE]
    is_done = version.audience_percent >= 100 or has_ended(version, day)
    return [] if is_done else [RuleAction.WIDEN]


def open_of_rule(rule: Rule) -> list[RuleAction]:
    """Return what may be done to a rule now."""
    return [RuleAction.QUOTA, RuleAction.STOP if rule.is_active else RuleAction.RESUME]
