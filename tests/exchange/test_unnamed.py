"""What a partner says of people is not kept with its refusal."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from dossiers.exchange import sending
from dossiers.exchange.http import ExchangeError
from dossiers.exchange.payloads import whole
from dossiers.exchange.reasons import reason_named
from dossiers.exchange.unnamed import names_of, without_people
from dossiers.models import ExchangeAttempt, ExchangeLink, ExchangeRow
from dossiers.partners.address import NATIONAL_PORTAL
from dossiers.partners.mapping import mapping_of
from tests.dossiers.scene import FRIDAY, Scene
from tests.exchange.partner_scene import tell
from tests.factories.citizens import CitizenFactory
from tests.factories.dossiers import DossierFactory


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Thiếu thành phần hồ sơ M2", "Thiếu thành phần hồ sơ M2"),
        ("Công dân Trần Thị Lan đã có hồ sơ", "Công dân ••••• đã có hồ sơ"),
        ("CCCD 049 203 001 234 sai", "CCCD ••••• sai"),
        ("sinh 01/02/1990, gọi +84501234567", "sinh •••••, gọi •••••"),
        ("hỏi lan.tran@example.org", "hỏi •••••"),
        ("mã lỗi E12", "mã lỗi E12"),
        ("tran thi lan: trùng", "•••••: trùng"),
    ],
)
def test_numbers_and_names_are_hidden(said: str, kept: str) -> None:
    assert without_people(said, ("Trần Thị Lan",)) == kept


@pytest.mark.django_db
def test_owner_and_applicant_are_known_by_their_names() -> None:
    owner, applicant = CitizenFactory(), CitizenFactory()
    dossier = DossierFactory(owner_citizen=owner, applicant=applicant)

    link = ExchangeLink(partner=NATIONAL_PORTAL, dossier=dossier, their_code="G1")

    told = whole(dossier=dossier, link=link, mapping=mapping_of(NATIONAL_PORTAL), status=1)

    assert names_of(dossier) == (owner.full_name, applicant.full_name)
    assert told["ChuHoSo"] == owner.full_name


@pytest.mark.django_db
@pytest.mark.fault
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_refusal_is_kept_without_the_person(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.submit()
    name = scene.citizen.full_name

    def refuse(**_given: object) -> str:
        raise ExchangeError(f"refused: công dân {name.lower()} 049203001234", is_final=True)

    monkeypatch.setattr(sending, "deliver", refuse)
    tell(FRIDAY)

    kept = ExchangeRow.objects.get().reason, ExchangeAttempt.objects.get().reason
    assert kept == ("refused: công dân ••••• •••••",) * 2


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("refused: thiếu mã", "Đối tác từ chối: thiếu mã"),
        ("answered 500", "Đối tác trả về lỗi 500."),
        ("no answer: TimeoutError", "Đối tác không trả lời: TimeoutError"),
        ("not ended", "Lượt này không chạy đến hết."),
        ("điều khác", "điều khác"),
        (
            "national_portal: no code of status 4 on 2026-03-06",
            "Bảng quy đổi của đối tác này không có mã cho trạng thái “Đang xử lý”"
            " tại ngày 06/03/2026.",
        ),
        (
            "national_portal: nothing in statuses holds on 2026-03-06",
            "Bảng quy đổi của đối tác này không quy định gì ở phần “statuses” tại ngày 06/03/2026.",
        ),
        (
            "national_portal: no holders household on 2026-03-06",
            "Danh sách “holders” trong bảng quy đổi của đối tác này không có"
            " “household” tại ngày 06/03/2026.",
        ),
        (
            "national_portal.yaml: KeyError: 'name_vi'",
            "Không đọc được bảng quy đổi của đối tác này (national_portal.yaml).",
        ),
        ("", ""),
    ],
)
def test_a_reason_is_said_in_the_readers_words(kept: str, shown: str) -> None:
    with override("vi"):
        assert reason_named(kept) == shown
