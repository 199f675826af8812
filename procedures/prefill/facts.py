"""What the registers know about the people of one form, read once when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet

from citizens.enums import (
    AuthorityBasis,
    ContactChannel,
    EventRole,
    LifeEventKind,
    PartyKind,
    RelationKind,
)
from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    Discrepancy,
    EventParty,
    HouseholdMember,
    LifeEvent,
    Organisation,
    Party,
    Register,
    RegisterRecord,
    Relation,
)
from citizens.selectors import Origin, by_origin, contests_of
from portal.common.sql import ask_together
from procedures.enums import TriggerKind
from procedures.models import Suggestion
from procedures.rules import age_on

ADULT_AGE = 18


class _Stored(NamedTuple):
    sensitive: Mapping[int, CitizenSensitive]
    credentials: Sequence[Credential]
    records: Sequence[RegisterRecord]
    contacts: Sequence[ContactPoint]
    contests: Mapping[Origin, Discrepancy]
    registers: Mapping[str, Register]


@dataclass
class Facts:
    """What a form may be filled from; `people` are keyed by their part in the form's paths.

    `children` are the keys of the subject's children, of whatever age; `members` of the household
    are those who live.
    """

    subject: Party
    applicant: Citizen
    suggestion: Suggestion | None
    day: date
    organisation: Organisation | None = None
    event: LifeEvent | None = None
    people: dict[str, Citizen] = field(default_factory=dict)
    children: frozenset[int] = frozenset()
    members: Sequence[HouseholdMember] = ()

    @property
    def sensitive(self) -> Mapping[int, CitizenSensitive]:
        """What is sealed about the people, by key: it stays sealed unless a field asks for it."""
        return self._stored.sensitive

    @property
    def credentials(self) -> Sequence[Credential]:
        """The papers of the people and the subject, those that stand first."""
        return self._stored.credentials

    @property
    def records(self) -> Sequence[RegisterRecord]:
        """The registers' records about them and their household, the latest first."""
        return self._stored.records

    @property
    def contacts(self) -> Sequence[ContactPoint]:
        """The applicant's verified contacts, their own before a shared one."""
        return self._stored.contacts

    @property
    def contests(self) -> Mapping[Origin, Discrepancy]:
        """What the applicant contests, by the stored value."""
        return self._stored.contests

    @property
    def registers(self) -> Mapping[str, Register]:
        """All registers, by code."""
        return self._stored.registers

    @cached_property
    def _stored(self) -> _Stored:
        """Read all tables by one question, when the first of them is asked for."""
        households = {member.household_id for member in self.members}
        papers = Credential.objects.known().filter(holder__in=self._holders)
        papers = papers.order_by("-status", "-issued_on", "-pk")  # "valid" is behind "lost"
        records = RegisterRecord.objects.filter(subject__in=self._holders | households)
        records = records.order_by("-as_of", "-pk")
        contacts = ContactPoint.objects.filter(
            party=self.applicant.party_id, verified_at__isnull=False
        ).order_by("shared", "-verified_at")
        contests, registers = contests_of(citizen=self.applicant), Register.objects.all()
        sealed = CitizenSensitive.objects.filter(citizen__in=self._citizens)
        sealed = sealed.select_related("citizen")
        ask_together(sealed, papers, records, contacts, contests, registers)
        return _Stored(
            {row.pk: row for row in sealed},
            list(papers),
            list(records),
            list(contacts),
            by_origin(contests),
            {register.code: register for register in registers},
        )

    @property
    def _citizens(self) -> set[int]:
        return {person.pk for person in self.people.values()}

    @property
    def _holders(self) -> set[int]:
        return self._citizens | {self.subject.pk}

    @property
    def person(self) -> Citizen | None:
        """The person that the form is about; None for an organisation."""
        return self.people.get("subject")

    @property
    def trigger(self) -> str | None:
        """The kind of rule that suggested the form, if one did."""
        return None if self.suggestion is None else self.suggestion.rule.kind

    @property
    def is_of_newborn(self) -> bool:
        """Whether a birth was told whose child no register knows yet."""
        return self.event is not None and self.event.kind == LifeEventKind.BIRTH_NOTIFIED


def gather(
    *,
    subject: Party,
    applicant: Citizen,
    suggestion: Suggestion | None,
    day: date,
    event: LifeEvent | None = None,
) -> Facts:
    """Return the facts of a form: eight queries at most, the last when a field asks for its value.

    `event` is what the form hangs on where no suggestion says it.
    """
    facts = Facts(subject=subject, applicant=applicant, suggestion=suggestion, day=day, event=event)
    _find_subject(facts)
    _find_event(facts)
    person = facts.person or facts.people["applicant"]
    bonds, members = _bonds_about(facts), _living_with(person, day)
    ask_together(bonds, members)
    _find_family(facts, bonds)
    _find_household(facts, members)
    return facts


def _find_subject(facts: Facts) -> None:
    keys = {facts.applicant.pk, facts.subject.pk}
    people = _read_already(facts.applicant)
    if not keys <= people.keys():
        people = Citizen.objects.select_related("unit").in_bulk(keys)
    facts.people["applicant"] = people[facts.applicant.pk]
    facts.people["requester"] = facts.people["applicant"]
    if facts.subject.pk in people:
        facts.people["subject"] = people[facts.subject.pk]
        return
    organisations = Organisation.objects.select_related("unit")
    facts.organisation = organisations.filter(pk=facts.subject.pk).first()
    speakers = Authority.objects.standing(facts.day).select_related("actor__unit")
    speaker = speakers.filter(
        for_party=facts.subject, basis=AuthorityBasis.REPRESENTATIVE
    ).order_by("pk")
    for authority in speaker[:1]:
        facts.people["representative"] = authority.actor


def _read_already(applicant: Citizen) -> dict[int, Citizen]:
    """Return the people that a page has read with its reader, if it has."""
    if applicant.represented is None:
        return {}
    parties = (applicant.party, *applicant.represented)
    return {one.pk: one.citizen for one in parties if one.kind == PartyKind.CITIZEN}


def _find_event(facts: Facts) -> None:
    """Name the people of the life event that the form hangs on."""
    anchor = facts.event and facts.event.pk
    if facts.suggestion is not None and facts.trigger == TriggerKind.LIFE_EVENT:
        anchor = facts.suggestion.anchor
    if anchor is None:
        return
    parts = EventParty.objects.select_related("event", "party__citizen__unit")
    for part in parts.filter(event=anchor).order_by("pk"):
        facts.event = part.event
        citizen = getattr(part.party, "citizen", None)
        if citizen is None:
            continue
        if part.role in (EventRole.MOTHER, EventRole.FATHER, EventRole.CHILD):
            facts.people[str(part.role)] = citizen
        elif part.event.kind in (LifeEventKind.DEATH_NOTIFIED, LifeEventKind.DEATH_REGISTERED):
            facts.people["deceased"] = citizen


def _bonds_about(facts: Facts) -> QuerySet[Relation]:
    """Return the family bonds of the applicant and the subject."""
    about = {facts.applicant.pk, facts.person.pk if facts.person else facts.applicant.pk}
    return (
        Relation.objects.filter(
            Q(person__in=about) | Q(relative__in=about), valid__contains=facts.day
        )
        .select_related("person__unit", "relative__unit")
        .order_by("pk")
    )


def _find_family(facts: Facts, bonds: Iterable[Relation]) -> None:
    """Name father, mother, spouse and guardian of the subject, and the child it is about."""
    subject = facts.person
    if subject is None:
        return
    for bond in bonds:
        if bond.relative_id == subject.pk:
            facts.people.setdefault(str(bond.kind), bond.person)
        elif bond.person_id == subject.pk and bond.kind == RelationKind.SPOUSE:
            facts.people.setdefault(str(bond.kind), bond.relative)
    facts.children = frozenset(
        bond.relative_id
        for bond in bonds
        if bond.person_id == subject.pk and bond.kind in (RelationKind.FATHER, RelationKind.MOTHER)
    )
    _name_child(facts, subject, bonds)
    if age_on(subject.birth_date, facts.day) < ADULT_AGE:
        _name_guardian(facts)


def _name_child(facts: Facts, subject: Citizen, bonds: Iterable[Relation]) -> None:
    """A minor subject is the child; else the subject's only minor child, never a guess of two."""
    if "child" in facts.people:
        return
    parents = (RelationKind.FATHER, RelationKind.MOTHER)
    children = {
        bond.relative_id: bond.relative
        for bond in bonds
        if bond.person_id == subject.pk
        and bond.kind in parents
        and age_on(bond.relative.birth_date, facts.day) < ADULT_AGE
    }
    if age_on(subject.birth_date, facts.day) < ADULT_AGE:
        facts.people["child"] = subject
    elif len(children) == 1:
        facts.people["child"] = next(iter(children.values()))


def _name_guardian(facts: Facts) -> None:
    """Parents represent their minor child (Bộ luật Dân sự 91/2015/QH13, Điều 136)."""
    for part in ("mother", "father"):
        if "guardian" not in facts.people and part in facts.people:
            facts.people["guardian"] = facts.people[part]


def _find_household(facts: Facts, members: Iterable[HouseholdMember]) -> None:
    """Name the subject's household; a child that is in none lives with the parent who files.

    The residence of a minor is the parents' (Luật Cư trú 68/2020/QH14, Điều 12).
    """
    facts.members = list(members)
    parent = facts.people["applicant"]
    if not facts.members and parent.pk in _parents_of(facts):
        facts.members = list(_living_with(parent, facts.day))
    for member in facts.members:
        if member.is_head:
            facts.people["household_head"] = member.citizen


def _parents_of(facts: Facts) -> set[int]:
    return {facts.people[part].pk for part in ("mother", "father") if part in facts.people}


def _living_with(person: Citizen, day: date) -> QuerySet[HouseholdMember]:
    mine = HouseholdMember.objects.filter(citizen=person, valid__contains=day)
    members = HouseholdMember.objects.filter(
        citizen__in=Citizen.objects.alive(),
        household__in=mine.values("household"),
        valid__contains=day,
    )
    return members.select_related("citizen__unit", "household__unit").order_by("-is_head", "pk")


def phone_of(facts: Facts) -> ContactPoint | None:
    """Return the applicant's verified number, their own before a shared one."""
    return _contact(facts, ContactChannel.SMS)


def email_of(facts: Facts) -> ContactPoint | None:
    """Return the applicant's verified e-mail address."""
    return _contact(facts, ContactChannel.EMAIL)


def _contact(facts: Facts, channel: ContactChannel) -> ContactPoint | None:
    return next((point for point in facts.contacts if point.channel == channel), None)
