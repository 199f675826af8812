"""Loading a small population, and what stands in the tables afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F
from pytest_django import DjangoDbBlocker

from citizens import selectors
from citizens.enums import (
    ContactChannel,
    DataRequestKind,
    DataRequestState,
    DiscrepancyState,
    FactKind,
    FactTable,
    PartyKind,
    Role,
)
from citizens.models import (
    AccessLog,
    Batch,
    Citizen,
    CitizenSensitive,
    Consent,
    ContactPoint,
    Correction,
    Credential,
    DataRequest,
    Discrepancy,
    FactChange,
    Grant,
    HouseholdMember,
    Official,
    Party,
    RegisterRecord,
    User,
)
from citizens.selectors import working_calendar
from dossiers.enums import Status
from dossiers.models import Dossier, DossierEvent, Result
from dossiers.services.review_automatic import REVIEWERS, REVOKERS
from notifications.selectors import opted_out_parties
from portal.demo.accounts import CITIZENS as CITIZEN_ACCOUNTS
from portal.demo.accounts import MAIN, PASSWORD, demo_sign_ins
from portal.demo.rights import ASKED, COPIES
from procedures.models import OpenMatter

ON = date(2026, 11, 22)
CITIZENS = 400

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def load(*options: str) -> str:
    """Run the command and return what it said."""
    said = StringIO()
    call_command("demo", f"--citizens={CITIZENS}", "--on=2026-11-22", *options, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the command said; each test works in a savepoint upon this population."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    """Return how many rows stand in each table of the facts' room."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'citizens_%'")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_the_population_is_loaded_with_everything_that_belongs_to_it(loaded: str) -> None:
    assert Citizen.objects.count() == CITIZENS
    assert f"{CITIZENS} citizens" in loaded
    kinds = dict(Party.objects.values_list("kind").annotate(Count("pk")))
    assert kinds[PartyKind.CITIZEN] == CITIZENS
    assert CitizenSensitive.objects.count() == CITIZENS
    assert not Citizen.objects.filter(memberships=None).exists()
    heads = HouseholdMember.objects.filter(is_head=True).values("household").annotate(n=Count("pk"))
    assert {row["n"] for row in heads} == {1}
    assert Batch.objects.filter(source__contains="citizens=400 seed=1 on=2026-11-22").count() == 14


def test_a_second_run_changes_nothing_and_says_so(loaded: str) -> None:
    before = counts()

    said = load()

    assert "nothing changed" in said
    assert counts() == before


def test_without_a_date_the_population_of_another_day_stays(loaded: str) -> None:
    said = StringIO()

    call_command("demo", f"--citizens={CITIZENS}", stdout=said)

    assert "nothing changed" in said.getvalue()


@pytest.mark.parametrize("option", ["--seed=2", "--on=2026-11-23", "--citizens=500"])
def test_another_population_is_not_mixed_in(loaded: str, option: str) -> None:
    before = counts()

    with pytest.raises(CommandError, match=r"citizens=400 seed=1 on=2026-11-22"):
        load(option)

    assert counts() == before


def test_numbers_open_and_are_found_by_their_index(loaded: str) -> None:
    lan = User.objects.get(username="lan").citizen
    assert lan is not None
    pin = Citizen.objects.get(pk=lan.pk).pin

    assert pin is not None
    assert pin.startswith("9991")
    assert Citizen.objects.with_pin(pin).get() == lan
    phone = ContactPoint.objects.get(party=lan.party, channel=ContactChannel.SMS)
    assert phone.value == "+84500000000"
    assert CitizenSensitive.objects.get(pk=lan.pk).body["ethnicity"]


def test_lans_licence_runs_out_in_sixty_days_and_nothing_else_is_missing(loaded: str) -> None:
    lan = User.objects.get(username="lan").citizen
    assert lan is not None
    licence = Credential.objects.get(holder=lan.party, kind="driving_licence")
    records = RegisterRecord.objects.filter(subject=lan.party)

    assert ((licence.expires_on or ON) - ON).days == 60
    assert (licence.category, licence.term) == ("B", 1)
    assert records.get(register="HEALTH", kind="driver_check").body["number"]
    assert records.get(register="NPD", kind="person").body["nationality"] == "Việt Nam"
    assert Credential.objects.get(holder=lan.party, kind="citizen_identity_card").issuer


def test_minh_acts_for_his_child_with_the_mother(loaded: str) -> None:
    minh = User.objects.get(username="minh").citizen
    assert minh is not None
    [child] = selectors.acting_for(actor=minh, day=ON)
    guardians = selectors.guardians_of(citizen=child.citizen, day=ON)

    assert [person.full_name for person in guardians] == ["Nguyễn Văn Minh", "Lê Thu Hà"]
    assert not Credential.objects.filter(holder=child, kind="citizen_identity_card").exists()
    birth = minh.party.events.select_related("event").get(role="father").event
    assert birth.kind == "birth_notified"


def test_tai_represents_a_cooperative_with_fifty_badges(loaded: str) -> None:
    tai = User.objects.get(username="tai").citizen
    assert tai is not None
    [firm] = selectors.acting_for(actor=tai, day=ON)

    badges = firm.credentials.filter(kind="transport_badge")
    assert badges.count() == 50
    assert badges.filter(expires_on__range=(ON, date(2026, 12, 7))).count() >= 4


def test_every_listed_account_can_sign_in(loaded: str) -> None:
    for account in demo_sign_ins():
        user = authenticate(username=account.username, password=account.password)
        assert user is not None, account
        assert account.who_vi
        assert account.who_en


@pytest.fixture
def office(loaded: str) -> dict[str, Official]:
    officials = Official.objects.select_related("user", "agency__unit")
    return {official.user.username: official for official in officials}


def test_officials_have_confirmed_roles_of_their_own_office(office: dict[str, Official]) -> None:
    assert set(MAIN) <= office.keys()
    assert not Grant.objects.filter(confirmed_by=None).exists()
    assert not Grant.objects.filter(granted_by=F("confirmed_by")).exists()
    assert not Grant.objects.filter(official=F("granted_by")).exists()
    assert not Grant.objects.filter(official=F("confirmed_by")).exists()
    assert office["canbo"].agency == office["tiepnhan"].agency == office["truongphong"].agency
    roles = {
        name: [grant.role for grant in selectors.roles_of(user=one.user, day=ON)]
        for name, one in office.items()
    }
    assert roles["canbo"] == [Role.CASE_OFFICER]
    assert roles["lanhdao"] == [Role.PROVINCIAL_LEADER]


def test_canbo_decides_licences_and_the_ward_sees_only_itself(office: dict[str, Official]) -> None:
    lan = User.objects.select_related("citizen__unit").get(username="lan").citizen
    assert lan is not None
    decides = selectors.competent_agency(kind="cong_an_tinh_csgt", unit=lan.unit, day=ON)

    assert decides == office["canbo"].agency
    seen = selectors.visible_units(user=office["canbo.phuong"].user, day=ON)
    assert [unit.name_vi for unit in seen] == ["Phường Hải Châu"]


def test_loading_is_no_view_and_no_news_but_of_what_is_done_on_top(loaded: str) -> None:
    """A case that was settled, and dossiers that were opened and decided, as anybody's would be."""
    settled = User.objects.get(username="lan").citizen_id
    news = {
        kind: set(FactChange.objects.filter(kind=kind).values_list("object_id", "subject_id"))
        for kind in FactKind
    }
    assert {subject for _at, subject in news.pop(FactKind.MATTER)} == set(
        OpenMatter.objects.values_list("party", flat=True)
    )
    decided = set(Result.objects.values_list("dossier__owner", flat=True))
    told = {subject for found in news.values() for _at, subject in found}
    assert {settled} < told <= {settled} | decided
    assert not AccessLog.objects.exists()


def test_the_password_is_not_kept_in_clear(loaded: str) -> None:
    assert not User.objects.filter(password__contains=PASSWORD).exists()


def test_the_ward_has_who_finds_a_decision_wrong_and_who_revokes_it(
    office: dict[str, Official],
) -> None:
    finder, head = office["canbo.phuong"], office["lanhdao.phuong"]

    assert finder.agency == head.agency
    roles = [selectors.roles_of(user=one.user, day=ON)[0] for one in (finder, head)]
    assert [grant.role in REVIEWERS for grant in roles] == [True, True]
    assert [grant.role in REVOKERS for grant in roles] == [False, True]
    assert {grant.unit for grant in roles} == {finder.agency.unit}


# ------------------------------------------------------------------ what stands on top of it
def test_dossiers_stand_in_several_states_and_none_is_filed_on_a_day_off(loaded: str) -> None:
    dossiers = Dossier.objects.all()
    statuses = set(dossiers.values_list("status", flat=True))
    days = [moment.date() for moment in dossiers.values_list("submitted_at", flat=True)]

    assert dossiers.count() >= 15
    assert {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.DONE} <= statuses
    assert all(working_calendar().is_working(day) and day < ON for day in days)
    assert DossierEvent.objects.filter(happened_at__date__gt=ON).count() == 0
    assert dossiers.filter(due_on__lt=ON, status=Status.PROCESSING).exists()


def test_cases_of_several_kinds_stand_and_one_is_settled_for_lan(loaded: str) -> None:
    cases = Discrepancy.objects.all()
    lan = Citizen.objects.get(user__username="lan")
    settled = cases.get(state=DiscrepancyState.CORRECTED)

    assert {"name", "birth_date", "contested"} == set(cases.values_list("kind", flat=True))
    assert 8 <= cases.count() <= 20
    assert cases.open().filter(due_on__lt=ON).count() >= 2
    assert cases.open().filter(raised_by__username__in=("minh", "hoa", "tai")).count() == 3
    assert (settled.subject_id, settled.table) == (lan.pk, FactTable.CITIZEN)
    assert lan.current_address == Correction.objects.get().value
    assert FactChange.objects.filter(kind="discrepancy", object_id=settled.pk).exists()
    assert all(case.stated_value != case.held_value for case in cases)


def test_requests_stand_in_every_state_and_those_who_sign_in_still_hear(loaded: str) -> None:
    requests = DataRequest.objects.all()
    mine = User.objects.filter(username__in=[account.username for account in CITIZEN_ACCOUNTS])
    stopped = opted_out_parties("credential_expiring")

    assert requests.count() == len(ASKED) + len(COPIES)
    assert set(requests.values_list("state", flat=True)) == set(DataRequestState)
    assert set(requests.values_list("kind", flat=True)) == set(DataRequestKind)
    assert requests.filter(state="received", answer_due_on__lt=ON).exists()
    monday = working_calendar().next_working_day(ON)  # the day itself is a Sunday
    assert requests.filter(state="received", answer_due_on=monday).exists()
    assert requests.filter(is_extended=True).exists()
    assert not requests.filter(answered_at__date__gt=ON).exists()
    assert stopped.exists()
    at_home = HouseholdMember.objects.filter(household__members__citizen__user__in=mine)
    assert not stopped.filter(party__in=at_home.values("citizen")).exists()
    assert set(Consent.objects.values_list("is_given", flat=True)) == {True, False}
