"""Exports models of other libraries to ONNX, and proves that their answers stay the same."""
