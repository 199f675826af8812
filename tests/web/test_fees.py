"""What the payer of a fee reads on the dossier's page about money that fits no fee."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.dossiers.payment_scene import asked, tell
from tests.dossiers.scene import renewal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("amount", "told"), [(145_000, "nhiều hơn lệ phí"), (100_000, "ít hơn lệ phí"), (135_000, "")]
)
def test_money_that_fits_no_fee_is_told_to_who_sent_it(amount: int, told: str) -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    tell("FT1", payment.reference, amount)
    page = Client()
    page.force_login(scene.user)

    said = page.get(reverse("web:dossier", args=[dossier.public_id])).content.decode()

    assert told in said
    assert ("Xin chưa chuyển lại" in said) is bool(told)


def test_while_the_fee_is_waited_for_nothing_is_said_to_be_paid_or_to_run() -> None:
    scene = renewal()
    dossier, _payment = asked(scene)
    page = Client()
    page.force_login(scene.user)

    said = page.get(reverse("web:dossier", args=[dossier.public_id])).content.decode()
    said = said.replace("\u00a0", " ")

    assert "Cơ quan đã yêu cầu nộp phí, lệ phí" in said
    assert "Cần nộp phí, lệ phí" not in said
    assert "Cơ quan đang chờ khoản phí, lệ phí 135.000" in said
    assert "đã yêu cầu ngày thứ Sáu, 20/11/2026" in said
    assert "Bước đang làm" not in said
    assert "Thời hạn tạm dừng trong khi hồ sơ chờ" in said
    assert "ngày làm việc)" not in said
