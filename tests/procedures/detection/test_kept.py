"""Statements that were composed before say what they would say if they were composed anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common.sql import Statement
from procedures.detection import kept
from procedures.detection.closing import revive
from procedures.detection.facts import ScannedRule
from procedures.detection.kept import composed
from procedures.detection.suggestions import first_news, move, unsettled
from tests.factories.citizens import CredentialFactory
from tests.factories.procedures import scanned_keys
from tests.procedures.detection.scene import DUE, LICENCE, catalogue_rule, make_rule

pytestmark = pytest.mark.django_db
STATEMENTS = pytest.mark.parametrize("compose", [first_news, move, revive, unsettled])
Compose = Callable[..., Statement]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept._kept.clear()


@STATEMENTS
@pytest.mark.parametrize("key", scanned_keys())
def test_the_second_time_it_says_the_same_about_others(key: str, compose: Compose) -> None:
    rule = ScannedRule.of(catalogue_rule(key).versions.get())

    with CaptureQueriesContext(connection) as asked:  # what is kept must not hang on any row
        compose(rule, DUE, [7])
    read = [one["sql"] for one in asked]
    assert [one for one in read if "bundleversion" not in one and "was_delivered" not in one] == []
    for subjects in ([7], [8, 9], []):
        assert composed(compose, rule, DUE, subjects) == compose(rule, DUE, subjects)
        composed(compose, rule, DUE, subjects).fetch()  # the server understands it

    assert len(kept._kept) == 1


@STATEMENTS
def test_another_day_share_or_definition_is_composed_anew(compose: Compose) -> None:
    version = make_rule().versions.get()
    rule = ScannedRule.of(version)
    for change in (
        {},
        {"audience_percent": 30},
        {"serves_from": 10},
        {"serves_to": 40},
        {"definition": LICENCE | {"grace_days": 5}},
    ):
        for name, value in change.items():
            setattr(version, name, value)
        rule = ScannedRule.of(version)
        for day in (DUE, DUE + timedelta(days=1)):
            assert composed(compose, rule, day, [7]) == compose(rule, day, [7])

    assert len(kept._kept) == 10


@STATEMENTS
def test_the_first_delivery_of_a_kind_changes_the_words(compose: Compose) -> None:
    named = {"not": {"other_credential": {"kind": "passport"}}}
    rule = ScannedRule.of(make_rule(LICENCE | {"conditions": named}).versions.get())
    unknown = composed(compose, rule, DUE, [7])

    CredentialFactory(kind="passport")

    known = composed(compose, rule, DUE, [7])
    assert known == compose(rule, DUE, [7])
    assert (known == unknown) == (compose is first_news)  # which asks for no condition


def test_what_a_night_asks_is_not_kept() -> None:
    rule = ScannedRule.of(make_rule().versions.get())

    assert composed(unsettled, rule, DUE, None) == unsettled(rule, DUE, None)
    assert not kept._kept


def test_a_rule_that_asks_for_an_exemption_looks_it_up_each_time() -> None:
    named = {"exemption": {"procedure": "1.999999", "key": "has_passport"}}
    rule = ScannedRule.of(make_rule(LICENCE | {"conditions": named}).versions.get())

    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert composed(unsettled, rule, DUE, [7]) == unsettled(rule, DUE, [7])
        assert len(asked) == 2  # each of the two looked for the exemption
    assert not kept._kept


def test_what_is_kept_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 3)
    rule = ScannedRule.of(make_rule().versions.get())

    for days in range(10):
        composed(unsettled, rule, DUE + timedelta(days=days), [7])
        assert len(kept._kept) <= 3
