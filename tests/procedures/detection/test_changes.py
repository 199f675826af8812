"""Changed facts reach their suggestions through the mailbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen, Credential, FactChange, Party
from portal.common.clock import CIVIL_ZONE
from portal.common.sql import Statement
from procedures.models import Procedure, ProcedureVersion, ScanRun, Suggestion
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import (
    CARD,
    DUE,
    LICENCE,
    before,
    cycles,
    everything,
    make_rule,
    release,
    scan,
    states,
    told,
)
from tests.procedures.detection.test_runs import in_threads

GROWN_UP = date(1986, 5, 5)


def changed(fact: Credential | Citizen) -> None:
    is_paper = isinstance(fact, Credential)
    FactChange.objects.create(
        kind="credential" if is_paper else "citizen",
        object_id=fact.pk,
        subject_id=fact.holder_id if isinstance(fact, Credential) else fact.pk,
    )


def read(day: date) -> int:
    return scan_changes(now=datetime.combine(day, time(9), CIVIL_ZONE).astimezone(UTC))


def licence(expires_on: date = DUE) -> Credential:
    holder = CitizenFactory(birth_date=GROWN_UP)
    return CredentialFactory(holder=holder, expires_on=expires_on, issued_on=date(2017, 3, 1))


@pytest.mark.django_db
def test_a_new_fact_is_suggested_at_once_and_the_mailbox_is_empty() -> None:
    make_rule()
    paper, other = licence(), licence()
    changed(paper)
    changed(paper)

    assert read(before(50)) == 2

    assert told(paper.holder) == [(50, 1)]
    assert cycles(other.holder) == []
    assert not FactChange.objects.exists()
    line = ScanRun.objects.get().rules.get()
    assert (line.run.kind, line.opened_count, line.message_count) == ("changes", 1, 1)


@pytest.mark.django_db
def test_a_death_withdraws_within_the_reader_s_round() -> None:
    make_rule()
    paper = licence()
    scan(before(90))
    Citizen.objects.filter(pk=paper.holder_id).update(died_on=before(80))
    changed(paper.holder.citizen)

    read(before(79))

    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "died"


@pytest.mark.django_db
def test_a_renewal_and_a_correction() -> None:
    make_rule()
    renewed, corrected = licence(), licence()
    scan(before(90))
    Credential.objects.filter(pk=renewed.pk).update(term=2, expires_on=DUE.replace(year=2037))
    Credential.objects.filter(pk=corrected.pk).update(expires_on=DUE + timedelta(days=1))
    changed(renewed)
    changed(corrected)

    read(before(89))

    assert cycles(renewed.holder) == [(1, "withdrawn")]
    assert cycles(corrected.holder) == [(1, "open")]
    assert Suggestion.objects.get(state="open").due_on == DUE + timedelta(days=1)
    assert told(corrected.holder) == [(90, 1)]


@pytest.mark.django_db
def test_the_night_after_a_change_finds_nothing_left_to_do() -> None:
    make_rule()
    changed(licence())
    read(before(50))
    scan(before(50))
    stood = everything()

    result = scan(before(50))

    assert not result.total
    assert everything() == stood


@pytest.mark.django_db
def test_an_empty_mailbox_costs_one_statement() -> None:
    make_rule()

    with CaptureQueriesContext(connection) as statements:
        assert read(before(50)) == 0

    sql = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
    assert len(sql) == 1


@pytest.mark.django_db
def test_news_that_bring_nothing_to_tell_are_not_told_by_a_statement() -> None:
    make_rule()
    paper, far = licence(), licence(expires_on=DUE + timedelta(days=900))
    scan(before(90))
    Credential.objects.filter(pk=paper.pk).update(expires_on=DUE + timedelta(days=1))
    changed(paper)
    changed(far)

    with CaptureQueriesContext(connection) as queries:
        read(before(80))

    assert Suggestion.objects.get().due_on == DUE + timedelta(days=1)
    assert not [one for one in queries if '"notifications_message"' in one["sql"]]


@pytest.mark.django_db
def test_a_thousand_changes_take_as_many_statements_as_two() -> None:
    make_rule()
    make_rule(CARD, "card")
    counted = []
    for number in (2, 40):
        for _ in range(number):
            changed(licence())
        with CaptureQueriesContext(connection) as statements:
            assert read(before(50)) == number
        counted.append(len(statements))

    assert counted[1] <= counted[0] + 4  # what waits since the first round is looked at


@pytest.mark.django_db
def test_a_rule_that_raises_keeps_the_others_working() -> None:
    broken = make_rule(LICENCE | {"credential_kind": "passport"}, "a-broken-rule")
    make_rule()
    release(broken, LICENCE | {"lead_days": "ninety"}, first=before(100))
    paper = licence()
    changed(paper)

    read(before(50))

    assert told(paper.holder) == [(50, 1)]
    assert ScanRun.objects.get().rules.get(rule_version__rule=broken).error == "DefinitionError"


@pytest.mark.django_db(transaction=True)
def test_readers_at_once_share_the_mailbox() -> None:
    make_rule()
    papers = [licence() for _ in range(12)]
    for paper in papers:
        changed(paper)

    results = in_threads(*[lambda: read(before(50))] * 3)

    assert sum(int(str(one)) for one in results) == 12
    assert [told(paper.holder) for paper in papers] == [[(50, 1)]] * 12
    assert not FactChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_news_that_waits_for_the_nightly_scan_ends_what_that_scan_opened() -> None:
    make_rule()
    paper = licence()

    def dies() -> int:
        Citizen.objects.filter(pk=paper.holder_id).update(died_on=before(90))
        changed(paper.holder.citizen)
        return read(before(90))

    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            scan(before(90))
            assert states() == ["open"]
            reading = aside.submit(lambda: in_threads(dies))
            wait_for_a_lock()
        assert reading.result(timeout=30) == [1]

    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "died"


def wait_for_a_lock() -> None:
    """Return once another connection waits for a rule's lock."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(600):
        if Statement(waiting).fetch() != [(0,)]:
            return
        sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_a_change_stays_in_the_mailbox_until_its_effect_is_committed() -> None:
    make_rule()
    paper = licence()
    changed(paper)

    with transaction.atomic():
        assert read(before(50)) == 1
        transaction.set_rollback(True)

    assert FactChange.objects.count() == 1
    assert not Suggestion.objects.exists()
    assert Party.objects.filter(pk=paper.holder_id).exists()


@pytest.mark.django_db
def test_a_death_does_not_wait_for_the_delivery_in_front_of_it() -> None:
    make_rule()
    paper, dead = licence(), licence()
    scan(before(90))
    news = {"kind": "credential", "object_id": paper.pk, "subject_id": paper.holder_id}
    FactChange.objects.bulk_create(FactChange(**news) for _ in range(2_500))
    Citizen.objects.filter(pk=dead.holder_id).update(died_on=before(80))
    changed(dead.holder.citizen)

    with CaptureQueriesContext(connection) as queries:
        assert read(before(79)) == 2_501

    said = [query["sql"] for query in queries]
    taken = [number for number, sql in enumerate(said) if "DELETE FROM citizens_factchange" in sql]
    ended = [number for number, sql in enumerate(said) if 'UPDATE "procedures_suggestion"' in sql]
    assert taken[1] < ended[0] < taken[2]
    assert Suggestion.objects.get(state="withdrawn").subject == dead.holder


@pytest.mark.django_db
def test_a_paper_that_only_an_exemption_names_is_looked_at() -> None:
    exempt: dict[str, Any] = {
        "key": "has_passport",
        "name_vi": "Đã có hộ chiếu",
        "name_en": "Has a passport",
        "conditions": {"other_credential": {"kind": "passport"}},
        "valid_from": None,
        "valid_to": None,
        "legal_basis": [],
    }
    procedure = Procedure.objects.create(key="exempting", code="1.999999")
    ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        definition={"exemptions": [exempt]},
        valid=DateRange(None, None),
        status="released",
    )
    named = {"exemption": {"procedure": "1.999999", "key": "has_passport"}}
    make_rule(LICENCE | {"conditions": {"not": named}})
    CredentialFactory(kind="passport")
    paper = licence()
    scan(before(90))
    assert states() == ["open"]

    changed(CredentialFactory(holder=paper.holder.citizen, kind="passport"))
    read(before(89))

    assert Suggestion.objects.get().reason == "conditions_no_longer_met"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["record", "organisation", "life_event"])
def test_whatever_changed_about_a_person_is_looked_at(kind: str) -> None:
    make_rule()
    paper = licence()
    FactChange.objects.create(kind=kind, object_id=1, subject_id=paper.holder_id)

    assert read(before(50)) == 1

    assert told(paper.holder) == [(50, 1)]
