"""As whom somebody may act on a dossier: by grant, at a counter, for a colleague, by signature.

Competence is bound, reception is not: only officials of the competent agency work on a dossier and
decide it, while the steps that the table marks `anywhere` are taken at every office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from citizens.enums import Role, UserKind
from citizens.models import Agency, Authority, Citizen, Grant, Official, Party, Unit, User
from citizens.selectors import is_family_of, line_of, may_act, roles_of
from citizens.selectors.helping import may_help
from citizens.selectors.officials import family_among, grants_on
from dossiers.enums import Action, Actor, Status
from dossiers.models import Absence, Delegation, Dossier
from dossiers.workflow import Step
from portal.common.sql import ask_together
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
    return hands_of_all(dossiers=[dossier], user=user, day=day)[dossier.pk]


def hands_of_all(*, dossiers: Sequence[Dossier], user: User, day: date) -> dict[int, Hands]:
    """Return by key what `user` may do with each dossier on `day`.

    For an official the number of queries does not grow with the dossiers, where these were read
    with `competent__unit__parent`, `assignee` and `procedure_version`.
    """
    if user.kind == UserKind.CITIZEN:
        return {one.pk: _hands_of_citizen(one, user, day) for one in dossiers}
    official = _official(user)
    if official is None:
        return {one.pk: Hands() for one in dossiers}
    known = _Known(dossiers, official, day)
    return {one.pk: known.hands(one) for one in dossiers}


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


def standing_absence(*, official: Official, day: date) -> Absence | None:
    """Return the absence of the official that holds on `day`, if there is one."""
    return absences_of(official=official, day=day).first()


def covered_by(*, official: Official, day: date) -> QuerySet[Official]:
    """Return the colleagues for whom `official` stands in on `day`."""
    away = Absence.objects.filter(cover=official, away__contains=day, ended_at__isnull=True)
    return Official.objects.filter(pk__in=away.values("official"))


def absences_of(*, official: Official | None, day: date) -> QuerySet[Absence]:
    """Return the absences of the official that hold on `day`, with who is away and who covers."""
    away = Absence.objects.filter(official=official, away__contains=day, ended_at__isnull=True)
    return away.select_related("official__user", "cover__user").order_by("pk")


def was_passed_on(*, dossier: Dossier) -> bool:
    """Return whether the office that received the dossier has passed it on."""
    return any(event.action == Action.FORWARD for event in dossier.events.all())


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
    Both are read here (one query) and named by their keys: of three subqueries joined by OR no plan
    finds the rows by an index, and every dossier of the province would be looked at.
    """
    agencies = Agency.objects.filter(unit__in=units.values("pk")).values_list("pk", flat=True)
    away = Absence.objects.filter(cover=user.pk, away__contains=day, ended_at__isnull=True)
    covered = away.values_list("official_id", flat=True)
    ask_together(agencies, covered)
    here = Q(competent__in=list(agencies)) | Q(received_at__in=list(agencies))
    return here | Q(assignee__in=list(covered)) if covered else here


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


class _Known:
    """What tells an official's hands on some dossiers, read together."""

    def __init__(self, dossiers: Sequence[Dossier], official: Official, day: date) -> None:
        agencies = {one.competent_id for one in dossiers}
        fields = {field_of(one) for one in dossiers}
        signed = Delegation.objects.filter(agency__in=agencies, domain_vi__in=["", *fields])
        ours = [one.assignee for one in dossiers if one.assignee is not None]
        covered = official.covers.filter(official__in=ours, away__contains=day, ended_at=None)
        represented = Authority.objects.standing(day).filter(
            for_party__in={one.owner_id for one in dossiers}
        )
        acting = represented.values_list("for_party_id", "actor_id")
        held = grants_on(day).filter(official=official)
        here = Agency.objects.filter(pk=official.agency_id).select_related("unit__parent__parent")
        mine = _held_by(official, signed, day)
        fields_signed = signed.values_list("agency_id", "domain_vi").order_by().distinct()
        away = covered.values_list("official_id", flat=True)
        ask_together(acting, held, here, mine, fields_signed, away)
        self._official, self._day = official, day
        official.agency = here[0]
        self._held, self._reserved = list(held), set(fields_signed)
        self._concerned = _concerned(dossiers, acting)
        self._everybody = set().union(*self._concerned.values())
        self._family = self._family_of(official)
        self._covered = _grants_of_each(set(away), day)
        self._mine = [(one, self._family_of(one.holder)) for one in mine if _may_sign(one, day)]

    def hands(self, dossier: Dossier) -> Hands:
        """Return what the official may do with one of the dossiers."""
        concerned, unit = self._concerned[dossier.pk], dossier.competent.unit
        if concerned & self._family:
            return Hands()
        is_own = self._official.agency_id == dossier.competent_id
        here = _roles_among(self._held, unit) if is_own else frozenset()
        absent = self._absent_from(dossier)
        if absent is not None:
            here |= _COVERED & _roles_among(self._covered[absent.pk], unit)
        counter = _roles_among(self._held, self._official.agency.unit)
        if not here:
            return Hands(counter=counter)
        fields = ("", field_of(dossier))
        mine = [
            one
            for one, family in self._mine
            if one.agency_id == dossier.competent_id
            and one.domain_vi in fields
            and not concerned & family
        ]
        return Hands(
            here=here,
            counter=counter,
            delegation=next((one for one in mine if not _is_used_up(one)), None),
            used_up=next((one for one in mine if _is_used_up(one)), None),
            is_reserved=any((dossier.competent_id, one) in self._reserved for one in fields),
            cover_for=absent,
        )

    def _absent_from(self, dossier: Dossier) -> Official | None:
        """Return the absent colleague whose dossier it is and for whom the official stands in."""
        colleague = dossier.assignee
        if colleague is None or colleague.pk not in self._covered:
            return None
        return colleague if colleague.agency_id == dossier.competent_id else None

    def _family_of(self, official: Official) -> set[int]:
        """Return those whom the dossiers concern and who are the official or close kin."""
        return family_among(official=official, concerned=self._everybody, day=self._day)


def _concerned(
    dossiers: Iterable[Dossier], acting: Iterable[tuple[int, int]]
) -> dict[int, set[int]]:
    """Return by dossier its applicant, its owner, and who acts for the owner."""
    actors: defaultdict[int, set[int]] = defaultdict(set)
    for party, actor in acting:
        actors[party].add(actor)
    return {one.pk: {one.applicant_id, one.owner_id} | actors[one.owner_id] for one in dossiers}


def _held_by(deputy: Official, signed: QuerySet[Delegation], day: date) -> QuerySet[Delegation]:
    """Return what holds today of what the deputy may sign, with how often it was used."""
    standing = signed.filter(deputy=deputy, valid__contains=day, revoked_at__isnull=True)
    used = Count("steps", filter=Q(steps__action__in=_SIGNED))
    read = standing.select_related("holder__user", "holder__agency__unit__parent")
    return read.annotate(used_count=used).order_by("pk")


def _may_sign(delegation: Delegation, day: date) -> bool:
    """Return whether the office holder still is one: nobody gives what they no longer have."""
    return holds_office(official=delegation.holder, day=day)


def _grants_of_each(officials: Collection[int], day: date) -> dict[int, list[Grant]]:
    """Return the grants of each of the officials."""
    found: dict[int, list[Grant]] = {one: [] for one in officials}
    for grant in grants_on(day).filter(official__in=officials) if officials else ():
        found[grant.official_id].append(grant)
    return found


def _is_used_up(delegation: Delegation) -> bool:
    ceiling = delegation.ceiling_count
    used: int = delegation.used_count  # type: ignore[attr-defined]  # annotated in `_held_by`
    return ceiling is not None and used >= ceiling


def _hands_of_citizen(dossier: Dossier, user: User, day: date) -> Hands:
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
