"""Filing from a procedure's own page: for whom, what is asked, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Party, Unit
from citizens.selectors import name_of
from citizens.selectors.helping import helped_by, may_help
from dossiers.models import Dossier, Draft
from dossiers.selectors import age_fault, draft_about, drafts_of, kept_until
from portal.common import clock
from portal.web.presenters.language import either
from portal.web.presenters.matters import Waiting, waiting
from portal.web.presenters.people import parties_of
from portal.web.presenters.rows import Row, shown_value
from procedures.definition import ProcedureDefinition
from procedures.enums import FilingChannel, SubjectKind
from procedures.models import ProcedureVersion
from procedures.prefill import Form, prefill_form
from procedures.rules import channel_from_home
from procedures.selectors import offers_of, suggestions_of, versions_in_force


@dataclass(frozen=True)
class Matter:
    """A procedure that `applicant` files from its page for `owner`, with what is begun of it.

    `is_helped` says that the owner let the applicant help: the form is theirs, its words are not.
    """

    version: ProcedureVersion
    definition: ProcedureDefinition
    applicant: Citizen
    owner: Party
    day: date
    draft: Draft | None
    is_helped: bool = False

    @property
    def title(self) -> str:
        """The name of the procedure."""
        return either(self.definition.name_vi, self.definition.name_en)

    @property
    def channel(self) -> FilingChannel:
        """As what the dossier counts."""
        return channel_from_home(self.definition.channels)

    @property
    def at_office(self) -> bool:
        """Whether the law has an office receive it, so that it is only made ready here."""
        return self.channel != FilingChannel.ONLINE

    @property
    def name(self) -> str:
        """Whose it is: their name."""
        return name_of(self.owner)

    @property
    def for_whom(self) -> str:
        """For whom it is, "" for oneself."""
        if self.owner.pk == self.applicant.pk:
            return ""
        return _("For %(name)s") % {"name": name_of(self.owner)}

    @property
    def query(self) -> str:
        """The end of its addresses that names the owner, "" for oneself."""
        return "" if self.owner.pk == self.applicant.pk else f"?for={self.owner.public_id}"

    @property
    def back(self) -> str:
        """The query with which "Không đúng?" comes back here."""
        return f"procedure={self.definition.key}" + self.query.replace("?", "&")

    @property
    def stated(self) -> dict[str, str]:
        """What was answered so far, by the names of the fields."""
        return {} if self.draft is None else self.draft.form

    @property
    def number(self) -> int:
        """The version of the draft that a page shows, 0 without one."""
        return 0 if self.draft is None else self.draft.version

    def url(self, name: str) -> str:
        """Return the address of one of its pages."""
        return reverse(f"web:{name}", args=[self.definition.key]) + self.query

    def form(self) -> Form:
        """Return the form as it is known today."""
        return prefill_form(
            version=self.version,
            subject=self.owner,
            applicant=self.applicant,
            suggestion=None,
            day=self.day,
        )


def version_of(key: str, day: date) -> ProcedureVersion:
    """Return what is in force of a procedure; Http404 without."""
    version = versions_in_force(day=day).filter(procedure__key=key).first()
    if version is None:
        raise Http404
    return version


def title_of(version: ProcedureVersion) -> str:
    """Return the name of a procedure."""
    return either(version.name_vi, version.name_en)


def unit_of(party: Party) -> Unit:
    """Return the unit in which a person lives or an organisation has its seat."""
    unit: Unit = getattr(party, party.kind).unit
    return unit


def matter_of(request: HttpRequest, citizen: Citizen, key: str) -> Matter:
    """Return what `?for=` and the address name; Http404 for whom the person may not file."""
    day = clock.today()
    version = version_of(key, day)
    definition = ProcedureDefinition.from_json(version.definition)
    wanted = request.GET.get("for", str(citizen.party.public_id))
    own = owners(definition, citizen, day)
    is_own = any(str(owner.public_id) == wanted for owner in own)
    helped = [] if is_own else _helped(definition, citizen, wanted, day)
    for owner in [*own, *helped]:
        if str(owner.public_id) == wanted:
            draft = draft_about(applicant=citizen, owner=owner, procedure=version.procedure)
            is_helped = owner in helped
            return Matter(version, definition, citizen, owner, day, draft, is_helped)
    raise Http404


def owners(definition: ProcedureDefinition, citizen: Citizen, day: date) -> list[Party]:
    """Return for whom the person may file it: organisations or people, themselves first."""
    if definition.trigger.subject == SubjectKind.ORGANISATION:
        return [one for one in parties_of(citizen, day) if one.kind == PartyKind.ORGANISATION]
    people = [one for one in parties_of(citizen, day) if one.kind == PartyKind.CITIZEN]
    return [
        one
        for one in people
        if not age_fault(definition=definition, applicant=citizen, owner=one, day=day)
    ]


def _helped(
    definition: ProcedureDefinition, citizen: Citizen, wanted: str, day: date
) -> list[Party]:
    """Return the person named by `wanted` if the citizen helps them to file this."""
    try:
        party = helped_by(helper=citizen, public_id=UUID(wanted), day=day)
    except ValueError:
        return []
    if party is None or definition.trigger.subject == SubjectKind.ORGANISATION:
        return []
    if age_fault(definition=definition, applicant=citizen, owner=party, day=day):
        return []
    may = may_help(helper=citizen, party=party, procedure=definition.key, day=day)
    return [party] if may else []


def prepared(version: ProcedureVersion, citizen: Citizen, day: date) -> list[Waiting]:
    """Return what waits for the person and holds this procedure, alone or as a step of several."""
    code = version.procedure.code
    offered = []
    rows = list(suggestions_of(citizen=citizen, day=day))
    for row, offer in zip(rows, offers_of(suggestions=rows, day=day), strict=True):
        codes = {one.procedure.code for one in offer.versions} | {one.code for one in offer.steps}
        if code in codes:
            offered.append(row)
    return waiting(offered, day)


def answered(form: Form, answers: Mapping[str, str]) -> list[Row]:
    """Return what the person answered, as rows in the order of the form."""
    return [
        Row(
            label=either(field.label_vi, field.label_en),
            value=shown_value(field.type, answers[field.name], field.english),
            source="",
            as_of=None,
        )
        for field in form.fields
        if answers.get(field.name) and not field.value
    ]


def filed_already(matter: Matter) -> Dossier | None:
    """Return the open dossier of the same matter: one is open at a time."""
    same = Dossier.objects.unfinished().filter(
        owner=matter.owner, applicant=matter.applicant, anchor=0
    )
    return same.filter(procedure_version__procedure=matter.version.procedure_id).first()


@dataclass(frozen=True)
class DraftLine:
    """One draft on the list of drafts."""

    public_id: UUID
    title: str
    for_whom: str
    saved_on: date
    kept_until: date
    url: str


def draft_lines(citizen: Citizen) -> list[DraftLine]:
    """Return what the person has begun and not filed, the latest first."""
    return [draft_line(draft, citizen) for draft in drafts_of(applicant=citizen)]


def draft_line(draft: Draft, citizen: Citizen) -> DraftLine:
    """Return one draft as its pages tell it."""
    version, is_own = draft.procedure_version, draft.owner_id == citizen.pk
    if draft.suggestion is not None:
        url = reverse("web:suggestion", args=[draft.suggestion.public_id])
    else:
        query = "" if is_own else f"?for={draft.owner.public_id}"
        url = reverse("web:filing", args=[version.procedure.key]) + query
    return DraftLine(
        public_id=draft.public_id,
        title=either(version.name_vi, version.name_en),
        for_whom="" if is_own else _("For %(name)s") % {"name": name_of(draft.owner)},
        saved_on=clock.civil_date(draft.saved_at),
        kept_until=kept_until(draft),
        url=url,
    )
