"""Words for the officials' pages: days, names, limits and fees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from citizens.models import Discrepancy
from citizens.selectors.readable import column_label, readable
from dossiers.exchange.reasons import reason_named
from notifications.rules.timing import quiet_until
from portal.common import clock
from portal.office.queue_way import way_along
from procedures.definition import Fee, Processing, RuleDefinition
from procedures.enums import FeeChannel, TimeUnit, WindowShape

register = template.Library()


@register.filter
def named(version: Any) -> str:
    """Return the name of a procedure's version in the language of the page."""
    english = get_language() == "en" and version.name_en
    return str(version.name_en if english else version.name_vi)


@register.filter
def exchange_reason(reason: str) -> str:
    """Return why something did not go to a partner, in the reader's words."""
    return reason_named(reason)


@register.simple_tag
def quiet_end() -> datetime | None:
    """Return until when messages to people are held back for the night, None by day."""
    return quiet_until(clock.civil_time(clock.now()))


@register.filter
def civil_day(day: date | None) -> str:
    """Return `thứ Sáu, 20/11/2026`; a dash for no date."""
    return f"{_weekday(day)}, {day:%d/%m/%Y}" if day else "–"


@register.filter
def civil_time(instant: datetime | None) -> str:
    """Return the hour and day in Viet Nam; a dash for none."""
    return f"{clock.civil_time(instant):%H:%M %d/%m/%Y}" if instant else "–"


@register.filter
def doubted(case: Discrepancy) -> str:
    """Return what a case is about."""
    return column_label(case.table, case.column)


@register.filter
def stored_text(value: str, column: str) -> str:
    """Return a stored value as people write it."""
    return readable(column, value)


@register.simple_tag(takes_context=True)
def keep(context: dict[str, Any], **changes: Any) -> str:
    """Return the query string with `changes`; None takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return str(query.urlencode())


@register.simple_tag(takes_context=True)
def along(context: RequestContext) -> str:
    """Return "?queue=…" for an address, where the page's own carries a queue; in parts too."""
    return way_along(context.request)


@register.simple_tag
def window_of(rule: RuleDefinition) -> str:
    """Return when a dossier may be filed, in a sentence."""
    days = rule.window.days or 0
    if rule.window.shape is WindowShape.NO_LATER_THAN:
        sentence = ngettext(
            "No later than %(days)d day before", "No later than %(days)d days before", days
        )
    elif rule.window.shape is WindowShape.ONLY_WITHIN:
        sentence = ngettext("Only within the last day", "Only within the last %(days)d days", days)
    else:
        return _("At any time; the reminders only recommend")
    return sentence % {"days": days}


@register.simple_tag
def limit_of(processing: Processing) -> str:
    """Return a time limit in words."""
    days = processing.days
    if processing.unit is TimeUnit.SAME_DAY:
        return _("The same day, when received before %(hour)s") % {
            "hour": f"{processing.cutoff_time:%H:%M}" if processing.cutoff_time else "–"
        }
    if days is None:
        return _("Not fixed by law")
    if processing.unit is TimeUnit.WORKING_DAY:
        return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


@register.simple_tag
def fee_of(fee: Fee, day: date) -> str:
    """Return a fee with its channel and case, marked when it does not hold on `day`."""
    parts = [f"{fee.amount_vnd:,} đ".replace(",", ".") if fee.amount_vnd else _("free of charge")]
    parts += [str(_CHANNELS[fee.channel]())] if fee.channel is not FeeChannel.ANY else []
    parts += [fee.case_vi] if fee.case_vi else []
    parts += [] if fee.holds_on(day) else [_("not in force today")]
    return " · ".join(parts)


_CHANNELS = {
    FeeChannel.DIRECT: lambda: pgettext("fee", "at the counter"),
    FeeChannel.ONLINE: lambda: pgettext("fee", "online"),
    FeeChannel.POSTAL: lambda: pgettext("fee", "by post"),
}


def _weekday(day: date) -> str:
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return names[day.weekday()]


@register.filter
def grouped(number: int | None) -> str:
    """Return a count as 1.234.567; a dash for none."""
    return "–" if number is None else f"{number:,}".replace(",", ".")


@register.filter
def per_cent(share: float | None, places: int = 1) -> str:
    """Return 92,91 % as people here write it; a dash where there is nothing to count."""
    if share is None:
        return "–"
    text = f"{share:.{places}f}"
    return (text if get_language() == "en" else text.replace(".", ",")) + " %"


@register.filter
def labelled_word(measure: Any) -> str:
    """Return what is measured, in the language of the page."""
    return str(measure.label_en if get_language() == "en" else measure.label_vi)


@register.filter
def of_word(measure: Any) -> str:
    """Return the denominator of a measure in words."""
    return str(measure.of_en if get_language() == "en" else measure.of_vi)


@register.filter
def source_name(source: str) -> str:
    """Return how a delivery is called: a file by its name; of made-up people that it is a trial."""
    return _("Trial data") if source.startswith("demo ") else source


@register.filter
def accepted_word(told: Any) -> str:
    """Return what a column accepts, in words."""
    return str(told.en if get_language() == "en" else told.vi)


@register.filter
def one_decimal(number: float) -> str:
    """Return 2,4 as people here write it."""
    text = f"{number:.1f}"
    return text if get_language() == "en" else text.replace(".", ",")
