"""One press files a dossier: what is written, what is frozen, what is refused whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction

from dossiers.enums import Action, Actor, Status
from dossiers.models import ClockEvent, CodeCounter, Dossier, DossierEvent, Draft, EventFeed
from dossiers.selectors import dossier_for, dossiers_of, filed_form
from dossiers.services import AnswersRefusedError, save_draft, submit_dossier
from notifications.models import Message
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition
from procedures.enums import SuggestionState
from procedures.models import OpenMatter, Recipient
from tests.dossiers.scene import ANSWERS, FRIDAY, renewal
from tests.factories.citizens import AuthorityFactory, CitizenFactory
from tests.factories.procedures import ProcedureVersionFactory

NATIONAL_CODE = r"^[0-9A-Z]+(\.[0-9A-Z]+)*-(\d{6}-\d{4,}|\d{8}-\d{7})$"
LEDGERS = (Dossier, DossierEvent, EventFeed, ClockEvent, CodeCounter, OpenMatter, Message)


@pytest.mark.django_db
def test_one_press_writes_everything_a_filed_dossier_needs() -> None:
    scene = renewal()

    dossier = scene.submit()

    assert re.match(NATIONAL_CODE, dossier.code)
    assert dossier.code == f"{scene.agency.code}-20261120-0000001"
    assert dossier.status == Status.REGISTERED
    assert dossier.competent == scene.agency
    assert dossier.fee_vnd == 135_000
    event = dossier.events.get()
    assert (event.action, event.actor_role, event.citizen) == (
        Action.SUBMIT,
        Actor.CITIZEN,
        scene.citizen,
    )
    assert EventFeed.objects.get().event == event
    matter = OpenMatter.objects.get()
    assert (matter.reference, matter.anchor) == (dossier.code, scene.licence.pk)
    message = Message.objects.get()
    assert (message.topic_id, message.recipient_id) == ("dossier_submitted", scene.citizen.pk)
    assert message.params["code"] == dossier.code
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fees", "kept"),
    [([], None), ([{"amount_vnd": 0, "channel": "any"}], 0)],
)
def test_an_unknown_fee_is_not_kept_as_free(fees: list[object], kept: int | None) -> None:
    scene = renewal()
    version = ProcedureVersionFactory(
        procedure=scene.version.procedure,
        number=scene.version.number + 1,
        definition=scene.version.definition | {"fees": fees},
        draft=True,
    )

    dossier = replace(scene, version=version).submit()

    assert dossier.fee_vnd == kept


@pytest.mark.django_db
def test_the_appointment_is_told_at_once_and_the_clock_waits_for_the_office() -> None:
    scene = renewal()

    dossier = scene.submit()

    assert dossier.expected_on == date(2026, 11, 27)
    assert dossier.appointment_on == date(2026, 11, 27)
    assert (dossier.due_on, dossier.clock_started_on) == (None, None)
    assert not ClockEvent.objects.exists()


@pytest.mark.django_db
def test_what_is_filed_is_a_copy_with_its_sources() -> None:
    scene = renewal()
    dossier = scene.submit()

    scene.citizen.full_name = "Đổi Tên Sau"
    scene.citizen.save(update_fields=["full_name"])

    form = Dossier.objects.get(pk=dossier.pk).form
    assert form["full_name"]["value"] == "Trần Thị Lan"
    assert (form["full_name"]["source"], form["full_name"]["register"]) == ("register", "NPD")
    assert form["full_name"]["as_of"] == scene.citizen.as_of.isoformat()
    assert (form["licence_number"]["value"], form["licence_number"]["register"]) == (
        scene.licence.number,
        "GPLX",
    )
    assert (form["reason"]["value"], form["reason"]["source"]) == ("Sắp hết hạn", "computed")
    assert (form["delivery"]["value"], form["delivery"]["source"]) == ("Trực tiếp", "citizen")
    assert filed_form(dossier=dossier)[0].name == "full_name"


@pytest.mark.django_db
def test_a_register_value_is_not_changed_by_what_a_browser_sends() -> None:
    scene = renewal()

    dossier = scene.submit(
        {"full_name": "Kẻ Khác", "licence_class": "DE", "status": "9", "owner": "1"}
    )

    assert dossier.form["full_name"]["value"] == "Trần Thị Lan"
    assert dossier.form["licence_class"]["value"] == "B"
    assert "owner" not in dossier.form
    assert dossier.status == Status.REGISTERED


@pytest.mark.django_db
def test_the_form_is_not_readable_in_the_table() -> None:
    dossier = renewal().submit()

    assert "Trần".encode() not in bytes(dossier.form_enc or b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({"delivery": ""}, ["delivery"]),
        ({"reason": "Vì thích"}, ["reason"]),
        ({"reason": "Vì thích", "delivery": "Bồ câu"}, ["reason", "delivery"]),
        ({"phone": "12"}, ["phone"]),
    ],
)
def test_answers_are_checked_on_the_server_and_each_field_is_named(
    answers: dict[str, str], names: list[str]
) -> None:
    scene = renewal()
    before = [table.objects.count() for table in LEDGERS]

    with pytest.raises(AnswersRefusedError) as refused:
        scene.submit(answers)

    assert sorted(refused.value.faults) == sorted(names)
    fields = ProcedureDefinition.from_json(scene.version.definition).form_fields
    labels = {field.name: field.label_vi for field in fields}
    for name in names:
        assert refused.value.faults[name].startswith(labels[name])
    assert [table.objects.count() for table in LEDGERS] == before
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN


@pytest.mark.django_db
def test_a_second_press_returns_the_same_dossier() -> None:
    scene = renewal()

    first, second = scene.submit(), scene.submit(now=FRIDAY + timedelta(hours=1))

    assert first == second
    assert CodeCounter.objects.get().last == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_rolled_back_submit_uses_up_no_number() -> None:
    scene = renewal()
    other = renewal()

    with transaction.atomic():
        lost = scene.submit()
        transaction.set_rollback(True)
    dossier = scene.submit()

    assert dossier.pk != lost.pk
    assert dossier.code.endswith("-0000001")
    assert other.submit().code == f"{other.agency.code}-20261120-0000001"


@pytest.mark.django_db
def test_numbers_begin_anew_each_civil_day() -> None:
    scene, other = renewal(), renewal()
    other.agency.delete()
    other.citizen.unit.parent = scene.city
    other.citizen.unit.save()

    first = scene.submit(now=FRIDAY.replace(hour=23, minute=59))
    second = other.submit(now=FRIDAY.replace(hour=23, minute=59) + timedelta(minutes=2))

    assert first.code == f"{scene.agency.code}-20261120-0000001"
    assert second.code == f"{scene.agency.code}-20261121-0000001"


@pytest.mark.django_db
def test_nobody_files_for_somebody_without_authority() -> None:
    scene = renewal()
    stranger = CitizenFactory(unit=scene.commune)
    Recipient.objects.create(suggestion=scene.suggestion, citizen=stranger)

    with pytest.raises(RefusedError, match=r"."):
        submit_dossier(
            applicant=stranger,
            suggestion=scene.suggestion,
            version=scene.version,
            answers=ANSWERS,
            now=FRIDAY,
        )

    assert not Dossier.objects.exists()


@pytest.mark.django_db
def test_whoever_has_authority_files_and_is_told() -> None:
    scene = renewal()
    daughter = CitizenFactory(unit=scene.commune)
    AuthorityFactory(actor=daughter, for_party=scene.citizen.party, basis="power_of_attorney")
    Recipient.objects.create(suggestion=scene.suggestion, citizen=daughter)

    dossier = submit_dossier(
        applicant=daughter,
        suggestion=scene.suggestion,
        version=scene.version,
        answers=ANSWERS,
        now=FRIDAY,
    )

    assert (dossier.owner_id, dossier.applicant) == (scene.citizen.pk, daughter)
    message = Message.objects.get()
    assert (message.recipient_id, message.about_id) == (daughter.pk, scene.citizen.pk)
    assert scene.submit() == dossier  # the other recipient's press finds it


@pytest.mark.django_db
def test_foreign_dossiers_are_not_there() -> None:
    scene = renewal()
    dossier = scene.submit()
    stranger = CitizenFactory()

    assert list(dossiers_of(citizen=scene.citizen)) == [dossier]
    assert dossier_for(citizen=scene.citizen, public_id=dossier.public_id) == dossier
    assert not dossiers_of(citizen=stranger).exists()
    with pytest.raises(Dossier.DoesNotExist):
        dossier_for(citizen=stranger, public_id=dossier.public_id)


@pytest.mark.django_db
def test_without_a_suggestion_a_second_press_finds_the_open_dossier() -> None:
    scene = renewal()
    dossiers = [
        submit_dossier(
            applicant=scene.citizen,
            suggestion=None,
            version=scene.version,
            answers=ANSWERS,
            now=FRIDAY,
        )
        for _press in range(2)
    ]

    assert dossiers[0] == dossiers[1]
    assert (dossiers[0].anchor, dossiers[0].suggestion) == (0, None)


@pytest.mark.django_db
def test_a_draft_keeps_answers_and_goes_when_filed() -> None:
    scene = renewal()
    save = partial(
        save_draft,
        suggestion=scene.suggestion,
        version=scene.version,
        applicant=scene.citizen,
        owner=scene.citizen.party,
        now=FRIDAY,
    )

    save(changes={"reason": "Hỏng", "full_name": "X", "delivery": "?"})
    draft = save(changes={"delivery": "Trực tiếp"})

    assert Draft.objects.get().form == {"reason": "Hỏng", "delivery": "Trực tiếp"}
    assert draft.version == 2
    scene.submit()
    assert not Draft.objects.exists()
    with pytest.raises(RefusedError):
        save(changes={"reason": "Hỏng"})
