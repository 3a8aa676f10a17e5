"""What is done to a model: contract/documents.schema.json, definition OptimizationRecipe."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from .defaults import DISTILLATION

GraphLevel = Literal["none", "basic", "all"]
Quantize = Literal["none", "int8-dynamic", "int8-static", "int4", "fp16"]
PruneMethod = Literal["l1-unstructured", "structured"]


@dataclass(frozen=True)
class Prune:
    """Which weights go.

    Parameters
    ----------
    method
        `l1-unstructured` sets the smallest weights to zero; `structured` takes neurons and channels away.
    ratio
        Share that goes, between 0 and 1, both excluded.
    heads
        Whether attention heads may go, too; structured only.
    """

    method: PruneMethod
    ratio: float
    heads: bool = False


@dataclass(frozen=True)
class Distill:
    """How small a student is, and how long it learns.

    Parameters
    ----------
    layers, width
        Shares of the layers that repeat, and of neurons, channels and heads, that stay; 1 keeps all.
    epochs, seconds
        Most of both.
    seed
        Decides the order of the samples, and which ones are held out.
    """

    layers: float = 1.0
    width: float = 1.0
    epochs: int = DISTILLATION["epochs"]
    seconds: int = DISTILLATION["seconds"]
    seed: int = DISTILLATION["seed"]


@dataclass(frozen=True)
class Recipe:
    """The steps, in their order: distill, graph, prune, quantize."""

    graph: GraphLevel = "none"
    prune: Prune | None = None
    quantize: Quantize = "none"
    distill: Distill | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as the contract writes it."""
        document: dict[str, Any] = {}
        if self.distill is not None:
            document["distill"] = asdict(self.distill)
        if self.graph != "none":
            document["graph"] = self.graph
        if self.prune is not None:
            document["prune"] = {"method": self.prune.method, "ratio": self.prune.ratio}
            if self.prune.heads:
                document["prune"]["heads"] = True
        if self.quantize != "none":
            document["quantize"] = self.quantize
        return document
