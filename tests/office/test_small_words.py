"""What a desk lists: the whole family, runs in words, names in Vietnamese order."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from unfold.utils import display_for_label

from citizens.enums import RelationKind
from portal.common import clock
from portal.office.labels import labelled
from procedures.enums import RunState, ScanKind
from procedures.models import ScanRun
from tests.factories.citizens import CitizenFactory, RelationFactory
from tests.factories.procedures import ProcedureVersionFactory, catalogue
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def desk(here: Place) -> Client:
    return signed_in(here.user)


def test_a_mothers_page_names_her_children_once_and_her_husband(here: Place, desk: Client) -> None:
    mother, unit = here.citizen, here.unit
    child = CitizenFactory(unit=unit, full_name="Nguyễn Gia Bảo", minor=True)
    husband = CitizenFactory(unit=unit, full_name="Nguyễn Văn Minh")
    RelationFactory(person=mother, relative=child, kind=RelationKind.MOTHER)
    for one, other in ((mother, husband), (husband, mother)):
        RelationFactory(person=one, relative=other, kind=RelationKind.SPOUSE)

    answer = desk.get(reverse("admin:citizens_citizen_change", args=[mother.pk]))

    said = [
        str(form.instance)
        for formset in answer.context["inline_admin_formsets"]
        for form in formset.formset.initial_forms
    ]
    assert sum("Nguyễn Gia Bảo" in one for one in said) == 1
    assert sum("Nguyễn Văn Minh" in one for one in said) == 1
    shown = answer.content.decode()
    family = shown[shown.index("Con, người được giám hộ") :]
    assert re.search(r"Nguyễn Gia Bảo.*?>\s*Con\s*<", family, re.DOTALL)


def test_a_run_is_named_in_vietnamese_and_never_took_less_than_nothing(desk: Client) -> None:
    run = ScanRun.objects.create(
        kind=ScanKind.CHANGES, on_date=clock.today(), state=RunState.FINISHED, scope="x"
    )
    ScanRun.objects.filter(pk=run.pk).update(finished_at=run.started_at - timedelta(milliseconds=9))

    shown = desk.get(reverse("admin:procedures_scanrun_changelist")).content.decode()

    assert "-0.0 s" not in shown
    assert "0.0 s" in shown
    with translation.override("vi"):
        assert str(run).startswith(run.get_kind_display())
        assert "changes" not in str(run)


def test_procedures_stand_in_vietnamese_order(desk: Client) -> None:
    shuffled = ("Xóa", "Đăng ký", "Công nhận", "Cấp")
    for name, procedure in zip(shuffled, catalogue().procedures[4:], strict=False):
        ProcedureVersionFactory(procedure__key=procedure.key, name_vi=name)

    answer = desk.get(reverse("admin:office_queue"))

    names = [one.name_vi for one in answer.context["procedures"]]
    mine = [name for name in names if name in shuffled]
    assert mine == ["Cấp", "Công nhận", "Đăng ký", "Xóa"]


def test_a_state_without_a_colour_is_shown_by_its_word() -> None:
    @labelled("state", label={"sent": "success"})
    def state(row: tuple[str, str]) -> tuple[str, str]:
        return row

    tones = vars(state)["label"]
    assert "Không gửi" in display_for_label(("suppressed", "Không gửi"), "-", tones)
    assert "suppressed" not in display_for_label(("suppressed", "Không gửi"), "-", tones)
