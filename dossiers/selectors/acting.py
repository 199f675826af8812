"""As whom somebody may act on a dossier: by grant, at a counter, for a colleague, by signature.

Competence is bound, reception is not: only officials of the competent agency work on a dossier and
decide it, while the steps that the table marks `anywhere` are taken at every office.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from citizens.enums import Role, UserKind
from citizens.models import Agency, Citizen, Grant, Official, Party, Unit, User
from citizens.selectors import is_family_of, line_of, may_act, roles_of
from citizens.selectors.helping import may_help
from dossiers.enums import Action, Actor, Status
from dossiers.models import Absence, Delegation, Dossier
from dossiers.workflow import Step
from procedures.models import Suggestion
from procedures.selectors import is_recipient

_SIGNED = (Action.APPROVE, Action.STOP)
# What a cover takes over with a colleague's dossiers; a head's signature needs a delegation.
_COVERED = frozenset({Actor.RECEPTIONIST, Actor.CASE_OFFICER})


@dataclass(frozen=True)
class Acting:
    """As whom a step is taken, by whose delegation it is signed, in whose absence, if in any."""

    actor: Actor
    delegation: Delegation | None = None
    cover_for: Official | None = None


@dataclass(frozen=True)
class Hands:
    """What somebody may do with one dossier on one day.

    `here` are the roles that count for the competent agency, `counter` those at any office.
    `delegation` lets them sign for an office holder; `used_up` is one whose ceiling is reached.
    Where a field's signature was ever put into a delegation, `is_reserved`: it is signed by office
    holders and their deputies only. `cover_for` is the absent colleague whose dossier it is.
    """

    here: frozenset[Actor] = frozenset()
    counter: frozenset[Actor] = frozenset()
    delegation: Delegation | None = None
    used_up: Delegation | None = None
    is_reserved: bool = False
    cover_for: Official | None = None

    def acting(self, step: Step, wanted: Actor | None = None) -> Acting | None:
        """Return as whom the step would be taken (`wanted`, else the enum's first), or None."""
        roles = self.here | self.counter if step.anywhere else self.here
        if step.signed and self.is_reserved:
            roles -= {Actor.CASE_OFFICER}
        mine = roles & step.actors
        if wanted is not None:
            mine &= {wanted}
        actor = next((one for one in Actor if one in mine), None)
        if actor is not None:
            return Acting(actor, cover_for=self.cover_for if actor in _COVERED else None)
        for_holder = step.signed and wanted in (None, Actor.HEAD_OF_UNIT)
        if for_holder and self.delegation is not None and Actor.HEAD_OF_UNIT in step.actors:
            return Acting(Actor.HEAD_OF_UNIT, self.delegation)
        return None


def hands_of(*, dossier: Dossier, user: User, day: date) -> Hands:
    """Return what `user` may do with the dossier on `day`; nobody decides for self or family."""
    if user.kind == UserKind.CITIZEN:
        case = dossier.bundle_case
        about = dossier.suggestion or (case.suggestion if case is not None else None)
        may = user.citizen is not None and may_file(
            applicant=user.citizen,
            owner=dossier.owner,
            suggestion=about,
            procedure=dossier.procedure_version.procedure.key,
            day=day,
        )
        return Hands(here=frozenset({Actor.CITIZEN})) if may else Hands()
    official = _official(user)
    if official is None or is_own_family(dossier=dossier, user=user, day=day):
        return Hands()
    held = roles_of(user=user, day=day)
    own = _roles_among(held, dossier.competent.unit)
    here = own if official.agency_id == dossier.competent_id else frozenset()
    absent = _covered_colleague(dossier, official, day)
    if absent is not None:
        here |= _COVERED & _roles_over(absent, dossier.competent.unit, day)
    counter = _roles_among(held, official.agency.unit)
    if not here:
        return Hands(counter=counter)
    field = field_of(dossier)
    signed = Delegation.objects.filter(agency=dossier.competent_id, domain_vi__in=("", field))
    mine = list(_usable(dossier, signed, official, day))
    return Hands(
        here=here,
        counter=counter,
        delegation=next((one for one in mine if not _is_used_up(one)), None),
        used_up=next((one for one in mine if _is_used_up(one)), None),
        is_reserved=signed.exists(),
        cover_for=absent,
    )


def actors_of(*, dossier: Dossier, user: User, day: date) -> frozenset[Actor]:
    """Return the roles that `user` has for this dossier on `day` at the agency that decides."""
    return hands_of(dossier=dossier, user=user, day=day).here


def may_file(
    *,
    applicant: Citizen,
    owner: Party,
    suggestion: Suggestion | None,
    procedure: str,
    day: date,
) -> bool:
    """Return whether somebody may file for `owner` today, or go on with what was filed.

    Whoever may act for them, and in a matter that was suggested whom its rule addresses: both
    parents of a newborn, the family of the deceased, the head of the household. A helper may file
    the procedures (by key) that the person named.
    """
    if may_act(actor=applicant, party=owner, day=day):
        return True
    if may_help(helper=applicant, party=owner, procedure=procedure, day=day):
        return True
    return suggestion is not None and is_recipient(
        suggestion=suggestion, citizen=applicant, day=day
    )


def is_own_family(*, dossier: Dossier, user: User, day: date) -> bool:
    """Return whether the official is owner, applicant or representative, or their close kin."""
    concerned = [
        dossier.applicant_id,
        dossier.owner_id,
        *dossier.owner.represented_by.standing(day).values_list("actor_id", flat=True),
    ]
    return is_family_of(user=user, concerned=concerned, day=day)


def field_of(dossier: Dossier) -> str:
    """Return the field (lĩnh vực) of the dossier's procedure, as the catalogue names it."""
    return str(dossier.procedure_version.definition["domain_vi"])


def covered_by(*, official: Official, day: date) -> QuerySet[Official]:
    """Return the colleagues for whom `official` stands in on `day`."""
    away = Absence.objects.filter(cover=official, away__contains=day, ended_at__isnull=True)
    return Official.objects.filter(pk__in=away.values("official"))


def standing_absence(*, official: Official, day: date) -> Absence | None:
    """Return the absence of the official that holds on `day`, if there is one."""
    away = official.absences.filter(away__contains=day, ended_at__isnull=True)
    return away.select_related("cover__user").order_by("pk").first()


def was_passed_on(*, dossier: Dossier) -> bool:
    """Return whether the office that received the dossier has passed it on."""
    return dossier.events.filter(action=Action.FORWARD).exists()


def holder_of(*, dossier: Dossier) -> Agency:
    """Return the agency where the dossier lies: where it was received until it is passed on."""
    received = dossier.received_at
    if received is None or dossier.status not in (Status.REGISTERED, Status.RECEIVED):
        return dossier.competent
    is_there = received.unit_id == dossier.competent.unit_id or was_passed_on(dossier=dossier)
    return dossier.competent if is_there else received


def within_reach(*, units: QuerySet[Unit], user: User, day: date) -> Q:
    """Return the dossiers that an official sees, given the `units` of their grants.

    Those that agencies of these units decide or received, and those of colleagues whom they cover.
    """
    here = Q(competent__unit__in=units.values("pk")) | Q(received_at__unit__in=units.values("pk"))
    official = _official(user)
    if official is None:
        return here
    return here | Q(assignee__in=covered_by(official=official, day=day).values("pk"))


def may_work(*, official: Official, dossier: Dossier, day: date) -> bool:
    """Return whether the official may process the dossier as its case officer."""
    user = official.user
    if official.agency_id != dossier.competent_id or not user.is_active:
        return False
    roles = _roles_over(official, dossier.competent.unit, day)
    return Actor.CASE_OFFICER in roles and not is_own_family(dossier=dossier, user=user, day=day)


def holds_office(*, official: Official, day: date) -> bool:
    """Return whether the official is a head of unit over the own agency on `day`."""
    return Actor.HEAD_OF_UNIT in _roles_over(official, official.agency.unit, day)


def _official(user: User) -> Official | None:
    return getattr(user, "official", None)


def _roles_over(official: Official, unit: Unit, day: date) -> frozenset[Actor]:
    """Return the roles that standing grants give an official over a unit."""
    return _roles_among(roles_of(user=official.user, day=day), unit)


def _roles_among(held: Iterable[Grant], unit: Unit) -> frozenset[Actor]:
    """Return the roles that the grants `held` give over a unit."""
    line = line_of(unit)
    roles = {Role(grant.role).value for grant in held if grant.unit_id in line}
    return frozenset(actor for actor in Actor if actor.value in roles)


def _covered_colleague(dossier: Dossier, official: Official, day: date) -> Official | None:
    """Return the absent colleague whose dossier it is and for whom the official stands in."""
    colleague = dossier.assignee
    if colleague is None or colleague.agency_id != dossier.competent_id:
        return None
    standing = official.covers.filter(official=colleague, away__contains=day, ended_at__isnull=True)
    return colleague if standing.exists() else None


def _usable(
    dossier: Dossier, signed: QuerySet[Delegation], deputy: Official, day: date
) -> QuerySet[Delegation]:
    """Return what the deputy holds today of office holders who might decide this themselves."""
    standing = signed.filter(deputy=deputy, valid__contains=day, revoked_at__isnull=True)
    heads = [
        one.holder_id
        for one in standing.select_related("holder__user", "holder__agency__unit")
        if holds_office(official=one.holder, day=day)
        and not is_own_family(dossier=dossier, user=one.holder.user, day=day)
    ]
    return standing.filter(holder__in=heads).order_by("pk")


def _is_used_up(delegation: Delegation) -> bool:
    ceiling = delegation.ceiling_count
    if ceiling is None:
        return False
    return delegation.steps.filter(action__in=_SIGNED).count() >= ceiling
