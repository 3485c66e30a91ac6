"""A while without garbage collection, so that no finalizer of the target runs where it must not; on the agent's thread.

Whether collection is enabled stays the target's own business: it may change that at the same moment. The thresholds are made too high to be
reached instead. They are looked at and changed in one call of C: no other thread comes in between.
"""
from gantry_agent import private

_HIGH = (2147441861,) * 3  # like nobody's own


class Calm:
    """For `with`, also inside itself. What the target makes of the thresholds meanwhile stays."""

    def __init__(self, _agent):
        gc, tools = private.load("gc"), private.load("itertools")
        self._get, self._set = gc.get_threshold, gc.set_threshold
        self._each, self._chosen = tools.starmap, tools.compress
        self._before, self._ours = gc.get_threshold(), _HIGH
        self._depth = 0

    def __enter__(self):
        self._depth += 1
        if self._depth > 1:
            return
        get = self._each(self._get, [(), ()])
        before, _, ours = list(zip(get, self._each(self._set, [_HIGH]), get))[0]
        if before != ours:  # else the target has put back what it read meanwhile
            self._before = before
        self._ours = ours

    def __exit__(self, *_):
        self._depth -= 1
        if self._depth:
            return
        self.over()

    def over(self):
        """Also in the child of a fork, where the agent's thread is not to do it."""
        still = map(self._ours.__eq__, self._each(self._get, [()]))
        list(self._each(self._set, self._chosen([self._before], still)))
