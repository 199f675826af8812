"""Tables of the messages' room, one file a subject."""

from __future__ import annotations

from notifications.models.acts import ActedMessage, OperatorAct
from notifications.models.demo import DemoDelivery
from notifications.models.gateways import DailyCount, GatewayState
from notifications.models.inbound import CallBack, InboundMessage, ReceiptInbox, Reply
from notifications.models.messages import Attempt, Gate, Message, Preference
from notifications.models.number_codes import NumberCode
from notifications.models.reasons import REASONS, reason_label
from notifications.models.text_versions import TextVersion
from notifications.models.texts import Text, Topic
from notifications.models.zalo import ZaloTemplate, ZaloToken

__all__ = [
    "REASONS",
    "ActedMessage",
    "Attempt",
    "CallBack",
    "DailyCount",
    "DemoDelivery",
    "Gate",
    "GatewayState",
    "InboundMessage",
    "Message",
    "NumberCode",
    "OperatorAct",
    "Preference",
    "ReceiptInbox",
    "Reply",
    "Text",
    "TextVersion",
    "Topic",
    "ZaloTemplate",
    "ZaloToken",
    "reason_label",
]
