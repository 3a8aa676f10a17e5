"""Measurements of the optimizer; no test asserts a speed."""
