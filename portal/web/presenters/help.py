"""Help in plain words: short pages, each a few thoughts with a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class HelpPage:
    """One page of help; `way` is the name of an address that it leads to, may be ""."""

    key: str
    icon: str
    title: Any
    lead: Any
    parts: tuple[tuple[Any, tuple[Any, ...]], ...]
    way: str = ""
    action: Any = ""


PAGES = (
    HelpPage(
        "first-steps",
        "check",
        _("First steps"),
        _("What you need, and what happens when you sign in."),
        (
            (
                _("Without signing in"),
                (
                    _("You may search, read about every procedure, and see whether you need it."),
                    _("You may follow a dossier by its code and check a message."),
                ),
            ),
            (
                _("Signing in"),
                (
                    _("You sign in with VNeID, the app of your identity card."),
                    _("Then you see what is prepared for you. The most urgent stands on top."),
                    _("Each answer that is filled in says which register it comes from."),
                    _("Nothing is filed before you press “Confirm and file”."),
                ),
            ),
            (
                _("Would you rather go there?"),
                (
                    _("Any one-stop shop helps you. You need no telephone and no computer."),
                    _("Bring your identity card. What registers know need not be brought."),
                ),
            ),
        ),
        "web:procedures",
        _("To the procedures"),
    ),
    HelpPage(
        "what-we-know",
        "eye",
        _("What the portal knows of you"),
        _("It reads what the State's registers hold, and shows you all of it."),
        (
            (
                _("From where"),
                (
                    _("Names, birth and address come from the population register."),
                    _("Licences, cards and records come from the register of who issued them."),
                    _("The portal knows nothing from social networks, banks or telephones."),
                ),
            ),
            (
                _("What for"),
                (
                    _("To tell you of a paper that runs out, or of something you are entitled to."),
                    _("To fill in your forms, so that you declare nothing twice."),
                ),
            ),
            (
                _("What you can do"),
                (
                    _("“My data” shows every line and where it comes from."),
                    _("Is something wrong? Press “Not right?” beside it. A correction is free."),
                    _("“Who looked at my data” names each office that looked, when and why."),
                    _("You may stop any message that the law does not prescribe."),
                ),
            ),
        ),
    ),
    HelpPage(
        "fake-messages",
        "message",
        _("False messages, and how to tell"),
        _("Swindlers write in the name of offices. Four signs give them away."),
        (
            (
                _("Ours look like this"),
                (
                    _("They name the paper and the day, and end with a code of 8 characters."),
                    _("They hold no link. You open the portal yourself."),
                ),
            ),
            (
                _("Theirs look like this"),
                (
                    _("They are in a hurry: “today”, “or your account is locked”."),
                    _("They ask for a password, a one-time code, a card number or money."),
                    _("They have you press a link or install something."),
                    _("They call and forbid you to hang up or to ask your family."),
                ),
            ),
            (
                _("Then do this"),
                (
                    _("Do nothing that they ask. Hang up."),
                    _("Type the code of the message on the page “Check a message”."),
                    _("Paid already, or told a code? Call your bank, then the police (113)."),
                ),
            ),
        ),
        "web:verify",
        _("Check a message"),
    ),
    HelpPage(
        "fees",
        "money",
        _("Fees"),
        _("What it costs stands on each procedure's page before you begin."),
        (
            (
                _("How much"),
                (
                    _("Many procedures are free of charge."),
                    _("Some cost less when filed here than at an office; the page says both."),
                    _("For looking, being told and being helped you never pay."),
                ),
            ),
            (
                _("How to pay"),
                (
                    _("By bank transfer with the QR code of your dossier, or at the office."),
                    _("The clock of the dossier rests while a payment is awaited."),
                    _("You receive a receipt. Pay nobody who gives you none."),
                ),
            ),
        ),
    ),
    HelpPage(
        "helpers",
        "people",
        _("Letting somebody help you"),
        _("A child, a neighbour or the community team may file for you, if you say yes."),
        (
            (
                _("How it begins"),
                (
                    _("The helper asks, you say yes with a code that comes to your telephone."),
                    _("Or you say yes on your own page “My helpers”."),
                ),
            ),
            (
                _("What a helper may do"),
                (
                    _("They fill in and file what you named, and see nothing else of you."),
                    _("Every step of theirs stands in your list, with their name and the hour."),
                    _("You end it whenever you like, with one press."),
                ),
            ),
            (
                _("Parents and guardians"),
                (_("For a child, parents and guardians act anyway; no code is needed."),),
            ),
        ),
    ),
)

# Words of offices, in the order of the alphabet of the page.
WORDS = (
    (_("Dossier"), _("Your form with its papers, from filing to the result.")),
    (_("Dossier code"), _("The number by which a dossier is found, on the receipt slip.")),
    (_("One-stop shop"), _("The counter of the ward or city where dossiers are handed in.")),
    (_("Receipt slip"), _("The sheet that says what you handed in and when the result comes.")),
    (_("Supplement"), _("A paper that is still missing; the clock rests until it is there.")),
    (_("Working day"), _("Monday to Friday, without holidays. Days of an office count so.")),
    (_("Register"), _("A list that the State keeps, of people or of licences, say.")),
    (_("Personal number"), _("The 12 digits on your identity card.")),
    (_("VNeID"), _("The State's app with which you prove who you are.")),
    (_("Regardless of place"), _("You hand it in where you are, not only where you live.")),
    (_("Proactive"), _("The portal speaks first, before you ask.")),
)


def page_of(key: str) -> HelpPage | None:
    """Return a page by its key, None where there is none."""
    return next((page for page in PAGES if page.key == key), None)
