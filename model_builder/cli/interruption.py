"""SIGINT and SIGTERM end a command as an exception does, so that nothing half-written stays: exit status 130 or 143, and no output."""

import signal
import sys
import time
from types import FrameType

SIGNALLED = 128  # what a shell adds to the signal's number
RETRY_S = 0.02
LONGEST_IMPORT_S = 2.0
LONGEST_CLEANING_S = 5.0
SWALLOWING_NAMES = ("__del__", "vio_get_filelen", "vio_seek", "vio_read", "vio_write", "vio_tell")
"""Finalizers and soundfile's callbacks, which C calls: an exception that leaves one is printed and lost."""


class Stopped(SystemExit):
    """A signal ended the command."""


_received: int | None = None
_received_s = 0.0


def exit_on_signals() -> None:
    """From now on the first SIGINT or SIGTERM raises Stopped in the main thread; a second one ends the process at once.

    To be called by the main thread, before anything slow is imported.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _receive)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _receive)
    sys.unraisablehook = _on_unraisable


def _on_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """C code that cannot raise drops exceptions here: the one of a signal comes again."""
    if isinstance(unraisable.exc_value, Stopped) and hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, RETRY_S)
    else:
        sys.__unraisablehook__(unraisable)


def end_on_signals() -> None:
    """From now on signals end the process at once: in what Python does last, an exception would only be printed.

    Raises SystemExit where one came in the meantime.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    if _received is not None:
        sys.exit(SIGNALLED + _received)


def _receive(number: int, frame: FrameType | None) -> None:
    """Raises where the exception ends the command; elsewhere in a moment again, for no more than two seconds."""
    global _received, _received_s
    if _received is None:
        _received, _received_s = number, time.monotonic()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)
    if hasattr(signal, "setitimer") and _is_lost_in(frame):
        if time.monotonic() < _received_s + LONGEST_IMPORT_S:
            signal.setitimer(signal.ITIMER_REAL, RETRY_S)
            return
        signal.setitimer(signal.ITIMER_REAL, LONGEST_CLEANING_S)  # should it be lost after all
    raise Stopped(SIGNALLED + _received)


def _is_lost_in(frame: FrameType | None) -> bool:
    """Whether an exception may not get out of the code at hand: some packages go on after any that they meet while they are imported."""
    while frame is not None:
        code = frame.f_code
        if code.co_name in SWALLOWING_NAMES or code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
