"""The usual way, to compare with: one Celery task a message, on two processes."""

from __future__ import annotations

import time

from celery import Celery
from django.conf import settings

from portal.mode import set_default_settings

set_default_settings()

app = Celery("contender", broker=settings.CELERY_BROKER_URL)
app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
app.conf.task_default_queue = "contender"
app.conf.task_ignore_result = True
GATEWAY_SECONDS = 0.02


@app.on_after_finalize.connect
def _set_up(**_kwargs: object) -> None:
    import django

    django.setup()


@app.task(name="contender.send")
def send(message_id: int) -> None:
    """Fetch, check, put into words, ask the gateway, write: as a good first version would."""
    from notifications.enums import AttemptOutcome, Channel, MessageState
    from notifications.models import Attempt, Message
    from notifications.rendering import render
    from notifications.selectors.cases import gather_cases
    from notifications.selectors.texts import Shelf
    from portal.common import clock

    message = Message.objects.select_related("topic").get(pk=message_id)
    day, started_at = clock.today(), clock.now()
    case = gather_cases([message], now=started_at)[message.pk]
    if case.person is None or case.person.died_on or message.recipient is None:
        return
    shelf = Shelf.of_all([message.topic_id])
    point = message.recipient.contact_points.filter(channel=Channel.SMS).latest("verified_at")
    rendered = render(
        message, shelf=shelf, channel=Channel.SMS, language="vi", is_neutral=False, day=day
    )
    _ask_gateway(address=point.value, body=rendered.content.body)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.SENT,
        channel=Channel.SMS,
        rendered=rendered.content.body,
        text_version=rendered.text_version,
        sent_at=clock.now(),
    )
    Attempt.objects.create(
        message=message,
        number=1,
        channel=Channel.SMS,
        outcome=AttemptOutcome.ACCEPTED,
        started_at=started_at,
    )


def _ask_gateway(*, address: str, body: str) -> None:
    """Take as long as the gateway does; it is given what it would send, and to whom."""
    if not (address and body):
        raise ValueError("a gateway needs an address and a text")
    time.sleep(GATEWAY_SECONDS)
