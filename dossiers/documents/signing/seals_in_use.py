"""The seals of the agencies that receive or decide dossiers, and which of them ends first."""

from __future__ import annotations

from datetime import timedelta

from dossiers.documents.signing.seals import Seal, has_own_seals, seal_of
from dossiers.selectors.issued_forms import offices_that_seal

ENDS_SOON = timedelta(days=30)


def seals_in_use() -> list[Seal]:
    """Return the seals, that whose certificate ends first in front; one where all share it.

    SealUnusableError when one cannot be opened.
    """
    offices = offices_that_seal() if has_own_seals() else offices_that_seal()[:1]
    seals = [seal_of(office) for office in offices]
    return sorted(seals, key=lambda seal: seal.certificate.not_valid_after)
