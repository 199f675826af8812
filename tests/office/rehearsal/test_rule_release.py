"""Buttons of a rule and a version: who has them, what they say beforehand, what they do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from portal.common import clock
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleStep, RuleVersion, Suggestion
from procedures.selectors.drafts import seen_of
from tests.factories.citizens import GrantFactory, OfficialFactory, UnitFactory
from tests.factories.procedures import (
    ProcedureVersionFactory,
    RuleVersionFactory,
    SuggestionFactory,
    version_of,
)
from tests.factories.rehearsals import rehearsed
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def official(role: Role, unit: Unit) -> User:
    user: User = GrantFactory(official=OfficialFactory(), role=role, unit=unit).official.user
    return user


@pytest.fixture
def approver(city: Unit) -> User:
    return official(Role.APPROVER, city)


@pytest.fixture
def rule(city: Unit) -> Rule:
    return version_of("driving_licence_renewal").rule


@pytest.fixture
def draft(rule: Rule, city: Unit) -> RuleVersion:
    ProcedureVersionFactory()
    made: RuleVersion = RuleVersionFactory(
        rule=rule, draft=True, number=9_000, written_by=official(Role.CATALOGUE_EDITOR, city)
    )
    return made


def step(row: Rule | RuleVersion, action: str) -> str:
    name = "office_rule_step" if isinstance(row, Rule) else "office_version_step"
    seen = f"?seen={seen_of(row)}" if isinstance(row, RuleVersion) else ""
    return reverse(f"admin:{name}", args=[row.pk, action]) + seen


def page(row: Rule | RuleVersion) -> str:
    kind = "rule" if isinstance(row, Rule) else "ruleversion"
    return reverse(f"admin:procedures_{kind}_change", args=[row.pk])


def said(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def release(client: Client, draft: RuleVersion, **given: Any) -> Any:
    asked = {"valid_from": clock.today().isoformat(), "audience_percent": 1} | given
    asked.setdefault("seen", seen_of(draft))
    return client.post(step(draft, "release"), asked)


def test_a_version_is_released_to_one_per_cent_and_extended(
    draft: RuleVersion, approver: User
) -> None:
    # Given a draft that was rehearsed, and what its page says in numbers
    rehearsed(draft)
    client = signed_in(approver)
    told = said(client, step(draft, "release"))
    assert "410 việc" in told
    assert "khoảng 4 việc" in told

    # When it is released to 1 % and later extended to all
    assert release(client, draft).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.audience_percent) == (VersionStatus.RELEASED, 1)
    assert "1 % số người" in said(client, step(draft, "widen"))
    client.post(step(draft, "widen"))

    # Then both stand in the ledger
    draft.refresh_from_db()
    assert draft.audience_percent == 100
    assert list(RuleStep.objects.values_list("action", flat=True)) == ["widen", "release"]
    assert "Mở rộng cho tất cả" in said(client, page(draft.rule))


def test_what_nobody_rehearsed_is_not_released(draft: RuleVersion, approver: User) -> None:
    client = signed_in(approver)

    answer = release(client, draft)

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert "Hãy diễn tập phiên bản này trước" in answer.content.decode()
    assert draft.status == VersionStatus.DRAFT


def test_a_text_that_the_approver_has_not_read_is_not_released(
    draft: RuleVersion, approver: User
) -> None:
    # Given an approver with the release page open, while the editor saves and rehearses other text
    client, opened = signed_in(approver), step(draft, "release")
    assert opened in said(client, page(draft))
    read = seen_of(draft)
    assert read in said(client, opened)
    draft.definition = draft.definition | {"grace_days": 21}
    draft.save()
    rehearsed(draft)

    # When the approver presses
    answer = release(client, draft, seen=read)

    # Then nothing is released, and neither the page nor its old address offers the press any more
    draft.refresh_from_db()
    told = answer.content.decode()
    assert (answer.status_code, draft.status) == (409, VersionStatus.DRAFT)
    assert "hãy xem bản hiện tại" in told
    assert 'type="submit" class="press press--main"' not in told
    assert client.get(opened).headers["Location"] == page(draft)


def test_whoever_wrote_it_has_no_button(draft: RuleVersion, approver: User) -> None:
    RuleVersion.objects.filter(pk=draft.pk).update(written_by=approver)
    rehearsed(draft)
    client = signed_in(approver)

    assert "cán bộ khác phải quyết định" in said(client, step(draft, "release"))
    assert release(client, draft).status_code == 422


def test_a_rule_is_stopped_and_resumed_by_a_second(rule: Rule, approver: User, city: Unit) -> None:
    # Given a rule with one open suggestion
    suggestion = SuggestionFactory()
    first, second = signed_in(approver), signed_in(official(Role.APPROVER, city))
    assert "1 đề xuất đang mở bị rút ngay" in said(first, step(rule, "stop"))

    # When one stops it and tries to let it go on
    first.post(step(rule, "stop"), {"reason": "Sai ngày"})
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.reason) == ("withdrawn", "rule_ended")
    assert "Sai ngày" in said(second, page(rule))
    assert first.post(step(rule, "resume"), {"reason": "Xong"}).status_code == 422

    # Then it takes another
    assert second.post(step(rule, "resume"), {"reason": "Xong"}).status_code == 302
    rule.refresh_from_db()
    assert rule.is_active


def test_a_stop_needs_a_reason(rule: Rule, approver: User) -> None:
    SuggestionFactory()

    assert signed_in(approver).post(step(rule, "stop"), {"reason": " "}).status_code == 422
    assert Suggestion.objects.get().state == "open"


@pytest.mark.parametrize(("given", "kept"), [("500", 500), ("", None)])
def test_a_limit_is_set(given: str, kept: int | None, rule: Rule, approver: User) -> None:
    signed_in(approver).post(step(rule, "quota"), {"quota": given})

    rule.refresh_from_db()
    assert rule.daily_quota == kept


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_nobody_else_decides(role: Role, rule: Rule, draft: RuleVersion, city: Unit) -> None:
    client = signed_in(official(role, city))

    assert client.post(step(rule, "stop"), {"reason": "x"}).status_code == 403
    assert release(client, draft).status_code == 403
    assert step(rule, "stop") not in said(client, page(rule))


def test_over_one_commune_nobody_decides(rule: Rule, city: Unit) -> None:
    client = signed_in(official(Role.APPROVER, UnitFactory(parent=city)))

    assert client.get(step(rule, "stop")).status_code == 403
    assert step(rule, "stop") not in said(client, page(rule))


@pytest.mark.parametrize(("action", "status"), [("resume", 302), ("nonsense", 404)])
def test_a_step_that_is_not_open(action: str, status: int, rule: Rule, approver: User) -> None:
    assert signed_in(approver).get(step(rule, action)).status_code == status
