"""One value in doubt on one page: both sides, the person's words, and the decision."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.enums import DiscrepancyState, FactTable, ViewPurpose
from citizens.models import Agency, Discrepancy, User
from citizens.models.parties import GENDERS
from citizens.selectors import (
    Origin,
    StoredValue,
    ValueKind,
    cases_of,
    is_self_or_family,
    may_settle,
    possible_owners,
    stored_value,
)
from citizens.selectors.readable import column_label
from citizens.services import hand_over_discrepancy, settle_discrepancy
from citizens.services.case_values import LONGEST_VALUE, masked
from citizens.services.settle_discrepancy import LONGEST_REASON, NOT_WRITTEN_HERE
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.masking import HIDDEN, mask_pin
from portal.office.access import log_people_shown
from portal.office.names import named_like, party_name
from portal.office.roles import Desk
from portal.office.standing import standing_of

CONFLICT = 409
MOST_PAST = 10
_LOGGED = ("full_name", "personal_id_masked", "birth_date", "held_value", "stated_value", "note")
_CHANGE = "admin:citizens_discrepancy_change"


class Decision(forms.Form):
    """What is right, and why: `value` only where it can be written here."""

    def __init__(self, case: Discrepancy, stored: StoredValue | None) -> None:
        super().__init__()
        if stored is not None and stored.kind not in NOT_WRITTEN_HERE:
            self.fields["value"] = _value_field(case, stored)


def named(rows: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Return cases about people with every word of a name."""
    return named_like(rows, "subject__citizen__name_fold", term)


def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a case of the official's offices."""
    return _page(request, _visible(request, key))


@require_POST
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Write the right value, or leave what is held, as the button says."""
    case = _visible(request, key)
    is_correction = request.POST.get("press") == "correct"
    try:
        settle_discrepancy(
            case=case,
            user=cast(User, request.user),
            version=_version(request),
            right_value=request.POST.get("value", "") if is_correction else None,
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except StaleVersionError:
        return _overtaken(request, key)
    except RefusedError as refused:
        return _refused(request, case, refused)
    done = _("The value was put right.") if is_correction else _("The value was left as it is.")
    messages.success(request, done)
    return redirect(_CHANGE, key)


@require_POST
def hand_over(request: HttpRequest, key: int) -> HttpResponse:
    """Give the case to another office."""
    case = _visible(request, key)
    to = get_object_or_404(Agency, pk=_number(request.POST.get("to")))
    try:
        hand_over_discrepancy(
            case=case,
            user=cast(User, request.user),
            version=_version(request),
            to=to,
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except StaleVersionError:
        return _overtaken(request, key)
    except RefusedError as refused:
        return _refused(request, case, refused)
    messages.success(request, _("The case was handed to %(office)s.") % {"office": to.name_vi})
    return redirect("admin:citizens_discrepancy_changelist")


def _visible(request: HttpRequest, key: object) -> Discrepancy:
    """Return one case with what its page needs; Http404 for those of other offices."""
    rows = _in_scope(request).select_related(
        "register",
        "other_register",
        "owner__unit__parent__parent",
        "raised_by__citizen",
        "decided_by",
        "subject__citizen__unit",
        "subject__organisation__unit",
    )
    number = _number(str(key))
    found = rows.filter(pk=number).first() if number else None
    if found is None:
        raise Http404(_("No case here."))
    return found


def _in_scope(request: HttpRequest) -> QuerySet[Discrepancy]:
    """Return the cases of the official's offices, as the desk lists them."""
    desk = admin.site._registry[Discrepancy]
    return cast("QuerySet[Discrepancy]", desk.get_queryset(request))


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 18 else 0


def _version(request: HttpRequest) -> int:
    return shown_version(request.POST.get("version", ""))


def _refused(request: HttpRequest, case: Discrepancy, refused: RefusedError) -> HttpResponse:
    for reason in refused.reasons:
        messages.error(request, reason)
    return redirect(_CHANGE, case.pk)


def _overtaken(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a press on an older page: done already, or somebody else was faster."""
    case = _visible(request, key)
    if case.decided_by_id is not None and case.decided_by_id == request.user.pk:
        messages.info(request, _("You decided this case already."))
        return redirect(_CHANGE, key)
    who = str(case.decided_by) if case.decided_by else _("somebody else")
    sentence = _(
        "This case was changed by %(who)s after you opened it. Nothing of yours was written over "
        "it: look at it again and decide."
    )
    messages.warning(request, sentence % {"who": who})
    return _page(request, case, status=CONFLICT)


def _page(request: HttpRequest, case: Discrepancy, *, status: int = 200) -> HttpResponse:
    user, day = cast(User, request.user), clock.today()
    raiser = case.raised_by.citizen if case.raised_by else None
    log_people_shown(
        request,
        people=[case.subject_id, raiser.pk if raiser else None],
        fields=_LOGGED,
        purpose=ViewPurpose.DATA_QUALITY,
        reference=f"discrepancy {case.pk}",
    )
    origin = Origin(FactTable(case.table), case.object_id, case.column)
    stored = stored_value(origin=origin)
    is_kin = is_self_or_family(user=user, party=case.subject, day=day)
    is_open = case.state == DiscrepancyState.OPEN
    may = is_open and not is_kin and may_settle(case=case, user=user, day=day)
    context = {
        "title": column_label(case.table, case.column),
        "case": case,
        "stored": stored,
        "held_now": masked(case.column, stored.value) if stored else "",
        "raiser": raiser,
        "person": _person(case),
        "past": _others(request, case),
        "decision": Decision(case, stored) if may else None,
        "offices": possible_owners(case=case, day=day) if may else [],
        "is_kin": is_kin,
        "is_open": is_open,
        "is_late": is_open and case.due_on < day,
        "most": LONGEST_REASON,
        "sees_people": standing_of(request).sees(Desk.PEOPLE),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/discrepancy.html", shown, status=status)


def _others(request: HttpRequest, case: Discrepancy) -> QuerySet[Discrepancy]:
    """Return further cases about the person; those of other offices are not named (F34)."""
    mine = _in_scope(request).order_by().values("pk")
    about = cases_of(parties=[case.subject_id]).filter(pk__in=mine)
    return about.exclude(pk=case.pk)[:MOST_PAST]


def _person(case: Discrepancy) -> dict[str, Any]:
    """Return what the page says of the subject; the number masked."""
    citizen = getattr(case.subject, "citizen", None)
    person: dict[str, Any] = {"name": party_name(case.subject)}
    if citizen is not None:
        person |= {
            "pk": citizen.pk,
            "pin": mask_pin(citizen.pin),
            "birth_date": citizen.birth_date,
            "unit": citizen.unit,
        }
    return person


def _value_field(case: Discrepancy, stored: StoredValue) -> forms.Field:
    """Return the field for the right value; what was stated stands in it where it can."""
    label = _("Right value")
    initial = case.stated_value if HIDDEN not in case.stated_value else ""
    if stored.kind is ValueKind.GENDER:
        return forms.ChoiceField(label=label, choices=GENDERS, initial=initial)
    if stored.kind is ValueKind.YES_NO:
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, initial=initial)
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    if stored.kind in (ValueKind.DATE, ValueKind.MAYBE_DATE):
        widget.input_type = "date"
    return forms.CharField(
        label=label, max_length=LONGEST_VALUE, required=False, initial=initial, widget=widget
    )
