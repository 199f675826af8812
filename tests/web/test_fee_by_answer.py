"""What a passport costs is told by the answer, on every page, and kept with the dossier."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citizens.enums import Role
from dossiers.models import Dossier
from portal.web.presenters.terms import fee_told
from portal.web.templatetags.portal_format import vnd
from procedures.definition import ProcedureDefinition
from procedures.enums import FilingChannel
from tests.factories.citizens import AgencyFactory, CredentialFactory, GrantFactory, OfficialFactory
from tests.factories.dossiers import catalogued_version
from tests.factories.procedures import SuggestionFactory, version_of
from tests.office.places import signed_in
from tests.web.scene import TODAY, Scene

FORM, CHECK = (f"/my/procedures/passport_issue/{end}/" for end in ("form", "check"))
WORDS = {"request_content": "Cấp lại do mất", "chip": "Có gắn chíp điện tử"}


@pytest.fixture
def passport(scene: Scene) -> Scene:
    """Mrs Lan, and the office that issues passports."""
    catalogued_version("passport_issue")
    AgencyFactory(kind__key="cong_an_tinh_qlxnc", unit=scene.city)
    return scene


@pytest.mark.parametrize(
    ("reason", "fee"), [("Cấp lại do mất", 400_000), ("Cấp lại do hết hạn", 200_000)]
)
def test_the_look_before_the_press_the_dossier_and_the_desk_tell_the_same(
    passport: Scene, reason: str, fee: int
) -> None:
    # Given a form that is answered
    asked = passport.client.get(FORM).context["form"].fields
    answers = {name: "Đà Nẵng" for name, field in asked.items() if field.required} | WORDS
    checked = passport.client.post(FORM, answers | {"request_content": reason}, follow=True)

    # Then the look names the one fee, and so do the dossier and the desk
    (told,) = (words for term, words in checked.context["terms"] if term == "Phí, lệ phí")
    assert told == vnd(fee)
    passport.client.post(CHECK, {"number": 1}, follow=True)
    dossier = Dossier.objects.get()
    assert dossier.fee_vnd == fee
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, unit=dossier.competent.unit, role=Role.CASE_OFFICER)
    desk = signed_in(official.user).get(f"/admin/dossiers/{dossier.public_id}/")
    assert desk.context["fees"]["fee_vnd"] == fee


def test_one_press_for_a_passport_that_runs_out_tells_the_ordinary_fee(passport: Scene) -> None:
    suggestion = SuggestionFactory(
        credential=CredentialFactory(holder=passport.lan, kind="passport"),
        rule_version=version_of("passport_issue"),
    )

    page = passport.client.get(f"/my/suggestions/{suggestion.public_id}/")

    assert dict(page.context["terms"])["Phí, lệ phí"] == vnd(200_000)


def test_while_it_is_not_answered_both_are_named(db: None) -> None:
    version = catalogued_version("passport_issue")
    definition = ProcedureDefinition.from_json(version.definition)

    told = fee_told(definition, FilingChannel.ONLINE, TODAY)

    assert f"{vnd(200_000)} (Cấp mới, cấp lại thông thường) hoặc {vnd(400_000)}" in told


def test_a_fee_without_a_case_is_named_by_its_amount_alone(db: None) -> None:
    definition = ProcedureDefinition.from_json(catalogued_version("passport_issue").definition)
    ordinary, lost, *_older = definition.fees
    fees = (replace(ordinary, case_vi=None), lost)

    told = fee_told(replace(definition, fees=fees), FilingChannel.ONLINE, TODAY)

    assert f"{vnd(200_000)} hoặc {vnd(400_000)} ({lost.case_vi})" in told
