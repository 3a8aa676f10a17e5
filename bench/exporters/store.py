"""Where models of the zoo are written: FOLDER/EXPORTER/ARCHITECTURE/VARIANT.onnx, with rows.npz beside them."""

import dataclasses
import pathlib

import numpy as np
import onnx

ROWS = 6


@dataclasses.dataclass(frozen=True)
class Place:
    """The folder of one exported architecture."""

    folder: pathlib.Path

    def path(self, variant):
        return self.folder / f'{variant}.onnx'

    def has(self, variant):
        return self.path(variant).exists()

    def failed(self, variant):
        return self.path(variant).with_suffix('.failed').exists()

    def note(self, variant, sentence):
        """Says why a variant could not be written."""
        self.path(variant).with_suffix('.failed').write_text(sentence + '\n')

    def save(self, variant, model):
        """Writes the model whole or not at all, without the names of files that torch notes for each node."""
        part = self.path(variant).with_suffix('.part')
        onnx.save(without_traces(model), part)
        part.rename(self.path(variant))

    def save_rows(self, rows):
        """@param rows: name of an input to an array whose axis 0 has ROWS entries; the variants share them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        np.savez(self.folder / 'rows.npz', **rows)


def place(root, exporter, architecture):
    folder = pathlib.Path(root) / exporter / architecture
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder)


def without_traces(model):
    """torch writes the stack of the Python source into each node, with paths of the machine."""
    for graph in [model.graph, *model.functions]:
        for node in graph.node:
            del node.metadata_props[:]
            node.doc_string = ''
        for value in getattr(graph, 'value_info', []):
            del value.metadata_props[:]
    del model.graph.metadata_props[:]
    for value in [*model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    return model
