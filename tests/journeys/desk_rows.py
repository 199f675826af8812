"""A desk with something on each page: what is looked at there must not be empty."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import resolve, reverse

import portal.urls  # noqa: F401 - the addresses register the desks, which are asked for theirs
from citizens.enums import Role
from citizens.models import (
    Agency,
    Batch,
    Breach,
    Citizen,
    Course,
    DataRequest,
    Discrepancy,
    Official,
    Register,
    User,
)
from dossiers.enums import (
    ExchangeState,
)
from dossiers.models import (
    CounterVisit,
    Difference,
    Dossier,
    ExchangeInbox,
    ExchangeRow,
)
from dossiers.partners.address import NATIONAL_PORTAL
from notifications.models import CallBack, Message, TextVersion, Topic
from portal.common import clock
from portal.reporting.feedback.models import Feedback
from portal.reporting.overdue.models import Directive
from procedures.models import ProcedureVersion, RehearsalRun, Rule, RuleVersion, Suggestion
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.journeys.conftest import World
from tests.office.crawling import addresses
from tests.office.places import make_place
from tests.office.rare_rows import rare_rows


def full_desk(world: World) -> User:
    """Put rows on every desk and return an official who may do everything, in every place."""
    agency = Agency.objects.get(kind="ubnd_tinh", valid__contains=world.today)
    official: Official = OfficialFactory(agency=agency)
    for role in Role:
        GrantFactory(official=official, role=role, unit=agency.unit)
    place = make_place(agency.unit, "Xuân", roles=())
    rare_rows(place, by=official)
    return official.user


def pages() -> dict[str, str]:
    """Return the pages of the desk by their names: those without a key, and one row of each."""
    plain = {
        str(resolve(one).url_name): one for one in addresses(searched="", rows=0) if "?" not in one
    }
    return plain | {str(resolve(one.partition("?")[0]).url_name): one for one in _of_rows()}


def _of_rows() -> Iterator[str]:
    """Yield one row's page of each kind."""
    parked = ExchangeRow.objects.get(state=ExchangeState.PARKED)
    day = f"?week={clock.today().isoformat()}"
    for name, keys, query in (
        ("office_dossier", [Dossier.objects.latest("pk").public_id], ""),
        ("office_counter_person", [CounterVisit.objects.latest("pk").public_id], ""),
        ("citizens_citizen_change", [Citizen.objects.earliest("pk").pk], ""),
        ("citizens_discrepancy_change", [Discrepancy.objects.latest("pk").pk], ""),
        ("citizens_datarequest_change", [DataRequest.objects.latest("pk").pk], ""),
        ("office_batch", [Batch.objects.latest("pk").public_id], ""),
        ("office_register", [Register.objects.earliest("pk").code], ""),
        ("procedures_rule_change", [Rule.objects.latest("pk").pk], ""),
        ("procedures_ruleversion_change", [RuleVersion.objects.latest("pk").pk], ""),
        ("procedures_procedureversion_change", [ProcedureVersion.objects.latest("pk").pk], ""),
        ("procedures_suggestion_change", [Suggestion.objects.latest("pk").pk], ""),
        ("office_rehearsal", [RehearsalRun.objects.latest("pk").rule_version_id], ""),
        ("office_rehearsal_people", [RehearsalRun.objects.latest("pk").pk], day),
        ("office_text_topic", [Topic.objects.earliest("pk").pk], ""),
        ("office_text_version", [TextVersion.objects.latest("pk").pk], ""),
        ("notifications_message_change", [Message.objects.latest("pk").pk], ""),
        ("office_call_back", [CallBack.objects.latest("pk").public_id], ""),
        ("office_delivery_choose", ["suppress"], ""),
        ("office_delivery_gateway", ["sms"], ""),
        ("office_feedback_one", [Feedback.objects.latest("pk").public_id], ""),
        ("office_breach", [Breach.objects.latest("pk").public_id], ""),
        ("office_directive", [Directive.objects.latest("pk").public_id], ""),
        ("office_course", [Course.objects.latest("pk").public_id], ""),
        ("office_exchange_row", [parked.public_id], ""),
        ("office_exchange_word", [ExchangeInbox.objects.latest("pk").pk], ""),
        ("office_exchange_difference", [Difference.objects.latest("pk").public_id], ""),
        ("office_exchange_act", ["resend"], f"?row={parked.public_id}"),
        ("office_exchange_compare", [], f"?partner={NATIONAL_PORTAL}"),
    ):
        yield reverse(f"admin:{name}", args=keys) + query
