"""How each rule speaks, whom it addresses, and under which conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from procedures.definition.conditions import Tree, read_tree
from procedures.definition.reading import DefinitionError, Node
from procedures.definition.source import Source
from procedures.enums import Addressee, SubjectKind


@dataclass(frozen=True, slots=True)
class Wording:
    """What the catalogue leaves open about one rule.

    A fact is still told for `grace_days` after its day. Without `has_consequence` the rule does not
    say what happens otherwise, even where the procedure does: who gets a first card has none that
    could be too old. `useful_days` is how long after an event without a limit of law the offer
    helps; `remind_days` the stages of a campaign or paper of which the catalogue names none. None
    elsewhere leaves it to the rule's kind or to the catalogue.
    """

    paper_vi: str
    paper_en: str
    reason_vi: str
    reason_en: str
    consequence_vi: str | None = None
    consequence_en: str | None = None
    grace_days: int = 0
    has_consequence: bool = True
    topic: str | None = None
    address: Addressee | None = None
    subject: SubjectKind | None = None
    credential_kind: str | None = None
    useful_days: int | None = None
    remind_days: tuple[int, ...] = ()
    conditions: Tree | None = None
    suggests_likely: bool = False

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read one entry of the file."""
        wording = cls(
            paper_vi=node.text("paper_vi"),
            paper_en=node.text("paper_en"),
            reason_vi=node.text("reason_vi"),
            reason_en=node.text("reason_en"),
            consequence_vi=node.text_or_none("consequence_vi"),
            consequence_en=node.text_or_none("consequence_en"),
            grace_days=node.integer_or_none("grace_days", high=3660) or 0,
            has_consequence=node.flag("has_consequence", default=True),
            topic=node.text_or_none("topic"),
            address=node.choice("address", Addressee) if node.has("address") else None,
            subject=node.choice("subject", SubjectKind) if node.has("subject") else None,
            credential_kind=node.text_or_none("credential_kind"),
            useful_days=node.integer_or_none("useful_days", low=1, high=3660),
            remind_days=node.integers("remind_days", required=False),
            conditions=read_tree(node.node("conditions")) if node.has("conditions") else None,
            suggests_likely=node.flag("suggests_likely", default=False),
        )
        node.close()
        return wording


def wordings_from_yaml(text: str) -> dict[str, Wording]:
    """Read the file; DefinitionError names every key at fault and its line."""
    source = Source(text)
    root = Node(source.document)
    wordings = {key: Wording.read(root.node(key)) for key in root.names()}
    try:
        root.raise_problems()
    except DefinitionError as error:
        raise source.located(error) from None
    return wordings
