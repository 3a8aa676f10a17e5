"""How a run ends without a folder: errors, signals, and the reason that is written for programs."""

import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from .failure import OptimizationError, lacks_memory
from .folder import is_full
from .output import say, write_json
from .report import failure_document


def failure_of(error: BaseException) -> OptimizationError:
    """Return an error as a failure with a sentence."""
    if isinstance(error, OptimizationError):
        return error
    if lacks_memory(error):
        return OptimizationError(
            "OptimizationOutOfMemory", "There is not enough memory. Give the optimization more memory."
        )
    if is_full(error):
        return OptimizationError(
            "VolumeFull", f"No space is left: {error}. Free some, or give a larger volume."
        )
    if isinstance(error, OSError):
        where = f" with {error.filename}" if error.filename is not None else ""
        return OptimizationError("OptimizationFailed", f"Not possible{where}: {error.strerror or error}.")
    said = ": ".join(filter(None, [type(error).__name__, " ".join(str(error).split())[:300]]))
    return OptimizationError(
        "OptimizationFailed",
        f"The optimizer met an error that it does not know ({said}). Try another recipe, and report it.",
    )


class Stopped(BaseException):
    """A signal asks the program to end. Whatever tools do about errors, none of them keeps this one."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the block where SIGTERM or SIGINT comes, so that the temporary folders go."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def failed(failure: OptimizationError, given: Namespace) -> int:
    """Say why there is no new folder."""
    say(f"{failure.reason}: {failure.sentence}")
    for path in (given.report, given.failure):
        if path is not None:
            try:
                write_json(path, failure_document(failure))
            except OSError as error:
                say(f"{path} was not written: {error.strerror}.")
    return 1
