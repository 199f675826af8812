"""Words for times at the counter."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def minutes(seconds: float | None) -> str:
    """Return 750 as "12,5 phút" in the language of the page, a dash for nothing."""
    if seconds is None:
        return "–"
    return _("%(n)s min") % {"n": number_format(seconds / 60, decimal_pos=1)}
