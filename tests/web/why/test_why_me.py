"""Why me: on a suggestion each condition stands in plain words, with the data used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from citizens.models import Citizen
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.matters import Waiting
from portal.web.presenters.suggestions import one
from portal.web.presenters.why import Condition
from portal.web.presenters.why_me import why_me
from procedures.enums import Addressee
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.factories.procedures import SuggestionFactory
from tests.web.scene import DUE, TODAY, Scene
from tests.web.why.scene import text

pytestmark = pytest.mark.django_db


def test_each_condition_stands_with_its_data(scene: Scene) -> None:
    conditions = scene.client.get(f"{scene.page}why/").context["conditions"]

    paper, home, *_rest = conditions
    assert {one.word for one in conditions} == {"Phù hợp"}
    assert paper.asks.startswith("Có giấy tờ hết hạn")
    assert paper.data.startswith("hết hạn ngày 19/01/2027 (theo ")
    assert "Đang sinh sống" in home.asks
    assert scene.ward.name_vi in home.data


def test_the_page_of_a_suggestion_leads_there_and_reads_none_of_it(scene: Scene) -> None:
    page = scene.client.get(scene.page)

    assert f'href="{scene.page}why/"' in page.content.decode()
    assert "conditions" not in page.context


def test_of_somebody_elses_suggestion_nothing_is_told(scene: Scene) -> None:
    scene.suggestion.recipients.all().delete()

    assert scene.client.get(f"{scene.page}why/").status_code == 404


def test_the_data_used_can_be_contested(scene: Scene) -> None:
    paper = scene.client.get(f"{scene.page}why/").context["conditions"][0]

    assert paper.dispute_url.endswith(f"?suggestion={scene.suggestion.public_id}")
    assert "19/01/2027" in text(scene.client.get(paper.dispute_url))


def test_when_the_fact_has_moved_on_nothing_is_made_up(scene: Scene) -> None:
    scene.licence.expires_on = TODAY + timedelta(days=900)
    scene.licence.term += 1
    scene.licence.save()

    told = scene.client.get(f"{scene.page}why/")

    assert told.context["conditions"] == []
    assert "đã thay đổi" in text(told)


def test_of_somebody_else_only_the_answers_are_told(scene: Scene) -> None:
    """A father reads how a condition of the mother's was answered, and none of her data."""
    other = CitizenFactory(unit=scene.ward)
    licence = CredentialFactory(holder=other, expires_on=DUE)
    row = one(SuggestionFactory(credential=licence, recipients=[scene.lan]), TODAY)

    told, own = _conditions(row, scene.lan), _conditions(row, other)

    assert [line.asks for line in told] == [line.asks for line in own]
    assert {(line.data, line.dispute_url) for line in told} == {("", "")}
    assert own[0].data


def test_what_follows_a_death_is_not_reckoned_up(scene: Scene) -> None:
    row = one(scene.suggestion, TODAY)
    of_family = replace(row, rule=replace(row.rule, address=Addressee.FAMILY))

    assert _conditions(of_family, scene.lan) == []


def _conditions(row: Waiting, reader: Citizen) -> list[Condition]:
    why = why_me(row, reader)
    return why.told(Doubts.of_reader(reader, why.origins, day=TODAY))
