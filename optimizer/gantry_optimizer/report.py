"""The report of an optimization: JSON by contract/documents.schema.json, and Markdown for people."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from .accuracy import Accuracy
from .agreement import Agreement
from .failure import OptimizationError
from .latency import Latency
from .pipeline import Measured, Optimized, Sizes, StepReport
from .plain import plain, plain_name
from .recipe import Recipe
from .release import VERSION
from .step import Choice, Distillation

LIBRARIES = ("onnx", "onnxruntime", "onnxslim", "numpy")

LARGEST_FAILURE = 4096
"""Bytes; the kubelet keeps so much of a termination message."""

Document = dict[str, Any]


def as_document(optimized: Optimized, recipe: Recipe, graph: Path) -> Document:
    """Return an OptimizedReport. `graph`: its path in the folder of the model."""
    return {
        "outcome": "optimized",
        "recipe": recipe.as_json(),
        "model": graph.as_posix(),
        "steps": [step_document(report) for report in optimized.steps],
        "total": measured_document(optimized.total),
        "verdict": {
            "basis": optimized.verdict.basis,
            "passed": optimized.verdict.passed,
            "sentence": optimized.verdict.sentence,
        },
        "versions": {"gantry-optimizer": VERSION, **{name: version(name) for name in LIBRARIES}},
    }


def failure_document(error: OptimizationError) -> Document:
    """Return an OptimizationFailedReport that fits into a termination message."""
    return {"outcome": "failed", "reason": error.reason, "message": shortened(error.sentence)}


def shortened(sentence: str) -> str:
    """Return a sentence whose JSON, escaped, fits into a termination message."""
    return plain(sentence, LARGEST_FAILURE // 8)


def step_document(report: StepReport) -> Document:
    """Return an OptimizationStep."""
    result = report.result
    document: Document = {
        "name": report.name,
        "tool": result.tool,
        **measured_document(report.measured),
        "nodes": {"before": report.nodes_before, "after": report.nodes_after},
    }
    if result.blocks:
        document["blocks"] = [
            {
                "node": plain_name(block.node),
                "kind": block.kind,
                "from": block.start,
                "to": block.end,
                "refitted": block.refitted,
            }
            for block in result.blocks
        ]
    if result.kept:
        document["kept"] = [
            {
                "node": plain_name(kept.node),
                "operator": plain_name(kept.operator),
                "reason": plain(kept.reason),
            }
            for kept in result.kept
        ]
    if result.choices:
        document["choices"] = [choice_document(choice) for choice in result.choices]
    if result.distillation is not None:
        document["distillation"] = distillation_document(result.distillation)
    if result.remarks:
        document["remarks"] = [plain(remark) for remark in result.remarks]
    return document


def distillation_document(made: Distillation) -> Document:
    """Return a StepDistillation."""
    return {
        "layers": {"before": made.layers_before, "after": made.layers_after},
        "samples": {"learned": made.learned, "heldOut": made.held_out},
        "epochs": made.epochs,
        "seconds": made.seconds,
        "stopped": made.stopped,
        "device": made.device,
        "sameAnswers": {"before": made.same_answers_before, "after": made.same_answers_after},
    }


def choice_document(choice: Choice) -> Document:
    """Return one of the choices of an OptimizationStep."""
    fields = {
        "sameAnswers": choice.same_answers,
        "accuracy": choice.accuracy,
        "speedup": choice.speedup,
        "sizeBytes": choice.size_bytes,
        "message": choice.message,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    return {"name": choice.name, "chosen": choice.chosen, **known}


def measured_document(measured: Measured) -> Document:
    """Return sizes, agreement, accuracy and latency."""
    document: Document = {
        "sizeBytes": sizes_document(measured.sizes),
        "agreement": agreement_document(measured.agreement),
        "latency": latency_document(measured.latency),
    }
    if measured.accuracy is not None:
        document["accuracy"] = accuracy_document(measured.accuracy)
    return document


def sizes_document(sizes: Sizes) -> Document:
    """Return bytes before and after, and after compression where it was measured."""
    document = {"before": sizes.before, "after": sizes.after}
    if sizes.compressed_before is not None and sizes.compressed_after is not None:
        document |= {"compressedBefore": sizes.compressed_before, "compressedAfter": sizes.compressed_after}
    return document


def agreement_document(agreed: Agreement) -> Document:
    """Return a ModelAgreement."""
    return {
        "inputs": "generated" if agreed.generated else "dataset",
        "samples": agreed.samples,
        "largestDifference": agreed.largest_difference,
        "meanDifference": agreed.mean_difference,
        "sameAnswers": agreed.same_answers,
    }


def accuracy_document(measured: Accuracy) -> Document:
    """Return a StepAccuracy."""
    low, high = measured.interval
    return {
        "before": measured.before,
        "after": measured.after,
        "difference": measured.difference,
        "interval": [low, high],
        "samples": measured.samples,
    }


def latency_document(measured: Latency) -> Document:
    """Return a StepLatency."""
    return {
        "beforeMs": measured.before_ms,
        "afterMs": measured.after_ms,
        "speedup": measured.speedup,
        "spread": measured.spread,
        "rows": measured.rows,
        "threads": measured.threads,
    }
