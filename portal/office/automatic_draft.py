"""Writing a draft in which a procedure decides by itself; a second official releases it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.rule_release import Door
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from procedures.definition import DefinitionError
from procedures.definition.automatic import LEAST_PERCENT, OLDEST_DAYS
from procedures.models import Procedure, ProcedureVersion
from procedures.services.write_automatic_draft import write_automatic_draft

_REFUSED = 422


class AutomaticForm(forms.Form):
    """The three numbers of a version that decides by itself."""

    max_age_days = forms.IntegerField(
        label=gettext_lazy("Facts of registers at most … days old"),
        min_value=1,
        max_value=OLDEST_DAYS,
        initial=30,
    )
    sample_percent = forms.IntegerField(
        label=gettext_lazy("Looked at afterwards, per cent"),
        min_value=LEAST_PERCENT,
        max_value=100,
        initial=20,
    )
    sample_percent_min = forms.IntegerField(
        label=gettext_lazy("Least chance of a look, per cent"),
        min_value=LEAST_PERCENT,
        max_value=100,
        initial=5,
    )


class AutomaticPresses:
    """Adds the way to the page of the decision mode to a procedure's page."""

    change_form_outer_before_template = "office/bundle_presses.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one procedure, with the press for whoever may write drafts."""
        presses = []
        if object_id and object_id.isdecimal():
            url = reverse("admin:office_service", args=[object_id])
            presses.append({"label": _("Roadmap"), "tone": "", "url": url})
        if object_id and may_write(standing_of(request)):
            url = reverse("admin:office_automatic_draft", args=[object_id])
            presses.append({"label": _("Decision mode"), "tone": "", "url": url})
        context = {"presses": presses, **(extra_context or {})}
        shown: HttpResponse = cast(Any, super()).changeform_view(
            request, object_id, form_url, context
        )
        return shown


def urls(guarded: Door) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    where = "procedures/<int:pk>/decision-mode/"
    return [path(where, guarded(show), name="office_automatic_draft")]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how the procedure decides; a POST writes the draft and leads to it."""
    if not may_write(standing_of(request)):
        raise PermissionDenied
    procedure = get_object_or_404(Procedure, pk=pk)
    newest = ProcedureVersion.objects.filter(procedure=procedure).order_by("-number").first()
    stated = (newest.definition.get("automatic") if newest else None) or None
    if request.method != "POST":
        return _page(request, procedure, newest, AutomaticForm(initial=stated), bool(stated))
    is_manual = request.POST.get("mode") == "manual"
    form = AutomaticForm(request.POST)
    if is_manual or form.is_valid():
        try:
            draft = write_automatic_draft(
                procedure=procedure,
                automatic=None if is_manual else form.cleaned_data,
                by=cast(User, request.user),
                day=clock.today(),
            )
        except DefinitionError as error:
            for problem in error.problems:
                form.add_error(None, problem.en if get_language() == "en" else problem.vi)
        except RefusedError as refused:
            form.add_error(None, " ".join(refused.reasons))
        else:
            messages.success(
                request, _("The draft is saved. Nobody hears of it before it is released.")
            )
            return redirect("admin:procedures_procedureversion_change", draft.pk)
    return _page(request, procedure, newest, form, bool(stated), status=_REFUSED)


def _page(
    request: HttpRequest,
    procedure: Procedure,
    newest: ProcedureVersion | None,
    form: AutomaticForm,
    is_automatic: bool,
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": _("Decision mode"),
        "procedure": procedure,
        "newest": newest,
        "form": form,
        "is_automatic": is_automatic,
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/automatic_draft.html", shown, status=status)
