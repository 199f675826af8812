"""What is asked of a rule itself, whomever it is about."""

from __future__ import annotations

from datetime import date

from procedures.answers.lines import Line
from procedures.answers.telling import line
from procedures.definition.sentences import Words
from procedures.models import RuleVersion, Suggestion
from procedures.models.catalogue import in_force


def rule_lines(version: RuleVersion, day: date, *, is_in_force: bool) -> tuple[Line, ...]:
    """Return whether the rule is active, in force, offers what is, and has quota left on `day`."""
    rule = version.rule
    holds = RuleVersion.objects.filter(in_force(day), pk=version.pk).exists()
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
        ),
    ]
    if holds and rule.is_active:
        offered = Words("Thủ tục được đề xuất còn hiệu lực", "What is offered is in force")
        lines.append(line("offered", offered, is_in_force))
    if rule.daily_quota is not None:
        lines.append(_quota(version, rule.daily_quota, day))
    return tuple(lines)


def _quota(version: RuleVersion, quota: int, day: date) -> Line:
    opened = Suggestion.objects.filter(rule=version.rule_id, opened_on=day).count()
    return line(
        "quota",
        Words(
            f"Trong ngày còn đề xuất được thêm (tối đa {quota} một ngày)",
            f"More may be suggested on this day (at most {quota} a day)",
        ),
        opened < quota,
        shows=str(opened),
    )
