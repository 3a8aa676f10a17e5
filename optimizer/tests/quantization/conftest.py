"""Networks of these tests are so small that int8 would slow them down; here it is taken all the same."""

import pytest

from gantry_optimizer.quantization import worth


@pytest.fixture(autouse=True)
def _products_in_integers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.module.__name__.endswith("test_worth"):
        return
    for name in ("READ_NS", "WRITTEN_NS", "ROW_SCALES_NS", "ADDEND_NS", "ADDED_NS"):
        monkeypatch.setattr(worth, name, 0)
