"""The version of the optimizer, which reports tell of it. It runs from its folder, so no installed package knows it."""

VERSION = "0.1.0"
