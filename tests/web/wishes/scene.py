"""Bundles of the catalogue in force, with the offices that decide about their steps."""

from __future__ import annotations

import re
from typing import Any

from procedures.models import ProcedureVersion, RuleVersion, Suggestion
from tests.factories.citizens import AgencyFactory, LifeEventFactory
from tests.factories.procedures import (
    BundleFactory,
    BundleVersionFactory,
    ProcedureVersionFactory,
    RecipientFactory,
    RuleFactory,
    RuleVersionFactory,
    bundle_definition,
    catalogue,
)
from tests.web.scene import TODAY, Scene

PERMIT, POWER, WATER, BUSINESS = "1.013225", "DV-DIEN-01", "DV-NUOC-01", "1.001612"
LIST, HOUSE, SHOP = "/my/wishes/", "/my/wishes/house_build/", "/my/wishes/start_household_business/"
EXEMPT = {"work_kind": "Nhà ở riêng lẻ", "floors": "3", "protected_area": "Không"}
TALL = EXEMPT | {"floors": "8"}
SUPPLY = {
    "supply_address": "12 Trần Phú",
    "purpose": "Sinh hoạt",
    "phases": "1 pha",
    "capacity_kw": "5",
    f"{WATER}-purpose": "Sinh hoạt",
}


def said(html: str) -> str:
    """Return the words of a page's main part, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main")[0]))


def bundle(key: str, scene: Scene, **changes: Any) -> RuleVersion:
    """Bring a bundle of the catalogue, its procedures and its rule into force."""
    definition = bundle_definition(key)
    for procedure in catalogue().procedures:
        if procedure.code in {*definition.codes, definition.linked_procedure}:
            kind = procedure.competent_agency.key
            if not scene.ward.agencies.filter(kind=kind).exists():
                AgencyFactory(kind__key=kind, unit=scene.ward)
            if not ProcedureVersion.objects.filter(procedure__key=procedure.key).exists():
                ProcedureVersionFactory(procedure__key=procedure.key)
    owner = BundleFactory(key=key)
    BundleVersionFactory(bundle=owner, definition=definition.to_json() | changes)
    made: RuleVersion = RuleVersionFactory(rule=RuleFactory(key=key, procedure=None, bundle=owner))
    return made


def connect(scene: Scene, **changes: Any) -> Suggestion:
    """Tell Mrs Lan of electricity and water, after her construction permit."""
    version = bundle("house_connect", scene, **changes)
    event = LifeEventFactory(kind="construction_permit_issued", subject=scene.lan.party)
    made = Suggestion.objects.create(
        rule=version.rule,
        rule_version=version,
        anchor=event.pk,
        cycle=0,
        subject=scene.lan.party,
        due_on=TODAY,
        opened_on=TODAY,
    )
    RecipientFactory(suggestion=made, citizen=scene.lan)
    return made
