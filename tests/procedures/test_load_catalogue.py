"""The catalogue's file: the first time in force, then drafts, and refused whole when malformed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from citizens.models import Agency, Holiday, Register, Unit
from notifications.models import Topic
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.enums import VersionStatus
from procedures.models import (
    Bundle,
    BundleVersion,
    Procedure,
    ProcedureVersion,
    Rule,
    RuleVersion,
)
from procedures.services.load_catalogue import CATALOGUE_FILE, load_catalogue

# Each loads the whole catalogue, some of them twice.
pytestmark = pytest.mark.slow

TEXT = CATALOGUE_FILE.read_text(encoding="utf-8")
SCANNED = {
    "driving_licence_renewal",
    "passport_issue",
    "identity_card_replace_at_age",
    "identity_card_first_issue_14",
    "construction_permit_extension",
    "medical_licence_extension",
    "tour_guide_card_renewal",
    "veterinary_certificate_extension",
    "transport_badge",
    "transport_business_licence_expiry",
    "social_pension",
}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Return a copy of the catalogue in which the first `old` became `new`."""
    assert old in TEXT
    path = tmp_path / "danh-muc.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def rows() -> dict[str, int]:
    """Return how many rows a load could have written, table by table."""
    tables = (Register, Unit, Agency, Holiday, Topic, Procedure, ProcedureVersion, Rule)
    return {
        table.__name__: table.objects.count() for table in (*tables, RuleVersion, BundleVersion)
    }


@pytest.mark.django_db
def test_first_load_is_in_force() -> None:
    loaded = load_catalogue()

    assert (loaded.procedures.released, loaded.bundles.released) == (33, 5)
    assert not ProcedureVersion.objects.exclude(status=VersionStatus.RELEASED).exists()
    assert Unit.objects.filter(code="48").exists()
    scanned = RuleVersion.objects.filter(rule__kind__in=("credential_expiry", "age_milestone"))
    assert {version.rule.key for version in scanned.select_related("rule")} == SCANNED


@pytest.mark.django_db
def test_stored_definitions_read_back() -> None:
    load_catalogue()

    for procedure in ProcedureVersion.objects.all():
        definition = ProcedureDefinition.from_json(procedure.definition)
        assert definition.to_json() == procedure.definition
    for rule in RuleVersion.objects.all():
        assert RuleDefinition.from_json(rule.definition).to_json() == rule.definition


@pytest.mark.django_db
def test_bundle_alone_suggests_where_it_covers_the_event() -> None:
    load_catalogue()

    rules = set(Rule.objects.values_list("key", flat=True))
    assert {"birth", "death"} <= rules
    covered = {"birth_registration", "birth_linked", "death_registration", "death_linked"}
    assert not covered & rules
    assert Rule.objects.get(key="birth").bundle == Bundle.objects.get(key="birth")


@pytest.mark.django_db
def test_progress_counts_to_the_end() -> None:
    heard: list[tuple[int, int]] = []

    load_catalogue(progress=lambda done, total: heard.append((done, total)))

    total = 33 + Bundle.objects.count() + Rule.objects.count()
    assert heard == [(done, total) for done in range(1, total + 1)]


@pytest.mark.django_db
def test_same_file_twice_writes_nothing() -> None:
    load_catalogue()
    before = rows()

    again = load_catalogue()

    assert not again.changed
    assert again.procedures.unchanged == 33
    assert rows() == before


@pytest.mark.django_db
def test_later_change_is_a_draft_beside_what_is_in_force(tmp_path: Path) -> None:
    load_catalogue()

    path = changed(tmp_path, "remind_days: [90, 60, 30, 7, 1]", "remind_days: [90, 45, 7]")
    loaded = load_catalogue(path=path)

    assert (loaded.procedures.drafted, loaded.rules.drafted) == (1, 1)
    versions = RuleVersion.objects.filter(rule__key="driving_licence_renewal").order_by("number")
    statuses = [(v.number, v.status, v.definition["lead_days"]) for v in versions]
    assert statuses == [(1, "released", [90, 60, 30, 7, 1]), (2, "draft", [90, 45, 7])]


@pytest.mark.django_db
def test_edited_draft_is_kept_when_the_file_comes_again(tmp_path: Path) -> None:
    load_catalogue()
    path = changed(tmp_path, "Đổi giấy phép lái xe", "Đổi bằng lái xe")
    load_catalogue(path=path)
    draft = ProcedureVersion.objects.get(status=VersionStatus.DRAFT)
    draft.definition["notes"] = "Đã sửa bởi biên tập viên"
    draft.save()

    loaded = load_catalogue(path=path)

    assert not loaded.changed
    draft.refresh_from_db()
    assert draft.definition["notes"] == "Đã sửa bởi biên tập viên"


@pytest.mark.django_db
def test_bundle_that_the_file_says_differently_becomes_a_draft(tmp_path: Path) -> None:
    load_catalogue()
    path = changed(tmp_path, "name_vi: Sinh con", "name_vi: Đón con chào đời")

    loaded = load_catalogue(path=path)

    assert (loaded.bundles.drafted, loaded.bundles.unchanged) == (1, 4)
    versions = BundleVersion.objects.filter(bundle__key="birth").order_by("number")
    assert [(one.name_vi, one.status) for one in versions] == [
        ("Sinh con", VersionStatus.RELEASED),
        ("Đón con chào đời", VersionStatus.DRAFT),
    ]


@pytest.mark.django_db
def test_new_procedure_of_a_later_file_waits_for_release(tmp_path: Path) -> None:
    first = TEXT.index("- key: marriage_registration")
    path = tmp_path / "danh-muc.yaml"
    path.write_text(TEXT[:first], encoding="utf-8")
    load_catalogue(path=path)

    load_catalogue()

    added = ProcedureVersion.objects.get(procedure__key="marriage_registration")
    assert added.status == VersionStatus.DRAFT


MALFORMED = [
    pytest.param(
        "amount_vnd: 135000",
        "amount_vnd: '135000'",
        "procedures[0].fees[0].amount_vnd",
        "số nguyên",
        id="a number in quotes",
    ),
    pytest.param(
        "unit: working_day",
        "unit: lunar_day",
        "procedures[0].processing.unit",
        "lunar_day",
        id="unknown time unit",
    ),
    pytest.param("  code: '3.000347'\n", "", "procedures[0].code", "thiếu", id="missing key"),
    pytest.param(
        "code: '3.000348'", "code: '3.000347'", "procedures[1].code", "đã có", id="code given twice"
    ),
    pytest.param(
        "prefill: GPLX.number",
        "prefill: GPX.number",
        "procedures[0].form_fields[0].prefill",
        "GPX",
        id="unknown register",
    ),
    pytest.param(
        "valid_to: '2025-12-31'",
        "valid_to: '2022-12-31'",
        "procedures[0].fees[1].valid_to",
        "trước ngày",
        id="fee that ends before it begins",
    ),
    pytest.param(
        "valid_to: '2025-12-31'",
        "valid_to: '2025-02-30'",
        "procedures[0].fees[1].valid_to",
        "ngày",
        id="fee until 30 February",
    ),
    pytest.param(
        "  boundary_free: true",
        "  boundary_fre: true",
        "procedures[0].boundary_fre",
        "không có trong mẫu",
        id="misspelt key",
    ),
    pytest.param(
        "remind_days: [90, 60, 30, 7, 1]",
        "remind_days: [90, 30, 60]",
        "procedures[0].trigger.lead_days",
        "giảm dần",
        id="stages out of order",
    ),
    pytest.param(
        "- {procedure: BHYT-DUOI-6",
        "- {procedure: BHYT-DUOI-7",
        "bundles[0].steps[2].procedure",
        "BHYT-DUOI-7",
        id="step that is no procedure",
    ),
    pytest.param(
        "schema_version: 1", "schema_version: 2", "schema_version", "1", id="another schema"
    ),
    pytest.param(
        "decision: 1025/QĐ-BCA",
        "decision: 1025/QĐ-BCA\n  decision: x",
        "procedures[0].decision",
        "hai lần",
        id="key given twice",
    ),
    pytest.param("currency: VND", "currency: [VND", "", "không phải YAML", id="no YAML"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new", "path", "reason"), MALFORMED)
def test_malformed_file_is_refused_whole(
    tmp_path: Path, old: str, new: str, path: str, reason: str
) -> None:
    file = changed(tmp_path, old, new)

    with pytest.raises(CommandError) as refused:
        call_command("load_catalogue", str(file), stdout=StringIO())

    said = str(refused.value)
    assert "danh-muc.yaml" in said
    assert "dòng " in said
    assert path in said
    assert reason in said
    assert " / " in said
    assert not any(rows().values())


@pytest.mark.django_db
def test_refusal_leaves_a_loaded_catalogue_as_it_was(tmp_path: Path) -> None:
    load_catalogue()
    before = rows()
    file = changed(tmp_path, "code: '1.000894'", "code: 1.000894")

    with pytest.raises(CommandError, match=r"procedures\[32\]\.code"):
        call_command("load_catalogue", str(file), stdout=StringIO())

    assert rows() == before


@pytest.mark.django_db
def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "danh-muc.yaml"
    text = TEXT.replace("unit: working_day", "unit: lunar_day", 1)
    file.write_text(text.replace("code: '1.000894'", "code: 1.5"), encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        call_command("load_catalogue", str(file), stdout=StringIO())

    assert "procedures[0].processing.unit" in str(refused.value)
    assert "procedures[32].code" in str(refused.value)


@pytest.mark.django_db
def test_an_entry_keeps_its_identity(tmp_path: Path) -> None:
    load_catalogue()
    file = changed(tmp_path, "  code: '3.000347'", "  code: '3.999347'")

    with pytest.raises(CommandError, match=r"driving_licence_renewal: code: đang là 3\.000347"):
        call_command("load_catalogue", str(file), stdout=StringIO())

    assert not ProcedureVersion.objects.filter(status=VersionStatus.DRAFT).exists()


@pytest.mark.django_db
def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="không đọc được / cannot be read"):
        call_command("load_catalogue", str(tmp_path / "nothing.yaml"), stdout=StringIO())


@pytest.mark.django_db
def test_command_prints_counts() -> None:
    first, second = StringIO(), StringIO()

    call_command("load_catalogue", stdout=first)
    call_command("load_catalogue", stdout=second)

    assert "procedures: 33 released, 0 drafted, 0 unchanged" in first.getvalue()
    assert "Nothing has changed" in second.getvalue()
