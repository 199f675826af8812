"""Views of the queue that an official keeps, and the queue as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens.models import AccessLog
from dossiers.models import Dossier, QueueFilter
from dossiers.services.keep_filter import MOST
from portal.office import queue_file
from tests.factories.dossiers import DossierFactory
from tests.office.places import CANARY, Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

QUEUE = "admin:office_queue"


def _keep(client: Client, name: str, query: str) -> Any:
    given = {"name": name, "query": query}
    return client.post(reverse("admin:office_queue_keep"), given, follow=True)


def test_a_view_is_kept_opened_and_forgotten(here: Place) -> None:
    client = signed_in(here.user)
    number = here.dossier.procedure_version.procedure_id

    said = _keep(client, "  Việc   của tôi ", f"due=late&mine=1&procedure={number}&where=unit")

    kept = QueueFilter.objects.get()
    assert (kept.official, kept.name) == (here.official, "Việc của tôi")
    assert kept.query == f"where=unit&due=late&procedure={number}&mine=1"
    assert reverse("admin:office_queue_forget", args=[kept.pk]) in said.content.decode()
    opened = client.get(f"{reverse(QUEUE)}?{kept.query}")
    assert opened.context["saved"].current == kept
    assert opened.context["wish"].mine
    client.post(reverse("admin:office_queue_forget", args=[kept.pk]))
    assert not QueueFilter.objects.exists()


def test_a_search_and_a_person_are_never_kept(here: Place) -> None:
    person = here.citizen.party.public_id

    _keep(signed_in(here.user), "Đến hạn", f"q={here.mark}&person={person}&due=soon&where=agency")

    assert QueueFilter.objects.get().query == "where=agency&due=soon"


@pytest.mark.parametrize(
    "query", ["", "q=Lan", "where=unit&q=Lan", "where=unit&due=late&person=1", "where=Lan"]
)
def test_the_database_takes_no_other_word(query: str, here: Place) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueFilter.objects.create(official=here.official, name="x", query=query)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Lan 079 099 000 123", "0912345678"])
def test_a_name_is_short_and_holds_no_number_of_a_person(name: str, here: Place) -> None:
    _keep(signed_in(here.user), name, "where=unit")

    assert not QueueFilter.objects.exists()


def test_the_same_name_is_replaced_and_there_are_twelve_at_most(here: Place) -> None:
    client = signed_in(here.user)
    for number in range(MOST):
        _keep(client, f"Số {number}", "where=unit")

    _keep(client, "Một nữa", "where=unit")
    _keep(client, "Số 3", "where=agency&mine=1")

    assert here.official.queue_filters.count() == MOST
    assert here.official.queue_filters.get(name="Số 3").query == "where=agency&mine=1"


def test_nobody_sees_or_forgets_the_view_of_another(here: Place, elsewhere: Place) -> None:
    _keep(signed_in(elsewhere.user), CANARY, "where=unit")
    theirs = QueueFilter.objects.get()
    client = signed_in(here.user)

    client.post(reverse("admin:office_queue_forget", args=[theirs.pk]))

    assert QueueFilter.objects.filter(pk=theirs.pk).exists()
    assert CANARY not in client.get(reverse(QUEUE)).content.decode()


def _rows(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"{reverse('admin:office_queue_file')}?{query}")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_holds_what_the_page_shows(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)

    rows = _rows(client)

    assert [row[0] for row in rows[1:]] == [here.dossier.code]
    assert here.citizen.full_name in rows[1]
    assert elsewhere.dossier.code not in str(rows)
    assert len(_rows(client, "status=9")) == 1
    seen = AccessLog.objects.filter(actor=here.user, page="admin:office_queue_file")
    assert seen.order_by("pk").values_list("subject_ids", flat=True)[0] == [here.citizen.pk]


def test_a_cell_is_no_formula(here: Place) -> None:
    here.citizen.full_name = "=HYPERLINK(1)"
    here.citizen.save()

    assert "'=HYPERLINK(1)" in _rows(signed_in(here.user))[1]


def test_a_file_that_is_cut_says_so(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_file, "MOST_IN_FILE", 1)
    DossierFactory(owner_citizen=here.citizen, competent=here.agency)

    rows = _rows(signed_in(here.user))

    assert Dossier.objects.filter(competent=here.agency).count() == 2
    assert len(rows) == 3
    assert len(rows[2]) == 1
    assert "1" in rows[2][0]
