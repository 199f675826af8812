"""docker-compose.yml: it parses, and every name in it stands for something."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

PROJECT = Path(__file__).resolve().parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_names_exists(name: str) -> None:
    service = SERVICES[name]
    volumes = {volume.split(":")[0] for volume in service.get("volumes", [])}

    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert volumes <= set(COMPOSE["volumes"])
    assert {config["source"] for config in service.get("configs", [])} <= set(COMPOSE["configs"])
    for other, wish in service.get("depends_on", {}).items():
        if wish["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


def test_commands_of_ours_exist() -> None:
    commands = [" ".join(service.get("command", [])) for service in SERVICES.values()]
    named = re.findall(r"manage\.py (\w+)", " ".join(commands))

    assert sorted(named) == ["back_up", "dispatch", "load_catalogue", "migrate", "train_forecast"]
    assert set(named) <= set(get_commands())


@pytest.mark.parametrize(
    ("service", "stage", "file"),
    [("train", "training", "forecast.txt"), ("backup", "backups", "embedded.txt")],
)
def test_an_operators_image_has_what_it_needs_and_no_other_has(
    service: str, stage: str, file: str
) -> None:
    stages = re.split(r"^FROM ", (PROJECT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    by_name = {stage.splitlines()[0].partition(" AS ")[2]: stage for stage in stages}

    assert SERVICES[service]["build"]["target"] == stage
    assert SERVICES[service]["profiles"] == [service]
    assert [name for name, told in by_name.items() if file in told] == [stage]


def test_what_runs_the_portal_waits_for_its_tables() -> None:
    for name in ("web", "dispatch", "worker", "beat"):
        condition = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


def test_the_login_is_made_by_a_script_that_a_shell_understands() -> None:
    script = COMPOSE["configs"]["login"]["content"].replace("$$", "$")
    done = subprocess.run(
        ["/bin/sh", "-n"], input=script, text=True, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "CREATE ROLE portal LOGIN" in script
    targets = [config["target"] for config in SERVICES["postgres"]["configs"]]
    assert targets == ["/docker-entrypoint-initdb.d/10-login.sh"]
