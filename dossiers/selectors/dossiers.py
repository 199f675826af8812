"""Reads of dossiers: whose they are, what waits at a desk, what happened, and why a date is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    F,
    FilteredRelation,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from citizens.enums import AuthorityBasis, PartyKind
from citizens.models import Authority, Citizen, Official, User
from citizens.selectors import acting_for, visible_units, working_calendar
from citizens.selectors.helping import standing_help
from dossiers import sla
from dossiers.enums import Action, Actor, ClockColour, Status
from dossiers.models import Delegation, Dossier, DossierEvent
from dossiers.selectors.acting import Hands, hands_of, within_reach
from dossiers.selectors.clocks import definition_of
from dossiers.workflow import TABLE, actions_from
from portal.common import clock
from procedures.enums import Addressee

_ABOUT_FEES = (Action.REQUEST_PAYMENT, Action.CONFIRM_PAYMENT)
_PAUSED = (Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED)
_SHOWN = (
    "procedure_version__procedure",
    "competent__unit",
    "owner__citizen",
    "owner__organisation",
    "applicant",
)
_OUTCOME = ("suggestion", "result__credential", "automatic_decision")
_STAGE = ("open_stage__agency", "open_stage__official__user")


# ------------------------------------------------------------------------------ the citizen's side
def dossiers_of(*, citizen: Citizen) -> QuerySet[Dossier]:
    """Return the dossiers a person owns, filed, or may follow for somebody, newest first.

    What a helper filed they follow while they help. Those of somebody who has died are left to the
    office: nobody is shown them any more (F21), but for what the family filed because of the death,
    and what a parent filed because of a birth: that is the child's, whose other parent has died.
    """
    day = clock.today()
    represented = acting_for(actor=citizen, day=day)
    helped = Authority.objects.filter(actor=citizen, basis=AuthorityBasis.HELPER)
    still = helped.filter(pk__in=standing_help(day=day)).values("for_party")
    ended = Q(owner__in=helped.values("for_party")) & ~Q(owner__in=still)
    filed = Q(applicant=citizen) & ~ended
    mine = Q(owner_id=citizen.pk) | filed | Q(owner__in=represented)
    living = ~Q(owner__kind=PartyKind.CITIZEN) | Q(
        owner__citizen__birth_date__isnull=False,
        owner__citizen__died_on__isnull=True,
        owner__citizen__survivor__isnull=True,
    )
    of_the_living = [Addressee.FAMILY.value, Addressee.PARENTS.value]
    told = Q(suggestion__rule_version__definition__address__in=of_the_living)
    told |= Q(bundle_case__suggestion__rule_version__definition__address__in=of_the_living)
    living |= Q(applicant=citizen) & told
    return (
        Dossier.objects.filter(mine, living)
        .select_related(*_SHOWN)
        .order_by("-submitted_at", "-pk")
    )


def dossier_for(*, citizen: Citizen, public_id: UUID) -> Dossier:
    """Return one of the person's dossiers with its outcome; Dossier.DoesNotExist for others'.

    The step that the work is in stands in `open_stage`, of which there is one at a time.
    """
    entered = Q(stages__entered_at__isnull=False, stages__left_at__isnull=True)
    open_stage = FilteredRelation("stages", condition=entered)
    rows = dossiers_of(citizen=citizen).annotate(open_stage=open_stage)
    return rows.select_related(*_OUTCOME, *_STAGE).get(public_id=public_id)


def was_helped(*, dossier: Dossier) -> bool:
    """Return whether a helper filed it for its owner, also when the help has ended since."""
    if dossier.applicant_id == dossier.owner_id:
        return False
    return Authority.objects.filter(
        actor=dossier.applicant_id, for_party=dossier.owner_id, basis=AuthorityBasis.HELPER
    ).exists()


def is_helper(*, dossier: Dossier, reader: Citizen) -> bool:
    """Return whether the reader filed it as a helper: they follow it, and read nothing of it."""
    return dossier.applicant_id == reader.pk and was_helped(dossier=dossier)


def dossiers_read_by(*, citizen: Citizen) -> QuerySet[Dossier]:
    """Return the dossiers whose papers a person may open: not those that they only helped with."""
    helped = Authority.objects.filter(actor=citizen, basis=AuthorityBasis.HELPER)
    own = acting_for(actor=citizen, day=clock.today())
    followed = Q(applicant=citizen, owner__in=helped.values("for_party")) & ~Q(owner__in=own)
    return dossiers_of(citizen=citizen).exclude(followed)


# ---------------------------------------------------------------------------------- the desk's side
def queue_of(*, user: User, day: date) -> QuerySet[Dossier]:
    """Return the unfinished dossiers of the official's units and covers, most urgent first.

    `colour` tells how each stands on `day` (a ClockColour), `urgent_on` the day the order follows:
    the due date, or before the clock started the date that the citizen was told to expect.
    """
    soon = sla.soon_until(day, working_calendar())
    units = visible_units(user=user, day=day)
    waiting = Dossier.objects.unfinished().filter(within_reach(units=units, user=user, day=day))
    return (
        waiting.select_related(*_SHOWN, "assignee__user")
        .annotate(urgent_on=Coalesce("due_on", "expected_on"), colour=_colour(day, soon))
        .order_by(F("urgent_on").asc(nulls_last=True), "submitted_at", "pk")
    )


def _colour(day: date, soon: date) -> Case:
    """Return `sla.colour` of an unfinished dossier as SQL."""
    return Case(
        When(clock_started_on__isnull=True, then=Value(ClockColour.NOT_STARTED)),
        When(status__in=_PAUSED, then=Value(ClockColour.PAUSED)),
        When(system_wait_since__isnull=False, then=Value(ClockColour.WAITING)),
        When(due_on__lt=day, then=Value(ClockColour.LATE)),
        When(due_on__lte=soon, then=Value(ClockColour.SOON)),
        default=Value(ClockColour.ON_TIME),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Offer:
    """A button: the action, as whom it would be taken, whether a reason must be given.

    `delegation` is the one by which it would be signed in an office holder's place.
    """

    action: Action
    actor: Actor
    to: Status
    reasoned: bool
    delegation: Delegation | None = None


def offered_actions(*, dossier: Dossier, user: User, day: date) -> list[Offer]:
    """Return what `user` may do with the dossier on `day`, in the table's order."""
    return offers_to(hands_of(dossier=dossier, user=user, day=day), dossier=dossier)


def offers_to(hands: Hands, *, dossier: Dossier) -> list[Offer]:
    """Return what somebody with these hands may do with the dossier; it asks nothing further."""
    offers = []
    for action in actions_from(Status(dossier.status)):
        step = TABLE[Status(dossier.status), action]
        acting = hands.acting(step)
        if action in _ABOUT_FEES and dossier.fee_vnd == 0:
            continue  # free of charge: there is nothing to ask for
        if acting is not None:
            offers.append(Offer(action, acting.actor, step.to, step.reasoned, acting.delegation))
    return offers


# ----------------------------------------------------------------------------- what happened so far
@dataclass(frozen=True)
class Moment:
    """One step as pages tell it; labels are in the page's language, `at` is an aware instant.

    `in_place_of` is the office holder or the absent colleague for whom the official acted, told to
    officials only; `by_decision` the number of the delegation by which it was signed.
    """

    at: datetime
    action: Action
    label: str
    status_label: str
    actor_label: str
    official: User | None
    note: str
    in_place_of: Official | None = None
    by_decision: str = ""


def steps_of() -> Prefetch[str]:
    """Return what `timeline` tells of some dossiers, for their `prefetch_related`."""
    return Prefetch("events", DossierEvent.objects.select_related("official"))


def steps_named(events: QuerySet[DossierEvent]) -> QuerySet[DossierEvent]:
    """Return steps with all that officials are told of them: who acted, and in whose place."""
    return events.select_related("official", "delegation__holder__user", "cover_for__user")


def timeline(*, dossier: Dossier, for_officials: bool = False) -> list[Moment]:
    """Return the steps of a dossier, first step first.

    One query, none if `steps_of` (for officials `steps_named`) was read.
    """
    named = Prefetch("events", steps_named(DossierEvent.objects.all()))
    prefetch_related_objects([dossier], named if for_officials else steps_of())
    events = dossier.events.all()
    return [
        Moment(
            at=event.happened_at,
            action=Action(event.action),
            label=event.get_action_display(),
            status_label=event.get_status_after_display(),
            actor_label=event.get_actor_role_display(),
            official=event.official,
            note=event.note,
            **(_in_place_of(event) if for_officials else {}),
        )
        for event in events
    ]


def _in_place_of(event: DossierEvent) -> dict[str, Any]:
    signed = event.delegation
    if signed is not None:
        return {"in_place_of": signed.holder, "by_decision": signed.decision_number}
    return {"in_place_of": event.cover_for}


@dataclass(frozen=True)
class FiledField:
    """A field as it was filed: value, where it came from, and as of when (ISO date or None)."""

    name: str
    label_vi: str
    label_en: str
    value: str
    source: str
    register: str | None
    as_of: str | None


def filed_form(*, dossier: Dossier) -> list[FiledField]:
    """Return the frozen form in the order of the procedure's fields."""
    form: dict[str, Any] = dossier.form
    return [
        FiledField(
            name=field.name,
            label_vi=field.label_vi,
            label_en=field.label_en,
            value=form[field.name]["value"],
            source=form[field.name]["source"],
            register=form[field.name]["register"],
            as_of=form[field.name]["as_of"],
        )
        for field in definition_of(dossier=dossier).form_fields
        if field.name in form
    ]
