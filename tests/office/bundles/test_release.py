"""The way of a draft: begun, compared, released by another official, seen in open matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.definition import DefinitionError
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion
from procedures.selectors import bundle_version_in_force, procedures_on
from procedures.selectors.drafts import seen_of, version_before
from procedures.services.discard_draft import discard_draft
from procedures.services.edit_bundle_draft import edit_bundle_draft
from procedures.services.write_bundle_draft import write_bundle_draft
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.bundles.conftest import Edit, in_force
from tests.office.bundles.editing import BundleEditor
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def official(role: Role, unit: Unit) -> User:
    holder = OfficialFactory()
    GrantFactory(official=holder, role=role, unit=unit)
    user: User = holder.user
    return user


def release_page(version: BundleVersion) -> str:
    version.refresh_from_db()
    return reverse("admin:office_bundle_release", args=[version.pk]) + f"?seen={seen_of(version)}"


def asked_of(version: BundleVersion) -> dict[str, str]:
    return {"valid_from": clock.today().isoformat(), "seen": seen_of(version)}


# -------------------------------------------------------------------------- the way there
def test_begun_gone_on_with_and_discarded(client: Client, city: Unit) -> None:
    in_force("birth")
    bundle = Bundle.objects.get(key="birth")
    page = reverse("admin:procedures_bundle_change", args=[bundle.pk])
    begin = reverse("admin:office_bundle_begin", args=[bundle.pk])
    assert begin in client.get(page).content.decode()

    begun, again = client.post(begin), client.post(begin)

    draft = BundleVersion.objects.get(bundle=bundle, status=VersionStatus.DRAFT)
    editor = BundleEditor(client, draft).open()
    assert begun.headers["Location"] == again.headers["Location"] == editor.page
    assert editor.page in client.get(page).content.decode()
    discard = reverse("admin:office_bundle_discard", args=[draft.pk])
    assert client.post(discard, {"seen": "outdated"}).headers["Location"] == editor.page
    assert client.post(discard, {"seen": editor.fields["seen"]}).headers["Location"] == page
    assert not BundleVersion.objects.filter(pk=draft.pk).exists()
    assert client.get(editor.page).status_code == 404


def test_a_second_official_releases_it(edit: Edit, client: Client, city: Unit) -> None:
    # Given a draft with one step less
    editor = edit().press("remove:s.3").press("save")
    approver = signed_in(official(Role.APPROVER, city))
    page = reverse("admin:procedures_bundleversion_change", args=[editor.version.pk])
    shown = approver.get(page).content.decode()
    assert release_page(editor.version) in shown
    assert "<del>" in shown
    assert release_page(editor.version) not in client.get(page).content.decode()

    # When another official reads what will happen and releases it
    asked = approver.get(release_page(editor.version)).content.decode()
    assert "Khai tử" not in asked
    assert "Phiên bản" in asked
    answer = approver.post(release_page(editor.version), asked_of(editor.version))

    # Then it holds, and the page offers a new draft instead of this one
    assert answer.headers["Location"] == page
    held = bundle_version_in_force(bundle=editor.version.bundle, day=clock.today())
    assert held is not None
    assert held.pk == editor.version.pk
    assert client.get(editor.page).headers["Location"] == page
    assert approver.get(release_page(editor.version)).headers["Location"] == page


def test_the_writer_does_not_release_it(edit: Edit, author: User, city: Unit) -> None:
    editor = edit()
    GrantFactory(official=author.official, role=Role.APPROVER, unit=city)

    answer = editor.client.post(release_page(editor.version), asked_of(editor.version))

    assert answer.status_code == 422
    editor.version.refresh_from_db()
    assert editor.version.status == VersionStatus.DRAFT


def test_a_step_that_is_no_longer_in_force(edit: Edit, city: Unit) -> None:
    editor = edit()
    rows = BundleVersion.objects.filter(pk=editor.version.pk)
    broken = {**editor.stored, "steps": [{"procedure": "9.999999", "after": None}]}
    rows.update(definition=broken)

    answer = signed_in(official(Role.APPROVER, city)).post(
        release_page(editor.version), asked_of(editor.version)
    )

    assert answer.status_code == 422
    assert "9.999999" in answer.content.decode()


# ------------------------------------------------------------------------------------ rights
@pytest.mark.parametrize(
    "role", [Role.APPROVER, Role.HEAD_OF_UNIT, Role.CASE_OFFICER, Role.ADMINISTRATOR]
)
def test_others_read_and_write_nothing(edit: Edit, city: Unit, role: Role) -> None:
    editor = edit()
    reader = signed_in(official(role, city))
    read = reverse("admin:procedures_bundleversion_change", args=[editor.version.pk])
    key = editor.version.pk
    writing = [
        reverse("admin:office_bundle_begin", args=[editor.version.bundle_id]),
        *(reverse(f"admin:office_bundle_{name}", args=[key]) for name in ("draft", "preview")),
        reverse("admin:office_bundle_discard", args=[key]),
    ]

    assert reader.get(editor.page).headers["Location"] == read
    assert editor.page not in reader.get(read).content.decode()
    assert [reader.post(one, {"press": "save"}).status_code for one in writing] == [403] * 4


def test_an_editor_of_a_commune_writes_and_releases_nothing(edit: Edit, here: Place) -> None:
    editor = edit()
    writer = signed_in(official(Role.CATALOGUE_EDITOR, here.unit))
    approver = signed_in(official(Role.APPROVER, here.unit))

    assert writer.post(editor.page, {"press": "save"}).status_code == 403
    assert approver.get(release_page(editor.version)).status_code == 403


# ---------------------------------------------------------------------------------- services
class TestServices:
    def test_one_draft_at_a_time(self, author: User) -> None:
        in_force("birth")
        bundle = Bundle.objects.get(key="birth")
        write_bundle_draft(bundle=bundle, by=author, day=clock.today())

        with pytest.raises(RefusedError):
            write_bundle_draft(bundle=bundle, by=author, day=clock.today())

    def test_a_bundle_without_a_version(self, author: User) -> None:
        bundle = Bundle.objects.create(key="empty", event="citizen_intent")

        with pytest.raises(RefusedError):
            write_bundle_draft(bundle=bundle, by=author, day=clock.today())

    def test_whoever_changes_it_is_its_writer(self, author: User) -> None:
        in_force("birth")
        bundle, other = Bundle.objects.get(key="birth"), OfficialFactory().user
        draft = write_bundle_draft(bundle=bundle, by=author, day=clock.today())
        tomorrow = clock.today() + timedelta(days=1)

        changed = edit_bundle_draft(
            version=draft,
            by=other,
            seen=seen_of(draft),
            document=draft.definition | {"name_vi": "Có con"},
            procedures=procedures_on(clock.today()),
            last_day=tomorrow,
        )

        assert (changed.written_by, changed.name_vi) == (other, "Có con")
        assert changed.valid.upper == tomorrow + timedelta(days=1)
        before = version_before(changed, day=clock.today())
        assert before is not None
        assert before.number < changed.number

    @pytest.mark.parametrize("changed", [{"key": "other"}, {"event": "death_notified"}])
    def test_it_keeps_its_key_and_event(self, author: User, changed: dict[str, str]) -> None:
        in_force("birth")
        bundle = Bundle.objects.get(key="birth")
        draft = write_bundle_draft(bundle=bundle, by=author, day=clock.today())

        with pytest.raises(DefinitionError):
            edit_bundle_draft(
                version=draft,
                by=author,
                seen=seen_of(draft),
                document=draft.definition | changed,
                procedures=procedures_on(clock.today()),
            )

    def test_what_was_released_is_kept(self, author: User) -> None:
        in_force("birth")
        released = BundleVersion.objects.get(bundle__key="birth")

        with pytest.raises(RefusedError):
            discard_draft(version=released, seen=seen_of(released))

    def test_what_somebody_changed_is_not_thrown_away(self, author: User) -> None:
        in_force("birth")
        bundle = Bundle.objects.get(key="birth")
        draft = write_bundle_draft(bundle=bundle, by=author, day=clock.today())

        with pytest.raises(StaleVersionError):
            discard_draft(version=draft, seen="old")
