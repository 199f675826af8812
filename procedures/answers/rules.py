"""What is asked of a rule itself, whomever it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from procedures.answers.lines import Line
from procedures.answers.telling import line
from procedures.definition.rule import SCANNED
from procedures.definition.sentences import Words
from procedures.detection.shares import sharing
from procedures.enums import TriggerKind, VersionStatus
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.catalogue import rules_in_force

_KINDS = (*SCANNED, TriggerKind.CITIZEN_INTENT)


@dataclass(frozen=True, slots=True)
class InForce:
    """Which of some versions hold on a day, which of them the scan looks at, and how much was said.

    `opened` counts the day's new suggestions by rule, where there is a limit to them.
    """

    holding: frozenset[int]
    scanned: frozenset[int]
    opened: Mapping[int, int]


def in_force_on(versions: Sequence[RuleVersion], day: date) -> InForce:
    """Read the state of some versions on the civil date `day`; three queries at most.

    None but for quotas where all were read as `rules_told` of the day, with what they offer. One
    before the newest holds for those with whom the newest does not begin yet.
    """
    held = {one.pk for one in versions if one.status == VersionStatus.RELEASED and day in one.valid}
    scanned = {one.pk for one in versions if one.is_offered and one.rule.kind in _KINDS}
    if any(one.is_offered is None for one in versions):
        scanned = _scanned({version.rule_id for version in versions}, day)
    return InForce(
        frozenset(held | scanned),
        frozenset(scanned),
        _opened([one.rule_id for one in versions if one.rule.daily_quota is not None], day),
    )


def _scanned(rules: set[int], day: date) -> set[int]:
    known = rules_in_force(day=day, kinds=_KINDS).prefetch_related(None)
    offered = list(known.filter(rule__in=rules))
    serving = sharing([one for one in offered if one.rule.kind in SCANNED])
    return {one.pk for one in (*offered, *serving)}


def _opened(rules: Sequence[int], day: date) -> Mapping[int, int]:
    if not rules:
        return {}
    rows = Suggestion.objects.filter(rule__in=rules, opened_on=day).order_by()
    return dict(rows.values_list("rule").annotate(Count("pk")))


def rule_lines(version: RuleVersion, state: InForce) -> tuple[Line, ...]:
    """Return whether the rule is active, in force, offers what is, and has quota left."""
    rule, holds = version.rule, version.pk in state.holding
    lines = [
        line(
            "active",
            Words("Quy tắc đang hoạt động", "The rule is active"),
            rule.is_active,
            otherwise=Words("Quy tắc đã bị cán bộ dừng", "The rule was stopped by an official"),
        ),
        line(
            "in_force",
            Words("Phiên bản này đang có hiệu lực", "This version is in force"),
            holds,
            otherwise=Words("Phiên bản này chưa có hiệu lực", "This version is not in force"),
        ),
    ]
    if holds and rule.is_active:
        lines.append(_offered(is_offered=version.pk in state.scanned))
    if rule.daily_quota is not None:
        lines.append(_quota(rule.daily_quota, state.opened.get(version.rule_id, 0)))
    return tuple(lines)


def _offered(*, is_offered: bool) -> Line:
    return line(
        "offered",
        Words("Thủ tục được đề xuất còn hiệu lực", "What is offered is in force"),
        is_offered,
        otherwise=Words(
            "Thủ tục được đề xuất không còn hiệu lực", "What is offered is no longer in force"
        ),
    )


def _quota(quota: int, opened: int) -> Line:
    return line(
        "quota",
        Words(
            f"Trong ngày còn đề xuất được thêm (tối đa {quota} một ngày)",
            f"More may be suggested on this day (at most {quota} a day)",
        ),
        opened < quota,
        otherwise=Words(
            f"Đã đủ {quota} đề xuất trong ngày", f"The {quota} suggestions of the day are made"
        ),
        shows=str(opened),
    )
