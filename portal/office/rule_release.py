"""Releasing, extending, stopping, resuming and limiting a rule: buttons and their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office import rehearsal_page, rehearsal_people
from portal.office.rule_rights import may_decide
from portal.office.rule_steps import OF_RULE, OF_VERSION, Step, open_of_rule, open_of_version
from portal.office.standing import standing_of
from procedures.enums import RuleAction
from procedures.models import BundleVersion, ProcedureVersion, Rule, RuleStep, RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors.drafts import seen_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_STEPS_SHOWN = 10
_BACK, _OVERTAKEN, _REFUSED = 302, 409, 422


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    version, run = "rule-versions/<int:pk>/", "rehearsals/<int:pk>/"
    return [
        path(f"{version}rehearsal/", guarded(rehearsal_page.show), name="office_rehearsal"),
        path(f"{version}step/<slug:action>/", guarded(version_step), name="office_version_step"),
        path("rules/<int:pk>/step/<slug:action>/", guarded(rule_step), name="office_rule_step"),
        path(f"{run}progress/", guarded(rehearsal_page.progress), name="office_rehearsal_progress"),
        path(f"{run}file/", guarded(rehearsal_page.file), name="office_rehearsal_file"),
        path(f"{run}people/", guarded(rehearsal_people.show), name="office_rehearsal_people"),
        path(
            f"{run}people/file/",
            guarded(rehearsal_people.file),
            name="office_rehearsal_people_file",
        ),
    ]


class ReleasePresses:
    """What the pages of a rule and of a version have above the form: presses and the ledger."""

    change_form_outer_before_template = "office/parts/rule_presses.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row with what may be done next."""
        above = cast(Any, super())
        row = cast(Any, self).get_object(request, object_id) if object_id else None
        context = presses_of(request, row) if row else {}
        shown: HttpResponse = above.changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )
        return shown


def presses_of(request: HttpRequest, row: Rule | RuleVersion) -> dict[str, Any]:
    """Return the buttons of a rule or a version for whoever asks, and what was done before."""
    decides = may_decide(standing_of(request))
    rule = row if isinstance(row, Rule) else row.rule
    version = _rehearsable(row)
    steps = RuleStep.objects.filter(rule=rule.pk).select_related("by", "rule_version__rule")
    return {
        "rule": rule,
        "rehearsal_url": version and reverse("admin:office_rehearsal", args=[version.pk]),
        "presses": list(_presses(row, request.user.pk)) if decides else [],
        "rule_steps": list(steps[:_STEPS_SHOWN]),
    }


def _presses(row: Rule | RuleVersion, official: int | None) -> Iterable[dict[str, Any]]:
    """Yield the buttons; whoever stopped a rule is not offered to let it go on."""
    name, steps, actions = _of(row)
    is_stopper = isinstance(row, Rule) and row.stopped_by_id == official
    for action in actions:
        if is_stopper and action == RuleAction.RESUME:
            continue
        step = steps[action]
        url = reverse(f"admin:{name}", args=[row.pk, action.value])
        seen = f"?seen={seen_of(row)}" if isinstance(row, RuleVersion) else ""
        yield {"label": step.label, "tone": step.tone, "url": f"{url}{seen}"}


def _of(row: Rule | RuleVersion) -> tuple[str, Mapping[RuleAction, Step], list[RuleAction]]:
    if isinstance(row, Rule):
        return "office_rule_step", OF_RULE, open_of_rule(row)
    return "office_version_step", OF_VERSION, open_of_version(row, clock.today())


def _rehearsal_of(row: Any) -> str:
    return reverse("admin:office_rehearsal", args=[row.pk])


def _rehearsable(row: Rule | RuleVersion) -> RuleVersion | None:
    """Return the version itself; of a rule the one in force, else its newest."""
    if isinstance(row, RuleVersion):
        return row
    current = row.versions.filter(in_force(clock.today())).first()
    return current or row.versions.order_by("-number").first()


@require_http_methods(["GET", "HEAD", "POST"])
def version_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask whether a version is to be released or extended, in numbers; a POST does it."""
    _check(request)
    rows = RuleVersion.objects.select_related("rule", "written_by")
    return _step(request, rows.filter(pk=pk).first(), action)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask whether a rule is to be stopped, resumed or limited, in numbers; a POST does it."""
    _check(request)
    return _step(request, Rule.objects.select_related("stopped_by").filter(pk=pk).first(), action)


def _check(request: HttpRequest) -> None:
    if not may_decide(standing_of(request)):
        raise PermissionDenied


def _step(request: HttpRequest, row: Rule | RuleVersion | None, action: str) -> HttpResponse:
    if row is None or action not in set(RuleAction):
        raise Http404
    _name, steps, actions = _of(row)
    kind = "rule" if isinstance(row, Rule) else "ruleversion"
    page = reverse(f"admin:procedures_{kind}_change", args=[row.pk])
    if action not in actions:
        step_closed(request)
        return redirect(page)
    return answer_step(
        request,
        steps[RuleAction(action)],
        row,
        page,
        is_own=isinstance(row, RuleVersion) and row.written_by_id == request.user.pk,
        is_stopper=isinstance(row, Rule) and row.stopped_by_id == request.user.pk,
    )


def step_closed(request: HttpRequest) -> None:
    """Tell that somebody was faster."""
    messages.warning(request, _("This step is no longer open."))


def answer_step(
    request: HttpRequest,
    step: Step,
    row: Rule | RuleVersion | BundleVersion | ProcedureVersion,
    page: str,
    *,
    is_own: bool = False,
    is_stopper: bool = False,
) -> HttpResponse:
    """Ask whether the step is to be taken; a POST takes it and leads to `page`, that of the row.

    What releases a text names the one that was read; whoever read another is led back to `page`.
    """
    form, status = step.form(initial={"seen": request.GET.get("seen", "")}), 200
    if request.method == "POST":
        form = step.form(request.POST)
        status = _taken(request, step, row, form)
    elif "seen" in form.fields and not _has_read(request, row):
        status = _BACK
    if status == _BACK:
        return redirect(page)
    context = {
        "title": step.heading,
        "step": step,
        "row": row,
        "form": form,
        "effects": step.effects(row),
        "page": page,
        "rehearsal_url": _rehearsal_of(row) if step is OF_VERSION[RuleAction.RELEASE] else "",
        "is_own": is_own,
        "is_stopper": is_stopper,
        "is_overtaken": status == _OVERTAKEN,
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/rule_release.html", shown, status=status)


def _has_read(request: HttpRequest, row: Any) -> bool:
    """Return whether the row still says what the page said from which one came; tell if not."""
    if request.GET.get("seen") == seen_of(row):
        return True
    _tell_overtaken(request)
    return False


def _tell_overtaken(request: HttpRequest) -> None:
    messages.warning(
        request, _("The draft is not the one that you have read: look at it as it is now.")
    )


def _taken(request: HttpRequest, step: Step, row: Any, form: Any) -> int:
    """Take the step, say what came of it, and return the status of the answer."""
    if not form.is_valid():
        return _REFUSED
    try:
        step.take(row, cast(User, request.user), form.cleaned_data)
    except StaleVersionError:
        _tell_overtaken(request)
        return _OVERTAKEN
    except RefusedError as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return _REFUSED
    messages.success(request, _("%(rule)s: done – %(step)s.") % {"rule": row, "step": step.label})
    return _BACK
