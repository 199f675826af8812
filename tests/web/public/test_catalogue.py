"""The catalogue as anybody reads it: by life, by field, and searched as people type."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procedures.definition.spoken import folded, terms_of
from procedures.models import ProcedureVersion
from tests.factories.citizens import RegisterFactory
from tests.factories.procedures import (
    BundleVersionFactory,
    ProcedureVersionFactory,
    catalogue,
    procedure_definition,
)

pytestmark = pytest.mark.django_db
PAGE = "/procedures/"


@pytest.fixture
def shipped() -> None:
    """Put the whole shipped catalogue in force."""
    for one in catalogue().procedures:
        ProcedureVersionFactory(procedure__key=one.key)
    for bundle in catalogue().bundles:
        BundleVersionFactory(bundle__key=bundle.key)


def found(client: Client, words: str) -> list[str]:
    response = client.get(PAGE, {"q": words})
    return [line.url.split("/")[2] for line in response.context["lines"]]


# ------------------------------------------------------------------------------------- the search
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("dang ky khai sinh", "birth_registration"),
        ("Đăng ký khai sinh", "birth_registration"),
        ("đổi gplx", "driving_licence_renewal"),
        ("mất bằng lái", "driving_licence_reissue"),
        ("mat hong lai xe", "driving_licence_reissue"),
        ("cccd bi mat", "identity_card_reissue"),
        ("bhyt", "child_health_insurance"),
        ("ho chieu", "passport_issue"),
        ("passport", "passport_issue"),
        ("xin làm hộ chiếu", "passport_issue"),
        ("mở quán", "household_business_registration"),
        ("nhập hộ khẩu", "permanent_residence"),
        ("xây nhà", "construction_permit_house"),
        ("cưới", "marriage_registration"),
        ("3.000348", "driving_licence_reissue"),
        ("health insurance", "child_health_insurance"),
    ],
)
def test_what_people_type_is_found_first(
    shipped: None, client: Client, words: str, first: str
) -> None:
    assert found(client, words)[0] == first


@pytest.mark.parametrize(
    ("slip", "first"),
    [
        ("dang ki kai sinh", "birth_registration"),
        ("ho chiuu", "passport_issue"),
        ("doi giay phep laii xe", "driving_licence_renewal"),
    ],
)
def test_a_slip_of_the_key_is_forgiven_and_said(
    shipped: None, client: Client, slip: str, first: str
) -> None:
    response = client.get(PAGE, {"q": slip})

    assert found(client, slip)[0] == first
    assert response.context["is_near"]
    assert "Có lẽ ông/bà muốn tìm" in response.content.decode()


@pytest.mark.parametrize("words", ["con mèo", "xyzzy", "%", "_", "' OR 1=1", "\0", "((("])
def test_what_is_not_there_says_what_to_try(shipped: None, client: Client, words: str) -> None:
    response = client.get(PAGE, {"q": f"{words} qqq"})

    assert response.status_code == 200
    assert response.context["count"] == 0
    assert "?q=khai+sinh" in response.content.decode()


def test_only_what_is_in_force_is_found(client: Client) -> None:
    ProcedureVersionFactory(procedure__key="passport_issue", draft=True)

    assert client.get(PAGE, {"q": "ho chieu"}).context["count"] == 0


def test_python_and_the_database_fold_alike(db: None) -> None:
    for one in catalogue().procedures:
        ProcedureVersionFactory(procedure__key=one.key)

    for version in ProcedureVersion.objects.all():
        assert folded(version.name_vi) in version.searched


def test_words_that_only_wish_do_not_narrow() -> None:
    assert terms_of("Tôi muốn xin hộ chiếu") == [("ho",), ("chieu",)]
    assert terms_of("xin") == [("xin",)]
    assert terms_of("  ") == []


# --------------------------------------------------------------------------- by life and by field
def test_life_comes_in_its_order_and_a_death_has_no_picture(shipped: None, client: Client) -> None:
    tiles = client.get(PAGE).context["tiles"]

    keys = [tile.key for tile in tiles]
    assert keys.index("birth") < keys.index("marriage") < keys.index("death")
    assert "house_connect" not in keys
    assert {tile.key for tile in tiles if not tile.icon} == {"death"}


def test_every_procedure_stands_under_something_in_life(shipped: None, client: Client) -> None:
    tiles = client.get(PAGE).context["tiles"]
    shown = set()
    for tile in tiles:
        lines = client.get(tile.url).context["lines"]
        assert len(lines) == tile.count
        shown |= {line.code for line in lines}

    assert shown == {one.code for one in catalogue().procedures}


def test_a_field_lists_its_procedures(shipped: None, client: Client) -> None:
    response = client.get(PAGE, {"field": "ho-tich"})

    codes = {line.code for line in response.context["lines"]}
    assert codes == {one.code for one in catalogue().procedures if one.domain_vi == "Hộ tịch"}


@pytest.mark.parametrize("query", [{"event": "no_such"}, {"field": "no-such"}])
def test_a_heading_that_is_not_there_is_not_found(
    shipped: None, client: Client, query: dict[str, str]
) -> None:
    assert client.get(PAGE, query).status_code == 404


def test_the_pages_ask_little_however_long_the_catalogue(shipped: None, client: Client) -> None:
    counts = {}
    for query in ("", "?all", "?q=the", "?event=expiry", "?q=qqqqq"):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(f"{PAGE}{query}")
        counts[query] = len(seen)

    assert max(counts.values()) <= 4, counts
    assert len(client.get(f"{PAGE}?all").content) < 120 * 1024


def test_a_long_list_comes_in_pages_that_keep_the_question(shipped: None, client: Client) -> None:
    html = client.get(f"{PAGE}?all").content.decode()

    assert 'href="?all=&amp;page=2"' in html


# ---------------------------------------------------------------------------------- the first page
def test_the_first_page_begins_with_the_search(shipped: None, client: Client) -> None:
    html = client.get("/").content.decode()

    assert html.index('name="q"') < html.index("?event=birth") < html.index("/verify/")


def test_the_first_page_stands_without_a_catalogue(client: Client, db: None) -> None:
    assert client.get("/").status_code == 200


# ----------------------------------------------------------------------------- a procedure's page
def test_fees_stand_by_way_and_say_what_follows(friday: object, client: Client) -> None:
    ProcedureVersionFactory(procedure__key="identity_card_replace_at_age")
    ProcedureVersionFactory(procedure__key="household_business_registration")

    card = client.get("/procedures/identity_card_replace_at_age/").context["procedure"]
    firm = client.get("/procedures/household_business_registration/").context["procedure"]

    (line,) = card.fees
    assert line.amount.startswith("25.000")
    assert line.note.startswith("đến 31/12/2026, sau đó 50.000")
    assert len(firm.fees) == 2


def test_what_the_catalogue_says_in_vietnamese_is_marked_on_an_english_page(
    shipped: None, client: Client
) -> None:
    client.cookies["django_language"] = "en"

    page = client.get(f"{PAGE}child_health_insurance/").content.decode()

    condition = "Chỉ khi không khai thác được dữ liệu"
    assert f'<span class="paper-list__note" lang="vi">{condition}</span>' in page
    assert '“<span lang="vi">Thẻ bảo hiểm y tế</span>”' in page


def test_papers_name_the_register_that_knows_them(shipped: None, client: Client) -> None:
    RegisterFactory(code="NPD", name_vi="Cơ sở dữ liệu quốc gia về dân cư")

    html = client.get("/procedures/household_business_registration/").content.decode()

    assert "Không cần nếu Cơ sở dữ liệu quốc gia về dân cư đã có" in html


@pytest.mark.parametrize("key", [one.key for one in catalogue().procedures])
def test_every_procedure_has_its_page(client: Client, key: str) -> None:
    ProcedureVersionFactory(procedure__key=key)

    with CaptureQueriesContext(connection) as seen:
        response = client.get(f"/procedures/{key}/")

    assert response.status_code == 200
    assert procedure_definition(key).name_vi in response.content.decode()
    assert len(seen) <= 4
