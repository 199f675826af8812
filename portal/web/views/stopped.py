"""What answers by SMS stopped, and how its owner lets it come again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import Citizen
from notifications.selectors.wishes import numbers_off, topics_off
from notifications.services.resume import resume_number, resume_topic
from portal.common.masking import mask_phone
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters.language import either


@for_citizens
@require_POST
def resume(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Take one stop back: of a `topic`, or of a `number` by its public id."""
    with with_application_rights():
        is_done = _resumed(citizen, request.POST.get("topic", ""), request.POST.get("number", ""))
    if is_done:
        messages.success(request, _("It comes again from now on."))
    return redirect("web:choices")


def _resumed(citizen: Citizen, topic: str, number: str) -> bool:
    if topic:
        return resume_topic(party=citizen.party, topic=topic)
    try:
        return resume_number(party=citizen.party, public_id=UUID(number))
    except ValueError:
        raise Http404 from None


def stopped_by_answers(citizen: Citizen) -> dict[str, Any]:
    """Return for the page of choices which numbers and topics an answer stopped."""
    numbers = list(numbers_off(party=citizen.party))
    topics = list(topics_off(party=citizen.party))
    return {
        "numbers": [{"id": point.public_id, "shown": mask_phone(point.value)} for point in numbers],
        "topics": [
            {"key": wish.topic_id, "name": either(wish.topic.name_vi, wish.topic.name_en)}
            for wish in topics
            if wish.topic is not None
        ],
    }
