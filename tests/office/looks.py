"""Every way in which the desk, and the API of registers, shows a person to an official."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from citizens.enums import Role, ViewPurpose
from citizens.models import Batch, Citizen, CitizenSensitive, DataRequest, Discrepancy, Rejection
from notifications.models import CallBack, Message
from portal.common import clock
from procedures.models import Suggestion
from tests.factories.citizens import BatchFactory, GrantFactory
from tests.factories.notifications import MessageFactory
from tests.office.places import Place

LINE = 7


@dataclass(frozen=True)
class Asked:
    """An address, and what is posted there; nothing posted means it is opened."""

    address: str
    posted: dict[str, Any] = field(default_factory=dict)

    def by(self, client: Client) -> Any:
        """Return the answer; what comes piece by piece has not left yet."""
        if self.posted:
            return client.post(self.address, self.posted)
        return client.get(self.address)


Look = Callable[[Place, list[Citizen]], Asked]


def something_sealed(here: Place, people: list[Citizen]) -> None:
    """Give each a religion, and the first a row that was rejected; the official may see all."""
    GrantFactory(official=here.official, role=Role.DATA_STEWARD, unit=here.unit.parent)
    for person in people:
        body = CitizenSensitive.seal_body(person.seal_identity, {"religion": "Không"})
        CitizenSensitive.objects.create(citizen=person, body_enc=body, as_of=clock.today())
    batch = BatchFactory(register__code="NPD", kind="person", header=["pin", "full_name"])
    cells = [people[0].pin or "", people[0].full_name]
    Rejection.objects.create(
        batch=batch,
        line=LINE,
        column="full_name",
        code="x",
        reason_vi="Sai",
        row_enc=Rejection.seal_row(batch, LINE, cells),
    )


def _page(name: str, *keys: object) -> Asked:
    return Asked(reverse(f"admin:{name}", args=keys))


def _revealed(what: str, person: Citizen) -> Asked:
    page = _page(f"citizens_citizen_reveal_{what}", person.pk)
    return Asked(page.address, {"purpose": ViewPurpose.DATA_QUALITY, "code": ""})


def _people(query: str = "") -> Asked:
    return Asked(_page("citizens_citizen_changelist").address + query)


def _message(person: Citizen) -> Asked:
    latest = Message.objects.filter(recipient=person.party).latest("pk")
    return _page("notifications_message_change", latest.pk)


def _suggestion(person: Citizen) -> Asked:
    found = Suggestion.objects.get(subject=person.party)
    return _page("procedures_suggestion_change", found.pk)


def _rejected_row() -> Asked:
    page = _page("office_batch_row", Batch.objects.latest("pk").public_id)
    return Asked(page.address, {"line": str(LINE)})


def _errors_by_api() -> Asked:
    batch = Batch.objects.latest("pk")
    return Asked(reverse("api:batch_errors", args=[batch.register_id, batch.public_id]))


def _visits(page: str, person: Citizen) -> Asked:
    """Return the visit list, on which the person stands: a matter did not arrive."""
    MessageFactory(recipient=person.party, state="failed", thread_key="dossier:1")
    return _page(page)


LOOKS: dict[str, Look] = {
    "list": lambda _here, _people_here: _people(),
    "search": lambda _here, people: _people(f"?q={people[0].given_name}"),
    "window": lambda _here, _people_here: _people("?_popup=1"),
    "detail": lambda _here, people: _page("citizens_citizen_change", people[0].pk),
    "history": lambda _here, people: _page("citizens_citizen_history", people[0].pk),
    "number in full": lambda _here, people: _revealed("personal_id", people[0]),
    "sensitive data": lambda _here, people: _revealed("sensitive", people[0]),
    "papers": lambda _here, _people_here: _page("citizens_credential_changelist"),
    "messages": lambda _here, _people_here: _page("notifications_message_changelist"),
    "message": lambda _here, people: _message(people[0]),
    "not reached": lambda _here, people: _visits("office_visits", people[0]),
    "not reached as a file": lambda _here, people: _visits("office_visits_file", people[0]),
    "why": lambda _here, people: _page("office_why_person", people[0].party.public_id),
    "why of a rule": lambda _here, people: _page(
        "office_why_rule", people[0].party.public_id, "driving_licence_renewal"
    ),
    "suggestions": lambda _here, _people_here: _page("procedures_suggestion_changelist"),
    "suggestion": lambda _here, people: _suggestion(
        next(one for one in people if Suggestion.objects.filter(subject=one.party))
    ),
    "today": lambda _here, _people_here: _page("index"),
    "queue": lambda _here, _people_here: _page("office_queue"),
    "queue searched": lambda here, _people_here: Asked(
        _page("office_queue").address + f"?q={here.mark}"
    ),
    "dossier": lambda here, _people_here: _page("office_dossier", here.dossier.public_id),
    "dossier as an archive": lambda here, _people_here: _page(
        "office_dossier_zip", here.dossier.public_id
    ),
    "values in doubt": lambda _here, _people_here: _page("citizens_discrepancy_changelist"),
    "value in doubt": lambda _here, _people_here: _page(
        "citizens_discrepancy_change", Discrepancy.objects.latest("pk").pk
    ),
    "values in doubt as a file": lambda _here, _people_here: _page("citizens_discrepancy_export"),
    "requests": lambda _here, _people_here: _page("citizens_datarequest_changelist"),
    "request": lambda here, _people_here: _page(
        "citizens_datarequest_change", DataRequest.objects.get(citizen=here.citizen).pk
    ),
    "call-backs": lambda _here, _people_here: _page("office_call_backs"),
    "call-back": lambda here, _people_here: _page(
        "office_call_back", CallBack.objects.get(party=here.citizen.party).public_id
    ),
    "rejected row": lambda _here, _people_here: _rejected_row(),
    "file of errors": lambda _here, _people_here: _page(
        "office_batch_errors", Batch.objects.latest("pk").public_id
    ),
    "errors by API": lambda _here, _people_here: _errors_by_api(),
}
# The second is an archive: its form is empty here, and what it holds is read in its own tests.
SHORTENS_NAMES = {"values in doubt as a file", "dossier as an archive"}
