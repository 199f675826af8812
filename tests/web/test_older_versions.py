"""A suggestion that an older version opened: its text stays, what it leads to is today's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from dossiers.models import Dossier
from notifications.models import Message
from portal.web.presenters.inbox import matter_url
from procedures.models import ProcedureVersion, RuleVersion
from procedures.selectors import offer_of
from tests.factories.citizens import AgencyFactory
from tests.factories.procedures import LICENCE, ProcedureVersionFactory, RuleVersionFactory
from tests.factories.procedures import procedure_definition as defined
from tests.web.scene import TODAY, Scene

SINCE = TODAY - timedelta(days=1)


@pytest.fixture
def changed(scene: Scene) -> Scene:
    """Since yesterday another agency decides, under another name; the rule has other words."""
    old = RuleVersion.objects.get(pk=scene.suggestion.rule_version_id)
    end(old)
    end(scene.version)
    document = defined(LICENCE).to_json()
    agency = document["competent_agency"] | {"key": "so_xay_dung", "name_vi": "Sở Xây dựng"}
    document |= {"name_vi": "Đổi giấy phép lái xe (mới)", "competent_agency": agency}
    ProcedureVersionFactory(
        procedure__key=LICENCE, definition=document, valid=DateRange(SINCE, None)
    )
    RuleVersionFactory(
        rule=old.rule, valid=DateRange(SINCE, None), changes={"reason_vi": "Lời của bản mới."}
    )
    AgencyFactory(kind__key="so_xay_dung", unit=scene.city, name_vi="Sở Xây dựng")
    return scene


def end(version: Any) -> None:
    """Let a version hold until yesterday."""
    type(version).objects.filter(pk=version.pk).update(valid=DateRange(None, SINCE))


def newest() -> ProcedureVersion:
    return ProcedureVersion.objects.latest("number")


def test_it_offers_the_version_in_force_today(changed: Scene) -> None:
    assert offer_of(suggestion=changed.suggestion, day=SINCE - timedelta(days=1)).versions == (
        changed.version,
    )
    assert offer_of(suggestion=changed.suggestion, day=TODAY).versions == (newest(),)


def test_the_page_says_why_it_was_opened_and_what_is_in_force(changed: Scene) -> None:
    html = changed.client.get(changed.page).content.decode()

    assert "Đổi giấy phép lái xe (mới)" in html
    assert "Sở Xây dựng" in html
    assert "Phòng CSGT" not in html
    assert "Lời của bản mới." not in html


def test_what_is_filed_goes_to_today_s_office_by_today_s_version(changed: Scene) -> None:
    changed.client.post(changed.page, {"delivery": "Bưu chính công ích"})

    dossier = Dossier.objects.get()
    assert dossier.procedure_version == newest()
    assert dossier.competent.name_vi == "Sở Xây dựng"
    assert dossier.suggestion == changed.suggestion


def test_a_message_leads_to_its_page_whatever_version_is_in_force(changed: Scene) -> None:
    thread = f"suggestion:{changed.suggestion.pk}"

    assert matter_url(changed.lan, thread) == changed.page
    assert not Message.objects.exclude(thread_key=thread).exists()


def test_without_a_version_in_force_the_page_says_that_it_is_over(scene: Scene) -> None:
    end(scene.version)

    response = scene.client.get(scene.page)

    assert response.status_code == 410
    assert offer_of(suggestion=scene.suggestion, day=TODAY).version is None
