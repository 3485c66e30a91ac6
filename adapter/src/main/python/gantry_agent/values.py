"""(stand-in of V's part)"""


class Refused(Exception):
    """A request that cannot be served; the text is for the user."""
