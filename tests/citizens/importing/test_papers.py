"""Papers as registers deliver them: terms, successors, holders, dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from citizens.enums import CredentialStatus, FactKind
from citizens.models import Citizen, Credential, Discrepancy, FactChange
from tests.citizens.importing.samples import FIRM, GIA, HOA, SAMPLES, bring_people
from tests.citizens.importing.scene import LAN, MINH, Row, bring, licence, set_the_scene

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _scene(tmp_path: Path) -> None:
    set_the_scene()
    bring_people(tmp_path)
    FactChange.objects.all().delete()


def news() -> list[int]:
    """Return whose papers there is news of, and take it."""
    found = FactChange.objects.filter(kind=FactKind.CREDENTIAL).order_by("pk")
    subjects = list(found.values_list("subject", flat=True))
    found.delete()
    return subjects


@pytest.mark.parametrize(
    ("changes", "term"),
    [
        ({"expires_on": "25/01/2027"}, 1),  # a corrected date
        ({"expires_on": "20/12/2026"}, 1),  # dates that move back are corrections
        ({"expires_on": "20/01/2037"}, 2),
        ({"issued_on": "10/11/2026", "expires_on": "10/11/2036"}, 2),
        ({"issuer": "Sở Xây dựng"}, 1),
    ],
)
def test_a_renewal_is_a_new_term_and_a_correction_is_not(
    changes: dict[str, str], term: int, tmp_path: Path
) -> None:
    bring(tmp_path, "GPLX.licence", licence(), as_of=FIRST)
    news()

    bring(tmp_path, "GPLX.licence", licence(**changes), as_of=LATER)

    assert Credential.objects.get().term == term
    assert len(news()) == 1


@pytest.mark.parametrize(("expires_on", "term"), [("22/12/2026", 1), ("30/12/2026", 2)])
def test_a_badge_of_a_season_is_a_term_after_a_fortnight(
    expires_on: str, term: int, tmp_path: Path
) -> None:
    bring(tmp_path, "BUS.business", SAMPLES["BUS.business"], as_of=FIRST)
    badge = SAMPLES["TRANS.badge"]
    bring(tmp_path, "TRANS.badge", badge, as_of=FIRST)

    bring(tmp_path, "TRANS.badge", {**badge, "expires_on": expires_on}, as_of=LATER)

    assert Credential.objects.get().term == term


def test_an_older_delivery_changes_nothing_and_a_confirmation_is_no_news(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", licence(), as_of=LATER)
    news()

    older = bring(tmp_path, "GPLX.licence", licence(expires_on="01/01/2027"), as_of=FIRST)
    bring(tmp_path, "GPLX.licence", licence(), as_of=LAST)

    paper = Credential.objects.get()
    assert (paper.expires_on, paper.as_of) == (date(2027, 1, 20), LAST)
    assert (older.batch.stale_count, news()) == (1, [])


@pytest.mark.parametrize("order", [lambda old, new: (old, new), lambda old, new: (new, old)])
def test_a_newer_passport_takes_the_place_of_the_old_one_in_any_order(
    order: Callable[[Row, Row], tuple[Row, Row]], tmp_path: Path
) -> None:
    old = SAMPLES["XNC.passport"]
    new = {**old, "number": "K9990002", "issued_on": "01/11/2026", "expires_on": "01/11/2036"}

    for passport, as_of in zip(order(old, new), (FIRST, LATER), strict=True):
        bring(tmp_path, "XNC.passport", passport, as_of=as_of)

    papers = {paper.number: paper.status for paper in Credential.objects.all()}
    assert papers == {"K9990001": "superseded", "K9990002": "valid"}


def test_a_list_that_calls_the_replaced_passport_valid_changes_nothing(tmp_path: Path) -> None:
    old = {**SAMPLES["XNC.passport"], "status": "Còn hiệu lực"}
    new = {**old, "number": "K9990002", "issued_on": "01/11/2026", "expires_on": "01/11/2036"}
    bring(tmp_path, "XNC.passport", old, new, as_of=FIRST)
    news()

    again = bring(tmp_path, "XNC.passport", old, new, as_of=LATER)

    papers = {paper.number: (paper.status, paper.as_of) for paper in Credential.objects.all()}
    assert papers == {"K9990001": ("superseded", LATER), "K9990002": ("valid", LATER)}
    assert (again.batch.changed_count, again.batch.unchanged_count, news()) == (0, 2, [])


def test_a_replaced_passport_is_valid_again_where_the_newer_one_was_lost(tmp_path: Path) -> None:
    old = {**SAMPLES["XNC.passport"], "status": "Còn hiệu lực"}
    new = {**old, "number": "K9990002", "issued_on": "01/11/2026", "expires_on": "01/11/2036"}
    bring(tmp_path, "XNC.passport", old, new, as_of=FIRST)

    bring(tmp_path, "XNC.passport", old, {**new, "status": "Mất"}, as_of=LATER)

    papers = {paper.number: paper.status for paper in Credential.objects.all()}
    assert papers == {"K9990001": "valid", "K9990002": "lost"}


@pytest.mark.parametrize(("is_told", "expires_on"), [(False, date(2027, 1, 20)), (True, None)])
def test_an_empty_last_day_says_something_only_where_the_file_has_the_column(
    is_told: bool, expires_on: date | None, tmp_path: Path
) -> None:
    bring(tmp_path, "GPLX.licence", licence(), as_of=FIRST)

    row = licence(expires_on="", issuer="Sở Xây dựng")
    if not is_told:
        del row["expires_on"]
    bring(tmp_path, "GPLX.licence", row, as_of=LATER)

    paper = Credential.objects.get()
    assert (paper.expires_on, paper.issuer, paper.term) == (expires_on, "Sở Xây dựng", 1)


def test_a_person_may_hold_several_licences(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", licence(), licence("999000000002", **{"class": "A1"}))

    assert Credential.objects.filter(status=CredentialStatus.VALID).count() == 2


@pytest.mark.parametrize(
    ("word", "status"), [("Mất", "lost"), ("Thu hồi", "revoked"), ("", "valid")]
)
def test_the_state_of_a_paper(word: str, status: str, tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", licence(status=word))

    assert Credential.objects.get().status == status


def test_a_number_that_somebody_else_holds_is_left_to_an_officer(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", licence(), as_of=FIRST)

    done = bring(tmp_path, "GPLX.licence", licence(pin=MINH), as_of=LATER)

    assert done.kinds == {"other_holder": 1}
    assert Credential.objects.get().holder.citizen.full_name == "Trần Thị Lan"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"expires_on": "19/01/2017"}, "expires_before_issue"),
        ({"issued_on": "31/01/1985"}, "issued_before_birth"),
        ({"issued_on": "31/02/2017"}, "date_impossible"),
        ({"issued_on": "01/01/1900"}, "date_default"),
        ({"issued_on": "26/11/2026"}, "date_future"),
        ({"pin": "999185000099"}, "subject_unknown"),
    ],
)
def test_what_cannot_be_is_reported_and_never_mended(
    changes: dict[str, str], problem: str, tmp_path: Path
) -> None:
    done = bring(tmp_path, "GPLX.licence", licence(**changes), licence("999000000002"))

    assert done.kinds == {problem: 1}
    assert Credential.objects.get().number == "999000000002"


def test_a_status_of_a_household_that_nobody_knows_waits(tmp_path: Path) -> None:
    row = {**SAMPLES["POV.household"], "household_number": "HK999999"}

    done = bring(tmp_path, "POV.household", row)

    assert done.batch.rejections.get().column == "household_number"
    assert (done.kinds, Credential.objects.count()) == ({"subject_unknown": 1}, 0)


def test_papers_of_a_merged_record_go_to_the_one_that_stays(tmp_path: Path) -> None:
    stays = Citizen.objects.with_pin(MINH).get()
    Citizen.objects.with_pin(LAN).update(survivor=stays)

    bring(tmp_path, "GPLX.licence", licence())

    assert Credential.objects.get().holder == stays.party


def test_a_register_that_states_another_name_is_heard_and_a_case_opened(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", licence(full_name="Trần Thị Lam", birth_date="02/02/1985"))

    assert Credential.objects.count() == 1
    cases = Discrepancy.objects.values_list("kind", "held_value", "stated_value")
    assert set(cases) == {
        ("name", "Trần Thị Lan", "Trần Thị Lam"),
        ("birth_date", "1985-02-01", "1985-02-02"),
    }


@pytest.mark.parametrize(
    ("pin", "stated", "case"),
    [
        (LAN, "1985", None),
        (LAN, "02/1985", None),
        (LAN, "1986", ("1985-02-01", "1986")),
        (LAN, "03/1985", ("1985-02-01", "1985-03")),
        (HOA, "05/04/1957", ("1957-03", "1957-04-05")),
        (HOA, "05/03/1957", None),
        (GIA, "05/03/1955", None),
        (GIA, "1956", ("1955", "1956")),
    ],
)
def test_of_births_what_both_know_is_compared(
    pin: str, stated: str, case: tuple[str, str] | None, tmp_path: Path
) -> None:
    bring(tmp_path, "GPLX.licence", licence(pin=pin, birth_date=stated))

    found = list(Discrepancy.objects.values_list("held_value", "stated_value"))
    assert found == ([] if case is None else [case])


def test_words_of_a_paper_are_added_to_those_held(tmp_path: Path) -> None:
    bring(tmp_path, "BUS.business", SAMPLES["BUS.business"], as_of=FIRST)
    badge = SAMPLES["TRANS.badge"]
    bring(tmp_path, "TRANS.badge", badge, as_of=FIRST)

    bring(tmp_path, "TRANS.badge", {**badge, "licence": ""}, as_of=LATER)

    paper = Credential.objects.get()
    assert paper.details == {"plate": "43B-01234", "licence": "48/GPKDVT"}
    assert paper.holder.organisation.tax_code == FIRM
