""" "My matters": order, greeting, piles, what comes, and a number of queries that does not grow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import Gender
from dossiers.enums import Action, Status
from dossiers.models import Dossier
from portal.common import clock
from portal.web.presenters.dossiers import way
from portal.web.presenters.people import greeting
from tests.dossiers.scene import step
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.procedures import (
    ProcedureVersionFactory,
    SuggestionFactory,
    version_of,
)
from tests.web.scene import TODAY, Scene, badges


@pytest.mark.parametrize(
    ("born", "gender", "said"),
    [
        (date(1956, 6, 20), Gender.FEMALE, "Chào bà Lê An"),
        (date(1990, 6, 20), Gender.MALE, "Chào ông Lê An"),
        (date(2008, 11, 20), Gender.MALE, "Chào ông Lê An"),
        (date(2008, 11, 21), Gender.FEMALE, "Chào bạn Lê An"),
    ],
)
def test_greeting(db: None, born: date, gender: str, said: str) -> None:
    citizen = CitizenFactory(full_name="Lê An", birth_date=born, gender=gender)

    assert greeting(citizen, TODAY) == said


def test_the_most_urgent_matter_leads(scene: Scene) -> None:
    passport = CredentialFactory(
        holder=scene.lan,
        kind="passport",
        register__code="XNC",
        category="",
        expires_on=TODAY + timedelta(days=5),
    )
    SuggestionFactory(rule_version=version_of("passport_issue"), credential=passport)

    response = scene.client.get("/my/")

    titles = [matter.title for matter in response.context["matters"]]
    assert titles == ["Hộ chiếu", "Giấy phép lái xe hạng B"]
    assert response.context["summary"] == "2 việc cần bà"


def asked_for_papers(scene: Scene, **values: object) -> Dossier:
    return DossierFactory(
        owner_citizen=scene.lan,
        competent=scene.office,
        status=Status.SUPPLEMENT_REQUESTED,
        **values,
    )


def test_what_an_office_waits_for_is_shown_however_much_was_filed_since(scene: Scene) -> None:
    asked = asked_for_papers(scene, submitted_at=clock.now() - timedelta(days=30))
    DossierFactory.create_batch(22, owner_citizen=scene.lan, competent=scene.office)

    page = scene.client.get("/my/")

    assert [card.code for card in page.context["matters"]] == [asked.code, ""]
    assert page.context["summary"] == "2 việc cần bà · 22 đang giải quyết"
    assert "và 2 hồ sơ khác" in page.content.decode()


def test_a_result_waits_here_until_it_is_received(scene: Scene) -> None:
    decided = asked_for_papers(scene)
    Dossier.objects.filter(pk=decided.pk).update(status=Status.DONE, finished_at=clock.now())

    page = scene.client.get("/my/")
    ready = page.context["matters"][0]
    assert (ready.code, ready.action) == (decided.code, "Xem và nhận kết quả")
    assert page.context["count"] == len(page.context["matters"])

    Dossier.objects.filter(pk=decided.pk).update(status=Status.RETURNED, returned_at=clock.now())

    assert decided.code not in scene.client.get("/my/").content.decode()


def test_what_ends_within_a_week_comes_before_what_an_office_waits_for(scene: Scene) -> None:
    asked = asked_for_papers(scene)
    passport = CredentialFactory(
        holder=scene.lan,
        kind="passport",
        register__code="XNC",
        category="",
        expires_on=TODAY + timedelta(days=7),
    )
    SuggestionFactory(rule_version=version_of("passport_issue"), credential=passport)

    matters = scene.client.get("/my/").context["matters"]

    assert [card.code or card.title for card in matters] == [
        "Hộ chiếu",
        asked.code,
        "Giấy phép lái xe hạng B",
    ]


def test_the_icon_counts_what_the_greeting_says(scene: Scene) -> None:
    scene.suggestion.recipients.all().delete()
    badges(scene.lan, 4)

    page = scene.client.get("/my/")

    assert page.context["summary"] == "4 việc cần bà"
    assert 'data-waiting="4"' in page.content.decode()


def test_the_first_card_says_how_much_is_filled_in(scene: Scene) -> None:
    response = scene.client.get("/my/")

    assert "mục." in response.context["matters"][0].lines[-1]


def test_nothing_waits(scene: Scene) -> None:
    scene.suggestion.recipients.all().delete()

    html = scene.client.get("/my/").content.decode()

    assert "Hôm nay không có việc nào cần ông/bà" in html


@pytest.mark.parametrize(("count", "cards"), [(3, 3), (4, 1), (50, 1)])
def test_many_of_one_sort_share_a_card(scene: Scene, count: int, cards: int) -> None:
    scene.suggestion.recipients.all().delete()
    badges(scene.lan, count)

    response = scene.client.get("/my/")

    matters = response.context["matters"]
    assert len(matters) == cards
    assert response.context["summary"] == f"{count} việc cần bà"
    if cards == 1:
        assert matters[0].title == f"{count} phù hiệu xe kinh doanh vận tải"
        listed = scene.client.get(matters[0].url).content.decode()
        assert listed.count("43B-") == min(count, 25)


def test_the_family_calendar(scene: Scene) -> None:
    """Papers of the family within a year, and the birthday on which a card is due."""
    child = CitizenFactory(
        full_name="Nguyễn Gia Bảo", birth_date=TODAY.replace(year=TODAY.year - 13, day=10, month=10)
    )
    AuthorityFactory(actor=scene.lan, for_party=child.party)
    version_of("identity_card_first_issue_14")
    ProcedureVersionFactory(procedure__key="identity_card_first_issue_14")
    CredentialFactory(
        holder=child,
        kind="passport",
        register__code="XNC",
        category="",
        expires_on=TODAY + timedelta(days=200),
    )
    CredentialFactory(holder=scene.lan, category="A1", expires_on=TODAY + timedelta(days=400))

    dates = scene.client.get("/my/").context["dates"]

    assert [(found.day, found.label) for found in dates] == [
        (TODAY + timedelta(days=200), "Passport của Nguyễn Gia Bảo hết hạn"),
        (date(2027, 10, 10), "Nguyễn Gia Bảo đủ 14 tuổi: Thẻ căn cước"),
    ]


@pytest.mark.parametrize("address", ["/my/", "/my/papers/", "/my/dossiers/", "/my/inbox/"])
def test_queries_do_not_grow_with_what_is_shown(scene: Scene, address: str) -> None:
    badges(scene.lan, 3)
    scene.client.get(address)  # the session and the caches of translations are warm
    with CaptureQueriesContext(connection) as few:
        scene.client.get(address)
    passports(scene, 20)

    with CaptureQueriesContext(connection) as many:
        scene.client.get(address)

    assert len(many) == len(few)


def passports(scene: Scene, count: int) -> None:
    """Add papers with suggestions about them that stand alone, a child for each."""
    rule_version = version_of("passport_issue")
    for _number in range(count):
        child = CitizenFactory(minor=True)
        AuthorityFactory(actor=scene.lan, for_party=child.party)
        paper = CredentialFactory(
            holder=child,
            kind="passport",
            register__code="XNC",
            category="",
            expires_on=TODAY + timedelta(days=80),
        )
        SuggestionFactory(
            rule_version=rule_version, credential=paper, citizen=child, recipients=[scene.lan]
        )


@pytest.mark.parametrize(
    ("steps", "said"),
    [((), "Chờ tiếp nhận"), ((Action.RECEIVE,), "Đang giải quyết")],
    ids=["before reception", "after it"],
)
def test_papers_asked_for_before_reception_do_not_make_it_received(
    scene: Scene, steps: tuple[Action, ...], said: str
) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    official = OfficialFactory(agency=scene.office)
    GrantFactory(official=official, role="case_officer", unit=scene.city)
    for action in (*steps, Action.REQUEST_SUPPLEMENT):
        step(Dossier.objects.get(), action, official.user, note="Thiếu giấy")

    assert way(Dossier.objects.get())[1]["label"] == said
