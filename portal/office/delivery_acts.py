"""What an operator does with messages: how many and which are shown first, then the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from citizens.enums import ViewPurpose
from citizens.models import User
from notifications.enums import ActKind, MessageState
from notifications.models import ActedMessage, Message, OperatorAct, Topic
from notifications.models.reasons import reason_label
from notifications.selectors import Picked
from notifications.services import (
    requeue_messages,
    resend_messages,
    settle_unknown,
    suppress_messages,
)
from notifications.services.resend_messages import resendable
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.delivery_gateways import BACK, UNPROCESSABLE, check_may_run
from portal.office.delivery_words import STATE_WORDS, channel_name
from portal.office.names import SUBJECT_TABLES, through

_SHOWN = 10
_PERSON_DECIDES = (MessageState.UNKNOWN, MessageState.PARKED, MessageState.FAILED)


@dataclass(frozen=True)
class Deed:
    """One thing that can be done with messages: whose, in which words, and by which service."""

    title: Any
    effect: Any
    press: Any
    states: tuple[MessageState, ...]
    do: Callable[[Picked, str, User], str]
    narrow: Callable[[QuerySet[Message]], QuerySet[Message]] = lambda rows: rows
    warning: Any = ""
    sends: bool = False


def _suppress(picked: Picked, reason: str, by: User) -> str:
    act = suppress_messages(messages=picked.rows(), scope=picked.as_scope(), reason=reason, by=by)
    return _told(act, _("Messages taken out: %(count)d."))


def _resend(picked: Picked, reason: str, by: User) -> str:
    done = resend_messages(messages=picked.rows(), scope=picked.as_scope(), reason=reason, by=by)
    said = _told(done.act, _("Messages due again: %(count)d."))
    if done.undecided:
        words = _("%(count)d stay: their gateway cannot tell. Say whether the person has them.")
        said += " " + words % {"count": done.undecided}
    return said


def _settle(*, has_it: bool) -> Callable[[Picked, str, User], str]:
    def settle(picked: Picked, reason: str, by: User) -> str:
        act = settle_unknown(
            messages=picked.rows(),
            has_it=has_it,
            scope=picked.as_scope(),
            reason=reason,
            by=by,
        )
        return _told(act, _("Messages settled: %(count)d."))

    return settle


def _told(act: OperatorAct | None, words: str) -> str:
    if act is None:
        return _("Nothing was left to do: somebody was faster, or they have left.")
    return words % {"count": act.message_count}


DEEDS: Mapping[str, Deed] = {
    "suppress": Deed(
        gettext_lazy("Take waiting messages out"),
        gettext_lazy(
            "They do not leave. Until somebody puts them back, nobody hears of them; what a "
            "gateway may have already is not among them."
        ),
        gettext_lazy("Take these out"),
        (MessageState.QUEUED,),
        _suppress,
        lambda rows: rows.filter(handed_at=None),
    ),
    "resend": Deed(
        gettext_lazy("Send again"),
        gettext_lazy(
            "Each keeps its reference and is checked again before it leaves. Sign-in codes and "
            "what another channel has taken over are not among them."
        ),
        gettext_lazy("Send these again"),
        _PERSON_DECIDES,
        _resend,
        resendable,
        gettext_lazy(
            "Some are of unknown outcome: the person may have them already. They are sent again "
            "only where the gateway can be asked, or takes no reference twice."
        ),
        sends=True,
    ),
    "has-it": Deed(
        gettext_lazy("The person has it"),
        gettext_lazy("They count as sent. Nothing leaves."),
        gettext_lazy("Settle: has it"),
        (MessageState.UNKNOWN,),
        _settle(has_it=True),
    ),
    "has-it-not": Deed(
        gettext_lazy("The person does not have it"),
        gettext_lazy(
            "They count as failed. Their next channel takes them at once where there is one; the "
            "others can be sent again afterwards."
        ),
        gettext_lazy("Settle: does not have it"),
        (MessageState.UNKNOWN,),
        _settle(has_it=False),
        warning=gettext_lazy(
            "Be sure: if a message is sent again that did arrive, the person hears it twice."
        ),
        sends=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, deed: str) -> HttpResponse:
    """Show how many messages a filter means and which come first; a POST with a reason does it."""
    user = check_may_run(request)
    chosen = DEEDS.get(deed)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _page(request, chosen, _picked(request.GET, chosen))
    picked = _picked(request.POST, chosen)
    try:
        said = chosen.do(picked, request.POST.get("reason", ""), user)
    except RefusedError as refused:
        return _page(request, chosen, picked, refused)
    messages.success(request, said)
    return redirect(BACK)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what an act took out; a POST with a reason puts back what has not changed since."""
    user = check_may_run(request)
    act = get_object_or_404(OperatorAct, public_id=public_id, kind=ActKind.SUPPRESS)
    refused = None
    if request.method == "POST":
        try:
            done = requeue_messages(act=act, reason=request.POST.get("reason", ""), by=user)
        except RefusedError as error:
            refused = error
        else:
            count = {"count": done.message_count}
            messages.success(request, _("Messages that wait again: %(count)d.") % count)
            return redirect(BACK)
    still = ActedMessage.objects.filter(act=act, message__state=MessageState.SUPPRESSED)
    context = {
        "title": _("Put back what was taken out"),
        "act": act,
        "still": still.count(),
        "is_undone": OperatorAct.objects.filter(undoes=act).exists(),
        "reasons": refused.reasons if refused else (),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    status = UNPROCESSABLE if refused else 200
    return render(request, "office/delivery_undo.html", shown, status=status)


def _picked(given: QueryDict, deed: Deed) -> Picked:
    """Return the filter of a query or form; what it does not understand means no message."""
    asked = given.get("state", "")
    states = tuple(state for state in deed.states if asked in ("", state.value))
    return Picked(
        states=tuple(state.value for state in states),
        topic=given.get("topic", "")[:40],
        channel=given.get("channel", "")[:8],
        reason=given.get("why", "")[:120],
        message=_uuid(given.get("message", "")),
        upto=_number(given.get("upto", "")),
    )


def _page(
    request: HttpRequest, deed: Deed, picked: Picked, refused: RefusedError | None = None
) -> HttpResponse:
    rows = deed.narrow(picked.rows())
    counted = rows.aggregate(last=Max("pk"))
    first = list(
        rows.select_related("topic", *through("recipient", SUBJECT_TABLES)).order_by(
            "priority", "due_at", "pk"
        )[:_SHOWN]
    )
    log_people_shown(
        request,
        people=[row.recipient_id for row in first],
        fields=("full_name", "topic", "state"),
        purpose=ViewPurpose.SUPPORT,
    )
    bounded = replace(picked, upto=picked.upto or counted["last"])
    has_unknown = rows.filter(state=MessageState.UNKNOWN).exists()
    context = {
        "title": deed.title,
        "deed": deed,
        "count": rows.count(),
        "first": first,
        "warning": deed.warning if has_unknown else "",
        "narrowed": _narrowed(picked),
        "topics": () if picked.message else Topic.objects.order_by("name_vi"),
        "picked": bounded,
        "reasons": refused.reasons if refused else (),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    status = UNPROCESSABLE if refused else 200
    return render(request, "office/delivery_choose.html", shown, status=status)


def _narrowed(picked: Picked) -> list[tuple[str, str]]:
    """Return the filter in words."""
    topic = Topic.objects.filter(pk=picked.topic).first() if picked.topic else None
    lines = [(_("State"), ", ".join(str(STATE_WORDS[state]) for state in picked.states))]
    lines += [(_("Topic"), topic.name_vi)] if topic else []
    lines += [(_("Channel"), channel_name(picked.channel))] if picked.channel else []
    lines += [(_("Reason"), reason_label(picked.reason))] if picked.reason else []
    return lines


def _number(given: str) -> int | None:
    if not given:
        return None
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _uuid(given: str) -> str:
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        return str(UUID(int=0))
