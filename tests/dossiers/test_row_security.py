"""F33 in the database itself: a citizen's transaction sees their rows, and nobody's by default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import QuerySet

from citizens.models import (
    AccessLog,
    Authority,
    Citizen,
    CitizenSensitive,
    Consent,
    ContactPoint,
    Credential,
    DataRequest,
    Discrepancy,
    EventParty,
    HelpRequest,
    Household,
    HouseholdMember,
    LifeEvent,
    Party,
    RegisterRecord,
    Relation,
)
from citizens.selectors import circle_of
from dossiers.models import (
    AutomaticDecision,
    BundleCase,
    BundleStep,
    ClockEvent,
    Document,
    Dossier,
    DossierEvent,
    DossierPaper,
    Draft,
    IssuedForm,
    Payment,
    PaymentNotice,
    PreparedPaper,
    Rating,
    Result,
    Stage,
    SupplementRequest,
)
from dossiers.selectors import dossiers_of
from notifications.models import Message, Preference
from portal.common import clock
from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE
from portal.common.errors import RefusedError
from portal.common.row_security import only_rows_of, with_application_rights
from procedures.models import OpenMatter, Suggestion
from procedures.selectors import suggestions_of
from tests.dossiers.belongings import belongings, case_of
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    OrganisationFactory,
    RegisterRecordFactory,
    RelationFactory,
    UserFactory,
    always,
)
from tests.factories.data_requests import DataRequestFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import SuggestionFactory
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db

TABLES = (
    AccessLog,
    AutomaticDecision,
    BundleCase,
    BundleStep,
    Citizen,
    CitizenSensitive,
    ClockEvent,
    Consent,
    ContactPoint,
    Credential,
    DataRequest,
    Discrepancy,
    Document,
    Dossier,
    DossierEvent,
    DossierPaper,
    EventParty,
    Household,
    HouseholdMember,
    IssuedForm,
    LifeEvent,
    Message,
    OpenMatter,
    Payment,
    PaymentNotice,
    Preference,
    PreparedPaper,
    Rating,
    RegisterRecord,
    Result,
    Stage,
    Suggestion,
    SupplementRequest,
)
BETWEEN_TWO = (Authority, Draft, HelpRequest, Relation)
OF_THE_FAMILY = (
    Citizen,
    CitizenSensitive,
    Credential,
    EventParty,
    Household,
    HouseholdMember,
    LifeEvent,
    OpenMatter,
    RegisterRecord,
)


@pytest.fixture(autouse=True)
def _texts(db: None) -> None:
    put_texts()


@contextmanager
def as_person(citizen: Citizen) -> Iterator[None]:
    """Read as the pages of this person do."""
    circle = circle_of(person=citizen.pk, day=clock.today())
    with only_rows_of(person=citizen.pk, parties=circle.parties, family=circle.family):
        yield


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_every_table_of_the_plan_is_under_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY 1")
        protected = [name for (name,) in cursor.fetchall()]

    assert protected == sorted(model._meta.db_table for model in (*TABLES, *BETWEEN_TWO))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_a_person_sees_their_own_row_and_nobody_elses(model: Any) -> None:
    mine, theirs = belongings(CitizenFactory()), belongings(CitizenFactory())

    with as_person(mine[Citizen]):
        seen = set(model.objects.values_list("pk", flat=True))

    assert seen == {mine[model].pk}
    # And whoever works or decides sees both
    assert {mine[model].pk, theirs[model].pk} <= set(model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_nothing_is_seen_where_no_person_is_set(model: Any) -> None:
    belongings(CitizenFactory())

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {CITIZEN_ROLE}")
        seen = model.objects.count()
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")

    assert seen == 0
    # And after somebody's page has ended
    with as_person(CitizenFactory()):
        pass
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {CITIZEN_ROLE}")
        seen = model.objects.count()
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
    assert seen == 0


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_a_mother_sees_the_childs_row_until_her_right_ends(model: Any) -> None:
    child = CitizenFactory(minor=True)
    rows = belongings(child)
    Suggestion.objects.get().recipients.all().delete()
    authority = AuthorityFactory(for_party=child.party)

    with as_person(authority.actor):
        assert model.objects.filter(pk=rows[model].pk).exists()

    authority.valid = always(None, clock.today())
    authority.save()
    with as_person(authority.actor):
        assert not model.objects.filter(pk=rows[model].pk).exists()


def test_what_was_filed_for_somebody_stays_readable_with_both_names() -> None:
    # A dossier that a father filed; his right to act has ended since
    child, father = CitizenFactory(minor=True), CitizenFactory()
    dossier = DossierFactory(owner_citizen=child, applicant=father)
    MessageFactory(recipient=child.party)
    AuthorityFactory(actor=father, for_party=child.party, valid=always(None, clock.today()))

    for reader in (child, father):
        with as_person(reader):
            (found,) = dossiers_of(citizen=reader)
            assert (found.owner.citizen, found.applicant) == (child, father)
    with as_person(father):
        assert found.pk == dossier.pk
        assert not Message.objects.exists()


def test_kin_are_named_but_their_matters_are_not_seen() -> None:
    husband = CitizenFactory()
    wife = RelationFactory(relative=husband, kind="spouse", valid=always()).person
    rows = belongings(husband)

    with as_person(wife):
        for model in TABLES:
            is_seen = model.objects.filter(pk=rows[model].pk).exists()
            assert is_seen == (model in OF_THE_FAMILY), model
        assert list(suggestions_of(citizen=wife, day=clock.today())) == []


def test_what_is_held_about_a_household_is_for_those_who_live_there() -> None:
    # A widow at home; her sister, who lives elsewhere; her daughter, whose form is about her
    widow = CitizenFactory(age=80)
    home = HouseholdFactory(head=widow)
    record = RegisterRecordFactory(subject=home.party, register__code="POV", kind="household")
    daughter = RelationFactory(person=widow, relative=CitizenFactory()).relative
    carer = HouseholdMemberFactory(household=home).citizen
    stranger = CitizenFactory()

    for reader, sees in ((widow, True), (carer, True), (daughter, False), (stranger, False)):
        with as_person(reader):
            assert RegisterRecord.objects.filter(pk=record.pk).exists() == sees

    # Once a form about her mother lies before the daughter, it names the household
    SuggestionFactory(citizen=widow, recipients=[daughter])
    with as_person(daughter):
        assert RegisterRecord.objects.filter(pk=record.pk).exists()
    with as_person(stranger):
        assert not RegisterRecord.objects.exists()


def test_a_tie_is_seen_by_both_and_a_right_to_act_by_both_too() -> None:
    child, mother, stranger = CitizenFactory(minor=True), CitizenFactory(), CitizenFactory()
    RelationFactory(person=mother, relative=child)
    AuthorityFactory(actor=mother, for_party=child.party)
    AuthorityFactory(actor=mother, for_party=OrganisationFactory().party)

    for reader, ties, rights in ((mother, 1, 2), (child, 1, 1), (stranger, 0, 0)):
        with as_person(reader):
            assert (Relation.objects.count(), Authority.objects.count()) == (ties, rights)


def test_what_a_person_asked_for_somebody_stays_theirs_to_read() -> None:
    asker, other = CitizenFactory(), CitizenFactory()
    account = UserFactory(citizen=asker)
    case = case_of(other, raised_by=account)
    wish = DataRequestFactory(citizen=other, requested_by=account)

    with as_person(asker):
        assert list(Discrepancy.objects.all()) == [case]
        assert list(DataRequest.objects.all()) == [wish]


def test_a_page_writes_nothing_by_itself() -> None:
    mine = belongings(CitizenFactory())

    with as_person(mine[Citizen]):
        for model in TABLES:
            with transaction.atomic(), pytest.raises(ProgrammingError, match="permission denied"):
                mine[model].save(force_update=True)
        with transaction.atomic(), pytest.raises(ProgrammingError, match="permission denied"):
            Party.objects.create(kind="citizen")


def test_a_service_reaches_the_rows_of_others_and_then_steps_down() -> None:
    mine, theirs = belongings(CitizenFactory()), belongings(CitizenFactory())
    other = Message.objects.filter(pk=theirs[Message].pk)

    with as_person(mine[Citizen]):
        with with_application_rights():
            assert (role(), other.update(reason="acted")) == (APP_ROLE, 1)
        assert role() == CITIZEN_ROLE
        assert not other.exists()

    assert (role(), other.get().reason) == (APP_ROLE, "acted")


def write_and_refuse(messages: QuerySet[Message], *, late: bool = False) -> None:
    """Write with the application's rights, then refuse: inside of them, or late, afterwards."""
    with with_application_rights():
        assert messages.update(reason="acted") == 1
        if not late:
            raise RefusedError("no")
    raise RefusedError("later")


def test_an_error_takes_back_what_was_written_and_the_rights() -> None:
    mine = belongings(CitizenFactory())
    message = Message.objects.filter(pk=mine[Message].pk)

    with as_person(mine[Citizen]):
        with pytest.raises(RefusedError):
            write_and_refuse(message)
        assert role() == CITIZEN_ROLE
        assert message.get().reason == ""
    with pytest.raises(RefusedError), as_person(mine[Citizen]):
        write_and_refuse(message, late=True)

    assert (role(), message.get().reason) == (APP_ROLE, "")


def test_one_request_is_one_person() -> None:
    person = CitizenFactory()

    with as_person(person), pytest.raises(RuntimeError), as_person(person):
        pass
    with with_application_rights():
        assert role() == APP_ROLE


@pytest.mark.django_db(transaction=True)
def test_the_role_and_the_settings_end_with_the_transaction() -> None:
    person = CitizenFactory()
    rung = []

    with as_person(person):
        transaction.on_commit(lambda: rung.append(role()))
        assert not rung

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('portal.person', true)")
        assert cursor.fetchone() == (APP_ROLE, "")
    assert rung == [APP_ROLE]
