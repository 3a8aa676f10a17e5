"""Whether a model is good enough beside the original: the rule of evaluation/optimization-gate.ts.

The loss that was observed decides. The sentence says what the samples do not exclude.
"""

from dataclasses import dataclass
from typing import Literal

from .accuracy import Accuracy, accuracy
from .agreement import Agreement, agreement
from .plain import counted
from .runtime import Answers
from .samples import Samples

Basis = Literal["labels", "samples", "generated"]
"""What a verdict rests on, the strongest first."""

FEWEST_LABELS = 8
"""Labelled samples, as many as a data set needs: of fewer, one answer is more than 12 % of the accuracy.

Changed answers are then the stricter rule, since accuracy cannot fall by more than the answers that changed.
"""

ROUNDING = 1e-9
"""The difference of two shares such as 0.9 and 0.89 is off by less; no sample weighs as little."""


@dataclass(frozen=True)
class Verdict:
    """Whether a model is good enough beside the original, and the numbers in a sentence."""

    passed: bool
    loss: float
    sentence: str
    basis: Basis = "samples"


def verdict(before: Answers, after: Answers, samples: Samples, max_accuracy_drop: float) -> Verdict:
    """Judge by accuracy where enough samples have labels, else by the share of same answers."""
    measured = accuracy(before, after, samples)
    if measured is not None and measured.samples >= FEWEST_LABELS:
        return by_labels(measured, max_accuracy_drop)
    judged = by_agreement(agreement(before, after, samples), max_accuracy_drop)
    if measured is None:
        return judged
    few = f" Only {measured.samples} labelled samples judge; accuracy decides from {FEWEST_LABELS} on."
    return Verdict(judged.passed, judged.loss, judged.sentence + few, judged.basis)


def by_labels(measured: Accuracy, limit: float) -> Verdict:
    """Compare the loss of accuracy with the limit."""
    loss = -measured.difference
    passed = loss <= limit + ROUNDING
    low, high = (0.0 - bound for bound in reversed(measured.interval))
    most = max(high, unseen_share(measured.samples))
    sentence = (
        f"Accuracy is {measured.after:.4f}, and was {measured.before:.4f}, on {counted(measured.samples, 'sample')};"
        f" {limit:g} may be lost. The 95 % interval of the loss is {low:.4f} to {high:.4f}."
    )
    if passed and most > limit + ROUNDING:
        sentence += f" These samples do not exclude a loss of {most:.4f}."
    if not passed and low <= limit:
        sentence += " These samples do not exclude a loss within the limit; more of them could tell."
    return Verdict(passed, loss, sentence, "labels")


def by_agreement(compared: Agreement, limit: float) -> Verdict:
    """Compare the share of changed answers with the limit."""
    loss = 1 - compared.same_answers
    passed = loss <= limit + ROUNDING
    kind = "generated inputs" if compared.generated else "samples"
    sentence = (
        f"{compared.same_answers:.4f} of the answers are the same on {compared.samples} {kind};"
        f" {limit:g} may differ."
    )
    most = unseen_share(compared.samples)
    if passed and loss < most and most > limit + ROUNDING:
        sentence += f" These {kind} do not exclude that {most:.4f} differ."
    if compared.one_answer:
        sentence += (
            f" Nearly all {kind} have one answer, so scores count as the same within a tenth of their spread;"
            " a data set with several answers would say more."
        )
    return Verdict(passed, loss, sentence, "generated" if compared.generated else "samples")


def unseen_share(samples: int) -> float:
    """Return the share that none of so many samples shows and that they do not exclude, at 95 %: the rule of three."""
    return min(1.0, 3 / samples) if samples else 1.0
