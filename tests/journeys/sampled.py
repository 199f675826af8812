"""An address for every page of citizens and the public, with something on each.

The list of pages is that of the address table: `unsampled` names the pages without a sample.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import URLPattern, reverse

from citizens.enums import FactTable, ViewPurpose
from citizens.models import DataRequest, HelpRequest, User
from citizens.selectors import Origin
from citizens.services import record_access
from dossiers.models import BundleCase, Dossier, Draft
from dossiers.services import contest_field, submit_dossier
from dossiers.services.call_ticket import call_next, sit_down
from dossiers.services.open_hall import open_hall, renew_kiosk
from dossiers.services.take_ticket import take_ticket
from notifications.enums import Channel
from notifications.rules.notices import Notice, NoticeKind
from notifications.services import record_inbound, sign_notice
from portal.common import clock
from portal.reporting.services.fold_events import fold_events
from portal.reporting.services.keep_figures import keep_figures
from portal.web.demo_phones import url_id
from portal.web.origins import token_of
from portal.web.urls import pages
from procedures.models import Suggestion
from procedures.selectors import version_in_force
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    OfficialFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.factories.papers import a_document
from tests.journeys.conftest import PHONE, Home, World
from tests.procedures.programme_scene import on_air

# Files and sheets of paper; what machines ask, and what stands for a bank and a chat in a trial.
FILES = {
    "anywhere_file", "calendar_feed", "calendar_file", "issued", "letter_print", "manifest",
    "map_figures", "map_kept_changes", "map_kept_figures", "map_kept_rows", "map_rows",
    "burdens_file", "goals_file", "map_unit_days", "map_unit_late", "overdue_file", "quality_file",
    "paper_file", "programme_feed", "programme_sound", "request_copy_file", "service_scores_file",
    "service_worker", "simplifications_file", "slip", "verify_key", "views_file",
}  # fmt: skip
MACHINES = {
    "demo_bank", "chat", "inbound_chat", "inbound_chat_secret", "inbound_sms", "inbound_sms_secret",
    "payment_hook", "receipts", "receipts_secret",
}  # fmt: skip
# What only takes a press; and what stands only after a step or a result (tests/web).
PRESSES = {
    "calendar_address", "case_decide", "case_step", "case_step_draft", "chat_link", "chat_unlink",
    "choices_resume", "choices_undo", "device_off", "device_on", "dossier_look", "feedback_sent",
    "filing_draft", "hearing", "help_answer", "help_end", "offers", "paper_remove", "paper_slot",
    "phone_answer",
    "rate", "receive", "restore", "saved", "suggestion_draft", "supplement", "verify_file",
}  # fmt: skip
LOST, RENEWAL = "driving_licence_reissue", "driving_licence_renewal"


@dataclass
class Sampled:
    """Addresses by the name of their page; whose they are, None for everybody's."""

    found: dict[str, list[tuple[User | None, str]]] = field(default_factory=dict)

    def add(self, user: User | None, name: str, *args: Any, query: str = "") -> None:
        """Keep one more address of a page."""
        address = reverse(f"web:{name}", args=args) + query
        self.found.setdefault(name, []).append((user, address))

    def by_user(self) -> dict[User | None, list[str]]:
        """Return the addresses of each, visitors' first."""
        told: dict[User | None, list[str]] = {None: []}
        for user, address in (one for rows in self.found.values() for one in rows):
            told.setdefault(user, []).append(address)
        return told

    def unsampled(self) -> set[str]:
        """Return the names of pages for which there is no sample."""
        named = {str(one.name) for one in pages if isinstance(one, URLPattern)}
        return named - set(self.found) - FILES - MACHINES - PRESSES


def browser_of(user: User) -> Client:
    """Return a client that is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sample(world: World, home: Home) -> Sampled:
    """Let something happen on every page, and return where it stands."""
    told = Sampled()
    _public(told)
    _waiting_room(told)
    _matters(told, world)
    _people(told, world)
    _drafts(told, world)
    _case(told, home)
    _rights(told, world)
    fold_events()
    _kept(told)
    return told


def _kept(told: Sampled) -> None:
    """Keep the figures of the month that ended last, as the night does."""
    today = clock.today()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    kept = keep_figures(month=month, today=today)
    assert kept is not None
    told.add(None, "map_kept_month", month, kept.version)


def _public(told: Sampled) -> None:
    plain = ("home", "procedures", "anywhere", "roadmap", "track", "call_back", "call_back_noted",
             "map", "map_kept", "map_meanings", "map_reported", "overdue", "quality",
             "feedback", "feedback_look", "goals", "burdens", "service_scores",
             "simplifications",
             "help", "help_words", "verify", "verify_offline", "offline", "phones")  # fmt: skip
    for name in plain:
        told.add(None, name)
    for query in ("?q=mat+bang+lai", "?q=xyzzy", "?all"):
        told.add(None, "procedures", query=query)
    told.add(None, "procedure", RENEWAL)
    told.add(None, "map", query="?counts=reported&period=2026-11")
    told.add(None, "map_unit", "20242")
    told.add(None, "programmes")
    told.add(None, "programme", on_air(procedures=(RENEWAL,)).key)
    told.add(None, "help_page", "fake-messages")
    told.add(None, "phone", url_id(PHONE))
    letter = Notice(NoticeKind.LETTER, "CDFG2345", "H17.1", clock.today())
    told.add(None, "verify_paper", sign_notice(letter))
    told.add(None, "verify_form", "CDFGH-CDFGH-CDFGH-CDFGH")


def _waiting_room(told: Sampled) -> None:
    """Let somebody wait, and somebody be called."""
    official, now = OfficialFactory(), clock.now()
    hall = open_hall(agency=official.agency)
    group, token = hall.groups.get(prefix="A"), renew_kiosk(hall=hall)
    take_ticket(group=group, has_priority=False, now=now)
    waits = take_ticket(group=group, has_priority=False, now=now)
    sit_down(official=official, hall=hall, number=1, letters="", now=now)
    call_next(official=official, now=now)
    told.add(None, "kiosk", token)
    told.add(None, "kiosk_ticket", token, waits.public_id)
    told.add(None, "queue_screen", hall.public_id)


def _matters(told: Sampled, world: World) -> None:
    """Fill my matters: a paper that waits, a filed dossier, a pile, what was contested, views."""
    lan, user = world.lan, world.user
    world.scan()
    suggestion = Suggestion.objects.get(rule__key=RENEWAL)
    firm = OrganisationFactory(name="Hợp tác xã vận tải Sông Hàn", unit=lan.unit)
    AuthorityFactory(actor=lan, for_party=firm.party, basis="representative")
    in_ten_days = world.today + timedelta(days=10)
    for number in range(5):
        CredentialFactory(
            holder=firm, kind="transport_badge", register__code="TRANS", category="",
            details={"plate": f"43B-{number:05d}"}, expires_on=in_ten_days,
        )  # fmt: skip
    CredentialFactory(
        holder=lan, kind="passport", register__code="XNC", category="", unit=lan.unit,
        expires_on=in_ten_days,
    )  # fmt: skip
    record_access(
        actor=world.officer,
        purpose=ViewPurpose.DOSSIER,
        page="dossier",
        fields=["full_name", "papers"],
        subject_ids=[lan.pk],
    )
    world.scan()
    waiting = Suggestion.objects.get(rule__key="passport_issue").public_id
    dossier = _filed(world, suggestion).public_id
    told.add(user, "matters")
    told.add(user, "pile", "transport_badge", firm.party.public_id)
    for name in ("suggestion", "suggestion_why", "snooze", "dismiss"):
        told.add(user, name, waiting)
    for name in ("dossier", "withdraw"):
        told.add(user, name, dossier)
    for name in ("dossiers", "calendar", "papers", "inbox", "views", "choices", "kept", "why_not"):
        told.add(user, name)
    for rule in ("passport_issue", "social_pension"):
        told.add(user, "why", rule)
    letter = lan.party.messages.filter(topic="credential_expiring").earliest("pk")
    told.add(user, "letter", letter.public_id)


def _filed(world: World, suggestion: Suggestion) -> Dossier:
    procedure = suggestion.rule.procedure
    assert procedure is not None
    return submit_dossier(
        applicant=world.lan,
        suggestion=suggestion,
        version=version_in_force(procedure=procedure, day=world.today),
        answers={"delivery": "Trực tiếp"},
        now=clock.now(),
    )


def _people(told: Sampled, world: World) -> None:
    """Let somebody help Mrs Lan, and be asked for a code for somebody else."""
    helper = CitizenFactory(unit=world.lan.unit)
    other = CitizenFactory(unit=world.lan.unit)
    ContactPointFactory(party=other.party, value="+84505550909", verified_at=clock.now())
    user = UserFactory(citizen=helper)
    for person, name in ((world.lan, "helped"), (other, "help_code")):
        browser_of(user).post(
            reverse("web:helping"),
            {"pin": str(person.pin), "kind": "family", "procedure": "", "days": "30"},
        )
        asked = HelpRequest.objects.latest("pk")
        if person == world.lan:
            address = reverse("web:help_answer", args=[asked.public_id])
            browser_of(world.user).post(address, {"answer": "yes"})
        told.add(user, name, asked.public_id)
    told.add(user, "helping")
    told.add(world.user, "helpers")


def _drafts(told: Sampled, world: World) -> None:
    """Begin a form and lay a paper ready."""
    user = world.user
    form = reverse("web:filing", args=[LOST])
    browser_of(user).post(form, {"reason": "Khác", "delivery": "Trực tiếp", "save": "1"})
    told.add(user, "filing_begin", "transport_badge")
    told.add(user, "filing", LOST)
    told.add(user, "filing_check", LOST)
    told.add(user, "drafts")
    told.add(user, "draft_delete", Draft.objects.latest("pk").public_id)
    a_document(world.lan.party)
    told.add(user, "repository")
    told.add(user, "wishes")
    told.add(user, "wish", "house_build")
    query = "?work_kind=Nh%C3%A0+%E1%BB%9F+ri%C3%AAng+l%E1%BA%BB&floors=3"
    told.add(user, "wish", "house_build", query=query)
    for key in (RENEWAL, "passport_issue"):
        told.add(user, "need", key)


def _case(told: Sampled, home: Home) -> None:
    """File what follows a birth."""
    user = UserFactory(citizen=home.mother)
    page = reverse("web:suggestion", args=[Suggestion.objects.get(rule__key="birth").public_id])
    browser = browser_of(user)
    asked = browser.get(page).context["form"]
    answers = {field.name: field.value() or _any_answer(field.field) for field in asked}
    browser.post(page, answers | {"child_surname": "Lê", "child_given_name": "An"})
    case = BundleCase.objects.get().public_id
    told.add(user, "case", case)
    told.add(user, "matters")


def _any_answer(field: Any) -> str:
    """Return what a question takes: its first choice, a moment that comes, or words."""
    choices = [key for key, _label in getattr(field, "choices", ()) if key]
    if choices:
        return str(choices[0])
    kind = getattr(field.widget, "input_type", "")
    return "2099-12-01T09:00" if kind == "datetime-local" else "Trạm y tế phường"


def _rights(told: Sampled, world: World) -> None:
    """Contest a value, ask for a copy, silence a number."""
    lan, user = world.lan, world.user
    address = Origin(FactTable.CITIZEN, lan.pk, "current_address")
    contest_field(citizen=lan, origin=address, stated="Tổ 5", note="", day=world.today)
    told.add(user, "my_data")
    told.add(user, "contest", token_of(origin=address, citizen=lan))
    browser = browser_of(user)
    told.add(user, "requests")
    for kind, said in (("copy", ""), ("restrict", "Chỉ dùng khi giải quyết hồ sơ.")):
        page = reverse("web:request_new", args=[kind])
        told.add(user, "request_new", kind)
        browser.post(page, {"body": said} if said else {"at_once": "1"})
    for row in DataRequest.objects.order_by("pk"):
        told.add(user, "request", row.public_id)
        told.add(user, "request_copy" if row.kind == "copy" else "request_cancel", row.public_id)
    silent = CitizenFactory(unit=lan.unit)
    point = ContactPointFactory(party=silent.party, value="+84505550808", verified_at=clock.now())
    record_inbound(channel=Channel.SMS, key="k", sender=point.value, body="0", now=clock.now())
    told.add(UserFactory(citizen=silent), "number_code", point.public_id)
