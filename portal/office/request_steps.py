"""The steps of the desk of data-subject requests: what each asks, and the service that takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from citizens import sla
from citizens.definition.consent_texts import Wording, consent_texts
from citizens.enums import DataRequestKind, DataRequestState
from citizens.models import DataRequest, User
from citizens.workflow import STOPS_OFFERS, RequestAction, Side, actions_of, request_code
from dossiers.services import (
    answer_data_request,
    extend_data_request,
    finish_data_request,
    refuse_data_request,
)
from notifications.services.make_choice import STOP_BY_REQUEST
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version

_AREA = forms.Textarea(attrs={"rows": 5, "maxlength": 2000})


class AcceptForm(forms.Form):
    """Yes: what will be done."""

    answer = forms.CharField(
        label=_("What will be done, as the citizen will read it"), widget=_AREA
    )
    has_processors = forms.BooleanField(
        label=_("Others who process the data must be told (20 days instead of 15)"), required=False
    )

    def __init__(self, request: DataRequest, *args: Any) -> None:
        super().__init__(*args)
        if request.kind not in STOPS_OFFERS:
            del self.fields["has_processors"]


class RefuseForm(forms.Form):
    """No: why, and by which law."""

    reason = forms.CharField(label=_("Reason, as the citizen will read it"), widget=_AREA)
    legal_basis = forms.CharField(
        label=_("Provision that allows the refusal (article, clause, law)"), max_length=300
    )

    def __init__(self, request: DataRequest, *args: Any) -> None:
        super().__init__(*args)


class ExtendForm(forms.Form):
    """Later: how many days, and why."""

    days = forms.IntegerField(label=_("Days more"), min_value=1)
    reason = forms.CharField(
        label=_("Reason, as the citizen will read it"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        max_length=300,
    )

    def __init__(self, request: DataRequest, *args: Any) -> None:
        super().__init__(*args)
        longest = sla.LONGEST_EXTENSION[DataRequestKind(request.kind)]
        self.fields["days"].widget.attrs["max"] = longest
        self.fields["days"].help_text = _("At most %(count)d, once.") % {"count": longest}


class FinishForm(forms.Form):
    """Done: what was done."""

    note = forms.CharField(label=_("What was done, as the citizen will read it"), widget=_AREA)

    def __init__(self, request: DataRequest, *args: Any) -> None:
        super().__init__(*args)


@dataclass(frozen=True)
class Step:
    """One button of the desk: its words, what it asks, and what it does."""

    label: Any
    heading: Any
    tone: str
    form: Callable[..., forms.Form]
    take: Callable[..., DataRequest]


STEPS: Mapping[RequestAction, Step] = {
    RequestAction.ACCEPT: Step(
        _("Accept"), _("Accept the request?"), "main", AcceptForm, answer_data_request
    ),
    RequestAction.FINISH: Step(
        _("Note as done"), _("Is the request carried out?"), "main", FinishForm, finish_data_request
    ),
    RequestAction.EXTEND: Step(
        _("Extend"), _("Extend the time for carrying it out?"), "plain", ExtendForm,
        extend_data_request,
    ),
    RequestAction.REFUSE: Step(
        _("Refuse"), _("Refuse the request?"), "grave", RefuseForm, refuse_data_request
    ),
}  # fmt: skip


def open_actions(row: DataRequest, today: date) -> list[RequestAction]:
    """Return what the agency may do now, in the order of the buttons."""
    allowed = set(actions_of(DataRequestState(row.state), Side.AGENCY))
    if row.is_extended or today > row.act_due_on:
        allowed.discard(RequestAction.EXTEND)
    return [action for action in STEPS if action in allowed]


def presses(row: DataRequest, today: date) -> list[dict[str, Any]]:
    """Return the buttons of a request, each leading to its page."""
    return [
        {
            "label": STEPS[action].label,
            "tone": STEPS[action].tone,
            "url": reverse("admin:citizens_datarequest_step", args=[row.pk, action.value]),
        }
        for action in open_actions(row, today)
    ]


def effect_of(row: DataRequest, action: RequestAction) -> Wording | None:
    """Return what the software will stop by itself, in the words that the citizen read."""
    if action != RequestAction.FINISH or row.kind not in STOPS_OFFERS:
        return None
    return consent_texts().current(STOP_BY_REQUEST).in_language("vi")


def take(request: HttpRequest, row: DataRequest, action: RequestAction, form: forms.Form) -> bool:
    """Take the step and say so; False, with the reasons told, when the service refuses."""
    try:
        STEPS[action].take(
            request=row,
            user=cast(User, request.user),
            version=shown_version(request.POST.get("version", "")),
            now=clock.now(),
            **form.cleaned_data,
        )
    except StaleVersionError as stale:
        messages.warning(request, str(stale))
        return True
    except RefusedError as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return False
    done = {"code": request_code(row.public_id), "step": STEPS[action].label}
    messages.success(request, gettext("%(code)s: done – %(step)s.") % done)
    return True
