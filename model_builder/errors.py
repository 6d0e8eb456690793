"""The errors that a user can cause and mend. The command line prints their one sentence and exits with code 2."""

import errno

DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UserError(Exception):
    """Something about the input was wrong; the message says what, where, and what to do."""


class AudioError(UserError):
    """A recording cannot be used; the message names the file and the reason."""


def os_error_behind(error: BaseException | None) -> OSError | None:
    """`error` or the OSError that it was raised from: exporters and serialisers wrap what they meet.

    What was merely being handled (`__context__`) does not count: an error in a handler is a bug of its own and has to show.
    """
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__
    return error


def disk_complaint(error: OSError) -> str:
    """One sentence on a file that could not be read or written, with what to do."""
    where = f"{error.filename}: " if error.filename else ""
    remedy = "free some space" if error.errno in DISK_IS_FULL else "check the path and its permissions"
    return f"{where}{error.strerror or error}; {remedy}, or give another folder"
