"""What is begun from the catalogue by API: kept, changed by who saw it last, thrown away, filed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from citizens.models import Party
from dossiers.models import Dossier, Draft
from dossiers.tasks import ring_for_automatic_decisions
from tests.api.test_citizens import API, problem
from tests.api.test_writes import post
from tests.factories.citizens import AuthorityFactory, CitizenFactory, OrganisationFactory
from tests.factories.dossiers import catalogued_version
from tests.web.scene import Scene, stranger

LOST = "driving_licence_reissue"
ANSWERS = {"reason": "Khác", "delivery": "Trực tiếp"}


@pytest.fixture
def lost(scene: Scene) -> Scene:
    """Mrs Lan, whose licence is lost: nothing is suggested for it."""
    catalogued_version(LOST)
    return scene


def begin(scene: Scene, **body: Any) -> Any:
    return post(scene.client, f"{API}/drafts", {"procedure": LOST, **body})


def patch(client: Client, address: str, answers: Any, tag: str) -> Any:
    body = json.dumps({"answers": answers})
    headers = {"If-Match": tag} if tag else {}
    return client.patch(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def address(lost: Scene) -> str:
    """A draft with one answer."""
    said = begin(lost, answers={"reason": "Khác"}).json()
    return f"{API}/drafts/{said['draft']['id']}"


# ------------------------------------------------------------------------------------ what is done
def test_from_the_catalogue_to_the_dossier(lost: Scene) -> None:
    begun = begin(lost).json()
    address = f"{API}/drafts/{begun['draft']['id']}"
    assert [one["name"] for one in begun["missing"]] == ["reason", "delivery"]
    assert not set(ANSWERS) & {one["name"] for one in begun["optional"]}
    assert lost.client.get(f"{API}/drafts").json()["items"] == [begun["draft"]]

    kept = patch(lost.client, address, ANSWERS, lost.client.get(address)["ETag"]).json()
    assert (kept["answers"], kept["faults"]) == (ANSWERS, {})

    filed = post(lost.client, f"{address}/file", If_Match=lost.client.get(address)["ETag"]).json()
    assert lost.client.get(f"{API}/dossiers/{filed['id']}").json() == filed
    assert Dossier.objects.get().form["reason"]["value"] == "Khác"
    problem(lost.client.get(address), 404)


def test_one_that_was_begun_goes_on(lost: Scene, address: str) -> None:
    again = begin(lost, answers={"delivery": "Trực tiếp"}).json()

    assert again["answers"] == ANSWERS
    assert Draft.objects.count() == 1


def test_what_cannot_be_filed_is_kept_and_told(lost: Scene, address: str) -> None:
    said = patch(lost.client, address, {"delivery": "Bồ câu"}, lost.client.get(address)["ETag"])

    assert said.json()["answers"]["delivery"] == "Bồ câu"
    assert list(said.json()["faults"]) == ["delivery"]
    tag = lost.client.get(address)["ETag"]
    refused = problem(post(lost.client, f"{address}/file", If_Match=tag), 422)
    assert [one["code"] for one in refused["reasons"]] == ["delivery"]
    assert not Dossier.objects.exists()


def test_it_is_thrown_away(lost: Scene, address: str) -> None:
    assert lost.client.delete(address).json() == {}

    problem(lost.client.delete(address), 404)
    assert not Draft.objects.exists()


def test_a_filing_rings_for_automatic_decisions_once_it_is_written(
    lost: Scene, address: str, django_capture_on_commit_callbacks: Any
) -> None:
    patch(lost.client, address, ANSWERS, lost.client.get(address)["ETag"])
    with django_capture_on_commit_callbacks() as rung:
        post(lost.client, f"{address}/file", If_Match=lost.client.get(address)["ETag"])

    assert ring_for_automatic_decisions in rung


# --------------------------------------------------------------------------------------- who saw it
def test_what_somebody_changed_meanwhile_is_read_again(lost: Scene, address: str) -> None:
    seen = lost.client.get(address)["ETag"]
    assert patch(lost.client, address, ANSWERS, seen).status_code == 200

    problem(patch(lost.client, address, {"reason": "Hỏng"}, seen), 412)
    problem(patch(lost.client, address, {"reason": "Hỏng"}, ""), 428)
    problem(post(lost.client, f"{address}/file", If_Match=seen), 412)
    problem(post(lost.client, f"{address}/file"), 428)
    assert Draft.objects.get().form == ANSWERS
    assert not Dossier.objects.exists()


# -------------------------------------------------------------------------------------- whose it is
def test_a_draft_is_its_writers(lost: Scene, address: str) -> None:
    _citizen, client = stranger()
    assert client.get(f"{API}/drafts").json()["items"] == []

    problem(client.get(address), 404)
    problem(client.delete(address), 404)
    problem(patch(client, address, ANSWERS, '"1.x"'), 404)
    problem(post(client, f"{address}/file", If_Match='"1.x"'), 404)
    assert Draft.objects.get().form == {"reason": "Khác"}


def test_nobody_begins_for_whom_they_may_not_act(lost: Scene) -> None:
    other: Party = CitizenFactory().party
    household = str(other.public_id)
    for owner in (household, "00000000-0000-4000-8000-000000000000"):
        problem(begin(lost, owner=owner), 404)
    assert not Draft.objects.exists()


def test_an_organisation_has_no_driving_licence(lost: Scene) -> None:
    firm = OrganisationFactory(unit=lost.ward)
    AuthorityFactory(actor=lost.lan, for_party=firm.party, basis="representative")

    said = problem(begin(lost, owner=str(firm.party.public_id)), 422)

    assert said["reasons"][0]["vi"] == "Thủ tục này dành cho cá nhân."
    assert not Draft.objects.exists()


# ---------------------------------------------------------------------------------- what is refused
def test_what_was_prepared_is_answered_where_it_stands(scene: Scene) -> None:
    scene.client.post(f"{scene.page}draft/", {"delivery": "Trực tiếp"})
    (row,) = scene.client.get(f"{API}/drafts").json()["items"]
    address = f"{API}/drafts/{row['id']}"

    assert row["suggestion"] == str(scene.suggestion.public_id)
    tag = scene.client.get(address)["ETag"]
    for answer in (
        post(scene.client, f"{address}/file", If_Match=tag),
        patch(scene.client, address, {}, tag),
    ):
        assert problem(answer, 422)["reasons"][0]["code"] == "suggestion"


def test_a_procedure_that_is_not_in_force_is_none(scene: Scene) -> None:
    problem(begin(scene), 404)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"procedure": 1}, "procedure"),
        ({"procedure": "\0"}, "procedure"),
        ({"procedure": "\ud800"}, "procedure"),
        ({"owner": "x"}, "owner"),
        ({"owner": 1}, "owner"),
        ({"answers": []}, "answers"),
        ({"answers": {"reason": None}}, "answers"),
        ({"applicant": 1}, "unknown"),
    ],
)
def test_nonsense_is_refused(lost: Scene, body: dict[str, Any], code: str) -> None:
    assert problem(begin(lost, **body), 400)["reasons"][0]["code"] == code
    assert not Draft.objects.exists()


def test_the_procedure_must_be_named(lost: Scene) -> None:
    said = problem(post(lost.client, f"{API}/drafts", {}), 400)

    assert said["reasons"][0]["code"] == "missing"
