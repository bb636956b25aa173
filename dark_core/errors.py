"""The fault of an input, which is told in one sentence and never as a traceback."""


class InputError(Exception):
    """Something given cannot be used; the message is one sentence: what is wrong, what was expected, what to do."""
