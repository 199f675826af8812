"""A partner's mapping is dated data, and one that cannot be used is found at the start."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from dossiers.enums import Action, ExchangeKind, Status
from dossiers.partners.address import NATIONAL_PORTAL, address_of, partners
from dossiers.partners.mapping import OURS, MappingError, Owner, mapping_of

DAY = date(2026, 11, 20)


def written(folder: Path, settings: Settings, **changes: Any) -> None:
    """Let the operator's own mapping differ from ours in some parts."""
    document = yaml.safe_load((OURS / f"{NATIONAL_PORTAL}.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump(document | changes, allow_unicode=True)
    (folder / f"{NATIONAL_PORTAL}.yaml").write_text(text, encoding="utf-8")
    settings.PARTNER_MAPPINGS = str(folder)


def test_ours_has_a_code_for_every_status_and_back() -> None:
    mapping = mapping_of(NATIONAL_PORTAL)

    for status in Status:
        code = mapping.status_there(status, DAY)
        assert mapping.status_here(code, DAY) is status
    assert mapping.status_here("99", DAY) is None
    assert mapping.told_of(Action.SUBMIT, DAY) is ExchangeKind.DOSSIER
    assert mapping.told_of(Action.REASSIGN, DAY) is None
    assert mapping.matter("anything", DAY).owner is Owner.CITY


def test_the_entry_of_the_day_counts(tmp_path: Path, settings: Settings) -> None:
    codes = {status.value: f"TT{status.value:02d}" for status in Status}
    old = {status.value: str(status.value) for status in Status}
    two = [
        {"from": date(2025, 7, 1), "codes": old},
        {"from": date(2026, 12, 1), "codes": codes},
    ]
    written(tmp_path, settings, statuses=two)
    mapping = mapping_of(NATIONAL_PORTAL)

    assert mapping.status_there(4, date(2026, 11, 30)) == "4"
    assert mapping.status_there(4, date(2026, 12, 1)) == "TT04"
    with pytest.raises(MappingError, match="nothing in statuses"):
        mapping.status_there(4, date(2025, 6, 30))


@pytest.mark.parametrize(
    "changes",
    [
        {"statuses": [{"from": date(2025, 7, 1), "codes": {1: "1"}}]},
        {"statuses": [{"from": date(2025, 7, 1), "codes": dict.fromkeys(range(1, 11), "1")}]},
        {"statuses": [{"from": "soon", "codes": {}}]},
        {"told": [{"from": date(2025, 7, 1), "steps": {"fly": "step"}}]},
        {"told": [{"from": date(2025, 7, 1), "steps": {"submit": "song"}}]},
        {"procedures": [{"from": date(2025, 7, 1), "owner": "nobody", "named": {"x": {}}}]},
        {"repeats": "perhaps"},
    ],
)
def test_a_mapping_of_no_sense_is_named_at_the_start(
    tmp_path: Path, settings: Settings, changes: dict[str, Any]
) -> None:
    settings.NATIONAL_PORTAL_URL = "dvcqg+https://city:secret@portal.example"
    written(tmp_path, settings, **changes)

    with pytest.raises(MappingError):
        mapping_of(NATIONAL_PORTAL)
    assert "portal.E005" in {found.id for found in run_checks()}


@pytest.mark.parametrize(
    "url",
    [
        "https://city:secret@portal.example",
        "dvcqg+https://portal.example",
        "dvcqg+https://city:secret@/",
        "dvcqg+ftp://city:secret@portal.example",
    ],
)
def test_an_address_of_no_sense_is_named_without_its_secret(url: str, settings: Settings) -> None:
    settings.NATIONAL_PORTAL_URL = url

    with pytest.raises(ImproperlyConfigured) as said:
        address_of(NATIONAL_PORTAL)

    assert "secret@" not in str(said.value)


def test_an_address_says_where_and_whether_it_is_a_simulator(settings: Settings) -> None:
    settings.NATIONAL_PORTAL_URL = "dvcqg+https://city:se%40cret@portal.example/api/"
    real = address_of(NATIONAL_PORTAL)
    settings.NATIONAL_PORTAL_URL = "demo+unix://demo:demo@/run/x/partner.sock"
    trial = address_of(NATIONAL_PORTAL)

    assert (real.host, real.port, real.base, real.secret) == (
        "portal.example",
        443,
        "/api",
        "se@cret",
    )
    assert not real.is_simulated
    assert (trial.socket, trial.is_simulated) == ("/run/x/partner.sock", True)
    settings.NATIONAL_PORTAL_URL = ""
    assert partners() == []
