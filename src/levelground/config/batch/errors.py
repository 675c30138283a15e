"""What stops a whole run."""


class BatchError(Exception):
    """The run cannot go on. The text is one sentence for the person at the keyboard, and says what to do."""
