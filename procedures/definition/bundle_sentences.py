"""A whole bundle in sentences that an official reads aloud: what is filed, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procedures.definition.bundle import BundleDefinition, Step
from procedures.definition.sentences import Words

Names = Mapping[str, Words]


def bundle_in_sentences(bundle: BundleDefinition, names: Names, asked: Names) -> list[Words]:
    """Return what the bundle does, the filing first, then each step in its order.

    `names` are those of procedures by code, `asked` those of the fields that steps ask; a code
    without a name stands for itself.
    """
    return [_filing(bundle, names), *_steps(bundle, names), *_shared(bundle, asked)]


def step_in_words(step: Step, names: Names) -> Words:
    """Return a step with what it waits for and whom it is left out for, without a number."""
    told = [_named(step.procedure, names), *_notes(step, names)]
    return Words("; ".join(one.vi for one in told), "; ".join(one.en for one in told))


def _filing(bundle: BundleDefinition, names: Names) -> Words:
    if bundle.linked_procedure is not None:
        linked = _named(bundle.linked_procedure, names)
        return Words(
            f"Một lần xác nhận nộp “{linked.vi}”: mỗi bước một hồ sơ, "
            "bước phải chờ tự động nộp sau.",
            f"One confirmation files “{linked.en}”: a dossier for each step, those that wait later "
            "by themselves.",
        )
    return Words(
        "Một lần xác nhận nộp cùng lúc mọi bước không phải chờ bước khác, mỗi bước một hồ sơ; "
        "bước phải chờ tự động nộp sau.",
        "One confirmation files all steps that wait for no other, each as a dossier of its own; "
        "the others are filed by themselves afterwards.",
    )


def _steps(bundle: BundleDefinition, names: Names) -> Iterator[Words]:
    for number, step in enumerate(bundle.steps, 1):
        told = step_in_words(step, names)
        yield Words(f"{number}. {told.vi}.", f"{number}. {told.en}.")


def _notes(step: Step, names: Names) -> Iterator[Words]:
    if step.after is not None:
        before = _named(step.after, names)
        yield Words(f"sau khi có kết quả “{before.vi}”", f"after “{before.en}” has its result")
    if step.optional:
        yield Words("chỉ khi người dân muốn", "only if the person wishes")
    if step.skipped_when_exempt:
        yield Words("bỏ qua khi được miễn", "left out where an exemption holds")


def _shared(bundle: BundleDefinition, asked: Names) -> Iterator[Words]:
    if bundle.shared_fields:
        fields = [_named(name, asked) for name in bundle.shared_fields]
        vi, en = (", ".join(one.vi for one in fields), ", ".join(one.en for one in fields))
        yield Words(f"Chỉ hỏi một lần: {vi}.", f"Asked once only: {en}.")


def _named(code: str, names: Names) -> Words:
    return names.get(code) or Words(code, code)
