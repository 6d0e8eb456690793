"""The errors that a user can cause and mend. The command line prints their one sentence and exits with code 2."""


class UserError(Exception):
    """Something about the input was wrong; the message says what, where, and what to do."""


class AudioError(UserError):
    """A recording cannot be used; the message names the file and the reason."""
