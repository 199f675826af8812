"""A case from one press to the last result: children start, fail, are replaced, left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from citizens.models import Authority, Citizen, HouseholdMember, RegisterRecord
from dossiers.bundle_rules import Move
from dossiers.documents.facts.frame import Paper
from dossiers.documents.facts.results import result
from dossiers.enums import Action, FormKind, Status
from dossiers.models import BundleCase, BundleStep, Document, Dossier, DossierEvent
from dossiers.selectors.papers import repository_of
from dossiers.services.decide_step import answer_step, decide_step, replace_step
from dossiers.services.enter_facts import enter_register
from dossiers.services.file_next_steps import file_next_steps
from dossiers.services.freeze_form import AnswersRefusedError
from dossiers.services.hand_in_papers import lay_ready
from dossiers.services.make_forms import make_forms
from notifications.models import Message
from portal.common.errors import RefusedError, StaleVersionError
from portal.web.presenters.people import parties_of
from procedures.enums import MatterOutcome, SuggestionState
from procedures.models import OpenMatter, ProcedureVersion
from tests.dossiers.bundle_scene import (
    BIRTH,
    CARD,
    DEATH,
    EXEMPT,
    FRIDAY,
    FUNERAL,
    GRANT,
    INSURANCE,
    LINKED,
    PERMIT,
    POWER,
    REMOVAL,
    RESIDENCE,
    TODAY,
    WATER,
    Case,
    birth,
    child,
    death,
    decide,
    house,
    states,
)
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_friday() -> object:
    with time_machine.travel(FRIDAY, tick=False):
        yield


def step(case: BundleCase, code: str) -> BundleStep:
    return BundleStep.objects.get(case=case, procedure__code=code)


def choose(scene: Case, case: BundleCase, code: str, move: Move) -> None:
    one = step(case, code)
    decide_step(step=one, citizen=scene.citizen, move=move, version=one.version, now=FRIDAY)


def topics() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("topic", flat=True))


class TestBirth:
    def test_one_form_asks_nothing_twice_and_nothing_that_a_register_will_know(self) -> None:
        scene = birth()

        asked = [field.name for field in scene.form(scene.offer(CARD)).form.missing]

        assert len(asked) == len(set(asked))
        own = {"child_surname", "child_given_name", "case", "first_care_facility"}
        assert set(asked) - own == {"appointment_place", "appointment_time"}

    def test_the_certificate_is_kept_among_the_papers_of_both_parents(self) -> None:
        scene = birth()
        case = scene.file()
        decide(scene, child(case, BIRTH), *GRANT)

        make_forms(now=FRIDAY)

        born = Citizen.objects.get(given_name="An")
        certificate = Document.objects.get(results__dossier=child(case, BIRTH))
        assert certificate.owner == born.party
        for parent in (scene.citizen, scene.other):
            parties = [party.pk for party in parties_of(parent, TODAY)]
            assert certificate in repository_of(parties=parties)

    def test_one_press_files_the_first_and_keeps_the_answers_of_the_others(self) -> None:
        case = birth().file(CARD)

        assert states(case) == {
            BIRTH: "filed",
            RESIDENCE: "waiting",
            INSURANCE: "waiting",
            CARD: "waiting",
        }
        assert case.form[INSURANCE]["first_care_facility"] == "Trạm y tế"
        assert Dossier.objects.get().bundle_case == case
        assert OpenMatter.objects.get(procedure__code=LINKED).reference == case.tracking_code
        assert topics() == ["bundle_submitted"]

    def test_the_child_of_the_birth_owns_what_follows(self) -> None:
        scene = birth()
        case = scene.file(CARD)
        told = {"number": "12/2026", "book": "01/2026", "pin": "999326000777"}
        enter_register(dossier=child(case, BIRTH), day=TODAY, **told)

        decide(scene, child(case, BIRTH), *GRANT)

        newborn = Citizen.objects.get(full_name="Lê An")
        event = DossierEvent.objects.filter(dossier=child(case, BIRTH)).latest("pk")
        certificate = result(Paper(child(case, BIRTH), FormKind.RESULT, event, "C" * 20))
        assert dict(certificate["rows"])["Họ, chữ đệm, tên"] == "LÊ AN"
        assert states(case) == {
            BIRTH: "done",
            RESIDENCE: "filed",
            INSURANCE: "waiting",
            CARD: "filed",
        }
        residence, card = child(case, RESIDENCE), child(case, CARD)
        assert residence.owner_id == card.owner_id == newborn.pk
        assert residence.applicant == scene.citizen
        assert residence.form["relation_to_head"]["value"] == "Con"
        assert residence.form["resident_pin"]["value"] == told["pin"]
        assert scene.other.full_name in residence.form["household_head"]["value"]
        assert residence.form["members"]["value"].startswith("Lê An, sinh ngày")
        assert "\n" not in residence.form["members"]["value"]
        assert card.form["child_full_name"]["value"] == "Lê An"
        assert card.form["hometown"]["value"] == "Quảng Nam"
        assert card.form["birth_registration_place"]["source"] == "register"
        acting = Authority.objects.filter(for_party=newborn.party).values_list("actor", flat=True)
        assert set(acting) == {scene.citizen.pk, scene.other.pk}
        assert RegisterRecord.objects.get(kind="birth").body["dossier"] == child(case, BIRTH).code

    def test_papers_laid_ready_before_the_birth_was_registered_go_with_the_child(self) -> None:
        scene = birth()
        subject = scene.suggestion.subject
        home = a_document(subject, given_name="cho-o.pdf")
        lay_ready(
            applicant=scene.citizen, owner=subject, component_code="TT-02", document=home,
            now=FRIDAY,
        )  # fmt: skip
        case = scene.file()

        decide(scene, child(case, BIRTH), *GRANT)

        assert child(case, RESIDENCE).papers.get(component_code="TT-02").document == home

    def test_to_the_last_result(self) -> None:
        scene = birth()
        case = scene.file()
        for code in (BIRTH, RESIDENCE, INSURANCE):
            decide(scene, child(case, code), *GRANT)

        scene.suggestion.refresh_from_db()
        assert set(states(case).values()) == {"done", "dropped"}
        assert scene.suggestion.state == SuggestionState.FULFILLED
        assert OpenMatter.objects.get(procedure__code=LINKED).outcome == MatterOutcome.GRANTED
        newborn = Citizen.objects.get(full_name="Lê An")
        assert HouseholdMember.objects.get(citizen=newborn).relation_to_head == "Con"
        by_sms = {"dossier_approved", "bundle_done", "bundle_needs_you"}
        assert [topic for topic in topics() if topic in by_sms] == [
            "dossier_approved",
            "bundle_done",
        ]

    def test_a_wish_that_comes_later(self) -> None:
        scene = birth()
        case = scene.file()
        told = {"number": "12/2026", "book": "01/2026", "pin": "999326000777"}
        enter_register(dossier=child(case, BIRTH), day=TODAY, **told)
        decide(scene, child(case, BIRTH), *GRANT)

        choose(scene, case, CARD, Move.RESTORE)

        assert states(case)[CARD] == "ready"
        card = step(case, CARD)
        assert card.reason == "needs_answers"
        assert "bundle_needs_you" in topics()
        with pytest.raises(AnswersRefusedError):
            answer_step(
                step=card, citizen=scene.citizen, answers={}, version=card.version, now=FRIDAY
            )
        answers = {"appointment_place": "x", "appointment_time": "2099-12-01T09:00"}
        answers["appointment_place"] = scene.ward.agencies.get(kind="cong_an_xa").name_vi
        answer_step(
            step=card, citizen=scene.citizen, answers=answers, version=card.version, now=FRIDAY
        )
        assert states(case)[CARD] == "filed"

    def test_the_first_that_is_withdrawn_gives_the_suggestion_back(self) -> None:
        scene = birth()
        case = scene.file()
        scene.suggestion.refresh_from_db()
        decide(scene, child(case, BIRTH), Action.REFUSE_RECEPTION, note="Thiếu chữ ký")

        scene.suggestion.refresh_from_db()
        assert states(case)[BIRTH] == "failed"
        assert step(case, BIRTH).reason == "Thiếu chữ ký"
        assert scene.suggestion.state == SuggestionState.OPEN
        assert not OpenMatter.objects.filter(closed_on__isnull=True).exists()

        choose(scene, case, BIRTH, Move.RETRY)

        scene.suggestion.refresh_from_db()
        assert states(case)[BIRTH] == "filed"
        assert scene.suggestion.state == SuggestionState.ACCEPTED
        assert child(case, BIRTH).form["child_given_name"]["value"] == "An"
        assert OpenMatter.objects.filter(procedure__code=LINKED, closed_on__isnull=True).exists()

    def test_one_that_fails_leaves_the_others_alone(self) -> None:
        scene = birth()
        case = scene.file(CARD)
        told = {"number": "12/2026", "book": "01/2026", "pin": "999326000777"}
        enter_register(dossier=child(case, BIRTH), day=TODAY, **told)
        decide(scene, child(case, BIRTH), *GRANT)
        decide(scene, child(case, RESIDENCE), Action.RECEIVE, Action.STOP, note="Chưa đủ điều kiện")
        decide(scene, child(case, CARD), *GRANT)

        assert states(case) == {
            BIRTH: "done",
            RESIDENCE: "failed",
            INSURANCE: "waiting",
            CARD: "done",
        }
        choose(scene, case, RESIDENCE, Move.DROP)
        assert states(case)[INSURANCE] == "waiting"
        choose(scene, case, INSURANCE, Move.DROP)
        scene.suggestion.refresh_from_db()
        assert scene.suggestion.state == SuggestionState.FULFILLED

    def test_what_was_left_out_is_taken_up_again(self) -> None:
        scene = birth()
        case = scene.file()
        choose(scene, case, RESIDENCE, Move.DROP)
        choose(scene, case, RESIDENCE, Move.RESTORE)

        decide(scene, child(case, BIRTH), *GRANT)

        assert states(case)[RESIDENCE] == "filed"


class TestHouse:
    def test_the_results_of_the_permit_start_both(self) -> None:
        scene = house({})
        case = scene.file(**EXEMPT | {"floors": "9"})
        assert states(case) == {PERMIT: "filed", POWER: "waiting", WATER: "waiting"}

        decide(scene, child(case, PERMIT), *GRANT)

        assert states(case) == {PERMIT: "done", POWER: "filed", WATER: "filed"}
        power, water = child(case, POWER), child(case, WATER)
        assert power.form["capacity_kw"]["value"] == "5"
        assert power.form["supply_address"] == water.form["supply_address"]
        assert child(case, PERMIT).code in power.events.get(action="submit").note

    def test_an_exemption_is_the_ground_on_which_both_start(self) -> None:
        case = house(EXEMPT).file()

        assert states(case) == {PERMIT: "dropped", POWER: "filed", WATER: "filed"}
        assert step(case, PERMIT).reason == "exempt:house_under_seven_storeys"
        assert "7 tầng" in child(case, POWER).events.get(action="submit").note

    def test_what_the_law_spares_is_not_taken_up(self) -> None:
        scene = house(EXEMPT)
        case = scene.file()

        with pytest.raises(RefusedError):
            choose(scene, case, PERMIT, Move.RESTORE)

    def test_a_procedure_that_closed_is_left_out_with_the_reason(self) -> None:
        scene = house({})
        case = scene.file()
        gone = ProcedureVersion.objects.get(procedure__code=WATER)
        gone.valid = (gone.valid.lower, TODAY - timedelta(days=1))
        gone.save(update_fields=["valid"])

        decide(scene, child(case, PERMIT), *GRANT)

        assert states(case) == {PERMIT: "done", POWER: "filed", WATER: "dropped"}
        assert step(case, WATER).reason == "closed"

    @pytest.mark.parametrize(
        ("benefit", "state"), [("Không", "dropped"), ("Người có công", "filed")]
    )
    def test_a_funeral_allowance_is_filed_only_where_there_is_one(
        self, benefit: str, state: str
    ) -> None:
        scene = death()
        case = scene.file(benefit_kind=benefit, phone="0905123456")

        at_once = "no_ground" if state == "dropped" else ""  # the family reads it from now on
        assert step(case, FUNERAL).reason == at_once
        decide(scene, child(case, DEATH), *GRANT)

        assert states(case) == {DEATH: "done", REMOVAL: "filed", FUNERAL: state}
        assert step(case, FUNERAL).reason == ("no_ground" if state == "dropped" else "")

    def test_the_papers_of_a_death_bear_the_entry_and_name_the_deceased_once(self) -> None:
        scene = death()
        case = scene.file(benefit_kind="Không", phone="0905123456")
        told = {"number": "77/2026", "book": "01/2026", "pin": ""}
        enter_register(dossier=child(case, DEATH), day=TODAY, **told)
        decide(scene, child(case, DEATH), *GRANT)
        decide(scene, child(case, REMOVAL), *GRANT)

        extract, notice = (
            result(Paper(one, FormKind.RESULT, one.events.order_by("-pk")[0], "C" * 20))
            for one in (child(case, DEATH), child(case, REMOVAL))
        )

        assert (extract["number"], extract["book"]) == ("77/2026", "01/2026")
        rows = dict(extract["rows"])
        assert rows["Người chết"] == child(case, DEATH).owner.citizen.full_name.upper()
        assert (rows["Quốc tịch"], rows["Giấy báo tử"]) == ("Việt Nam", "BT-1")
        assert "Họ, chữ đệm, tên" not in rows
        assert notice["subtitle"] == "Về việc: xóa đăng ký thường trú"

    def test_another_procedure_of_the_same_result_takes_its_place(self) -> None:
        scene = house({})
        case = scene.file()
        decide(scene, child(case, PERMIT), Action.REFUSE_RECEPTION, note="Sai mẫu")
        failed = step(case, PERMIT)
        older = ProcedureVersion.objects.get(procedure__code=PERMIT)
        definition = older.definition | {"code": "1.099999", "key": "permit_anew"}
        other = type(older.procedure).objects.create(code="1.099999", key="permit_anew")
        ProcedureVersion.objects.create(
            **{
                field.name: getattr(older, field.name)
                for field in ProcedureVersion._meta.concrete_fields
                if field.name not in ("id", "procedure", "definition", "public_id")
            },
            procedure=other,
            definition=definition,
        )

        replace_step(
            step=failed,
            citizen=scene.citizen,
            procedure=other,
            version=failed.version,
            now=FRIDAY,
        )

        assert states(case) == {
            PERMIT: "replaced",
            POWER: "waiting",
            WATER: "waiting",
            "1.099999": "filed",
        }
        assert step(case, POWER).after == ["1.099999"]
        with pytest.raises(RefusedError):
            replace_step(
                step=step(case, PERMIT),
                citizen=scene.citizen,
                procedure=other,
                version=step(case, PERMIT).version,
                now=FRIDAY,
            )

    def test_a_stranger_and_an_old_page_decide_nothing(self) -> None:
        scene = house({})
        case = scene.file()
        power = step(case, POWER)

        with pytest.raises(RefusedError):
            decide_step(
                step=power,
                citizen=scene.other,
                move=Move.DROP,
                version=power.version,
                now=FRIDAY,
            )
        with pytest.raises(StaleVersionError):
            decide_step(step=power, citizen=scene.citizen, move=Move.DROP, version=99, now=FRIDAY)
        assert states(case)[POWER] == "waiting"

    def test_the_bell_that_rings_twice_files_once(self) -> None:
        scene = house({})
        case = scene.file()
        decide(scene, child(case, PERMIT), *GRANT)

        assert file_next_steps(now=FRIDAY) == 0
        assert Dossier.objects.count() == 3
        assert child(case, POWER).status == Status.REGISTERED
