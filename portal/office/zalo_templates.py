"""Templates that Zalo approved: which topic goes by which, and what fills its parameters."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from notifications.enums import ZaloApproval
from notifications.models import Topic, ZaloTemplate
from notifications.rules.wording import CHECK_CODE
from notifications.rules.zalo import LIMITS
from portal.office.base import DeskAdmin
from portal.office.labels import labelled
from portal.office.register_words import in_language
from portal.office.roles import Desk

_LINE = re.compile(r"(\w+)\s*=\s*(\w+)\s*:\s*(\w+)")
_TONES = {
    ZaloApproval.PENDING.value: "info",
    ZaloApproval.APPROVED.value: "success",
    ZaloApproval.REFUSED.value: "danger",
}


class ZaloTemplateForm(forms.ModelForm[ZaloTemplate]):
    """The parameters are written one a line: name in the template = value of the topic : kind."""

    parameters = forms.CharField(
        label=_("Parameters"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    class Meta:
        model = ZaloTemplate
        fields = ("topic", "language", "template_id", "state", "parameters", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parameters" in self.fields:
            kinds = ", ".join(f"{kind} {most}" for kind, most in LIMITS.items())
            self.initial["parameters"] = _as_lines(self.instance.parameters)
            self.fields["parameters"].help_text = _(
                "One a line: name in the template = value of the topic : kind. "
                "Kinds and their most characters: %(kinds)s."
            ) % {"kinds": kinds}

    def clean_parameters(self) -> dict[str, dict[str, str]]:
        """Take the lines apart; what they may say is checked by the template itself."""
        parameters = {}
        for line in filter(None, map(str.strip, self.cleaned_data["parameters"].splitlines())):
            found = _LINE.fullmatch(line)
            if found is None:
                raise ValidationError(_("Write: name = value : kind"))
            parameters[found[1]] = {"value": found[2], "kind": found[3]}
        return parameters


@admin.register(ZaloTemplate)
class ZaloTemplateDesk(DeskAdmin):
    """A topic without an approved template goes by its next channel, without asking Zalo."""

    desk = Desk.ZALO
    is_editable = True
    form = ZaloTemplateForm
    joined = ("topic",)
    ordering = ("topic", "language")
    list_display = ("topic", "language", "template_id", "state_label", "note")
    list_display_links = ("topic",)
    list_filter = ("state", "language")
    search_fields = ("template_id", "topic__name_vi")
    fields = (("topic", "language"), ("template_id", "state"), "parameters", "values", "note")
    readonly_fields = ("values",)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """Offer every topic: they are nobody's own."""
        return super().formfield_for_foreignkey(
            db_field, request, **{"queryset": Topic.objects.all(), **kwargs}
        )

    def called(self, row: ZaloTemplate) -> str:
        """Return what it is about, and in which language."""
        topic = in_language(row.topic.name_vi, row.topic.name_en)
        return f"{topic} · {row.get_language_display()}"

    @labelled(_("state"), ordering="state", label=_TONES)
    def state_label(self, row: ZaloTemplate) -> tuple[str, Any]:
        """Return where it stands with Zalo, as a coloured word."""
        return row.state, row.get_state_display()

    @admin.display(description=_("values of the topic"))
    def values(self, row: ZaloTemplate) -> str:
        """Return what a line may name: of the row's topic, before there is one of every topic."""
        if row.topic_id:
            return ", ".join([*row.topic.params, CHECK_CODE])
        topics = Topic.objects.order_by("name_vi")
        lines = ((topic.name_vi, ", ".join([*topic.params, CHECK_CODE])) for topic in topics)
        return format_html_join("", "<div>{}: {}</div>", lines)


def _as_lines(parameters: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"{name} = {wanted['value']} : {wanted['kind']}" for name, wanted in parameters.items()
    )
