"""Why not: what each rule comes to for a person, what would change it, and whom one may ask for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen
from notifications.models import Preference
from procedures.models import OpenMatter, Procedure, RuleVersion, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    RegisterFactory,
    RegisterRecordFactory,
)
from tests.factories.procedures import LICENCE, RuleVersionFactory, rule_definition
from tests.procedures.detection.scene import make_rule, scan
from tests.web.scene import TODAY, Scene, stranger
from tests.web.why.scene import LIST, conditions, listed, one, rule, text

pytestmark = pytest.mark.django_db
PENSION = "social_pension"


# ------------------------------------------------------------------------------------ the list
def test_the_list_says_what_applies_and_what_does_not(scene: Scene) -> None:
    rule("passport_issue")
    rule(PENSION)

    told = listed(scene)

    assert told["Đang đề xuất cho ông/bà"] == ["Giấy phép lái xe"]
    assert told["Vì dữ liệu không có giấy tờ này"] == ["Hộ chiếu"]
    assert told["Sẽ tự đến"] == ["Trợ cấp hưu trí xã hội"]


def test_it_agrees_with_the_scan(scene: Scene) -> None:
    """What the list offers is what the scan suggests: before, and after it ran."""
    Suggestion.objects.all().delete()
    before = listed(scene)

    scan(TODAY)

    assert Suggestion.objects.filter(subject=scene.lan.pk).count() == 1
    assert listed(scene) == before
    assert before["Đang đề xuất cho ông/bà"] == ["Giấy phép lái xe"]


def test_poverty_stands_in_no_list(scene: Scene) -> None:
    rule("poor_household_annual_review")
    home = HouseholdFactory(head=scene.lan)
    CredentialFactory(
        holder=home,
        kind="poor_household_status",
        register__code="POV",
        category="Hộ nghèo",
        issued_on=date(2026, 1, 1),
        expires_on=date(2026, 12, 31),
    )

    (group,) = (
        group
        for group in scene.client.get(LIST).context["groups"]
        if group.title == "Liên quan đến hoàn cảnh của hộ"
    )
    page = text(scene.client.get(group.lines[0].url))

    assert [line.text for line in group.lines] == [""]
    assert "Thuộc diện" in page


def test_a_family_in_mourning_is_not_told_of_services(scene: Scene) -> None:
    rule("residence_removal")

    assert "Xóa đăng ký" not in text(scene.client.get(LIST))
    assert scene.client.get(f"{LIST}residence_removal/").status_code == 404


def test_the_list_costs_the_same_whatever_is_known(scene: Scene) -> None:
    rule("passport_issue")
    scene.client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        scene.client.get(LIST)
    for year in range(5):
        CredentialFactory(holder=scene.lan, expires_on=TODAY + timedelta(days=80 + 400 * year))

    with CaptureQueriesContext(connection) as many:
        scene.client.get(LIST)

    assert len(many) == len(few)


# ------------------------------------------------------------------------------------ one rule
def test_each_reason_says_what_would_change_it(scene: Scene) -> None:
    rule("passport_issue")

    page = one(scene, "passport_issue")

    assert page.reason == "Chưa biết: Có giấy tờ: Hộ chiếu."
    assert page.way.url == "/my/requests/new/correct/"
    assert "đề nghị chỉnh sửa dữ liệu" in page.way.text


def test_what_a_register_says_against_it_can_be_contested(scene: Scene) -> None:
    rule(PENSION)
    RegisterFactory(code="INS", name_vi="Cơ sở dữ liệu bảo hiểm")
    Citizen.objects.filter(pk=scene.lan.pk).update(birth_date=date(1951, 12, 20))
    RegisterRecordFactory(
        subject=scene.lan.party,
        register_id="INS",
        kind="member",
        body={"kind": "Hưởng lương hưu hoặc trợ cấp BHXH"},
    )

    page = one(scene, PENSION)

    against = page.conditions[-1]
    assert page.state == "Hiện không áp dụng"
    assert page.reason.startswith("Thuộc trường hợp loại trừ: Cơ sở dữ liệu bảo hiểm ghi")
    assert (against.word, against.asks.split(":")[0]) == ("Chưa phù hợp", "Không thuộc trường hợp")
    assert against.data.startswith("Hưởng lương hưu hoặc trợ cấp BHXH (theo ")
    assert "Hưởng lương hưu" in text(scene.client.get(against.dispute_url))


def test_one_fact_that_no_register_knows_is_named(scene: Scene) -> None:
    """Nobody's passport was ever delivered, so nobody knows whether she has one."""
    abroad = {"conditions": {"other_credential": {"kind": "passport"}}}
    make_rule(rule_definition(LICENCE).to_json() | abroad, "driver_abroad")

    told = listed(scene)
    page = one(scene, "driver_abroad")

    assert told["Chờ một thông tin"] == ["Giấy phép lái xe"]
    assert page.state == "Chờ một thông tin"
    assert page.reason.startswith("Chưa biết: Đang có giấy tờ còn hạn")
    assert page.way.url == "/my/requests/new/correct/"


def test_a_wish_not_to_hear_leads_to_the_choices(scene: Scene) -> None:
    Suggestion.objects.all().delete()
    Preference.objects.create(party=scene.lan.party, is_allowed=False)

    page = one(scene, LICENCE)

    assert page.way.url == "/my/choices/"


def test_an_open_dossier_is_said(scene: Scene) -> None:
    Suggestion.objects.all().delete()
    OpenMatter.objects.create(
        procedure=Procedure.objects.get(key=LICENCE),
        party=scene.lan.party,
        anchor=scene.licence.pk,
        opened_on=TODAY,
    )

    page = one(scene, LICENCE)

    assert page.state == "Đang giải quyết"
    assert page.way.url == "/my/dossiers/"


# ------------------------------------------------------------------------------- for whom
def test_a_parent_asks_for_a_child(scene: Scene) -> None:
    rule("identity_card_first_issue_14")
    child = CitizenFactory(birth_date=TODAY.replace(year=2013), unit=scene.ward)
    AuthorityFactory(actor=scene.lan, for_party=child.party)
    query = f"?for={child.party.public_id}"

    told = listed(scene, query)

    assert "Thẻ căn cước" in told["Sẽ tự đến"]
    assert any(
        "ngày sinh" in each.data
        for each in conditions(scene, "identity_card_first_issue_14", query)
    )


def test_nobody_asks_for_a_stranger(scene: Scene) -> None:
    other, client = stranger()

    for address in (LIST, f"{LIST}{LICENCE}/"):
        assert scene.client.get(f"{address}?for={other.party.public_id}").status_code == 404
    assert scene.lan.full_name not in text(client.get(LIST))


def test_what_does_not_exist_is_not_found(scene: Scene) -> None:
    assert scene.client.get(f"{LIST}no_such_rule/").status_code == 404
    assert Client().get(LIST).status_code == 302


def test_the_pages_that_lead_here(scene: Scene) -> None:
    for page in ("/my/", "/my/data/", scene.page):
        assert f'href="{LIST}"' in text(scene.client.get(page))


def test_whoever_is_not_in_the_share_of_a_new_version_is_served_by_the_one_before(
    scene: Scene,
) -> None:
    """It begins with one per cent: what the list offers is what the scan suggests, either way."""
    Suggestion.objects.all().delete()
    before = scene.suggestion.rule_version
    yesterday = TODAY - timedelta(days=1)
    RuleVersion.objects.filter(pk=before.pk).update(valid=DateRange(None, yesterday))
    newest = RuleVersionFactory(
        rule=before.rule,
        number=before.number + 1,
        definition=before.definition,
        valid=DateRange(yesterday, None),
        audience_percent=1,
    )

    told = listed(scene)
    page = scene.client.get(f"{LIST}{LICENCE}/").context["page"]
    scan(TODAY)

    assert told["Đang đề xuất cho ông/bà"] == ["Giấy phép lái xe"]
    assert page.state == "Đang đề xuất"
    made = Suggestion.objects.get(subject=scene.lan.pk)
    assert made.rule_version in (before, newest)
