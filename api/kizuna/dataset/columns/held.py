"""What columns hold, and what they don't."""


class Unheld(Exception):
    """Columns can't answer this; the engine can."""
