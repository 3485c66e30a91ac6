"""Which code objects have local events of sys.monitoring, and why; changed on any thread under one lock.

A line that holds nothing returns DISABLE; setting a code object's events to none and back revives it without touching other tools.
"""
import sys

from gantry_agent import locks

_monitoring = getattr(sys, "monitoring", None)


class Armed:
    """One code object with local events; kept, so that its id stays valid. `extra`: events wanted for other reasons (a thread's life)."""

    __slots__ = ("code", "spots", "steps", "calls", "returns", "held", "watched", "extra", "mask")

    def __init__(self, code):
        self.code, self.spots = code, 0
        self.steps = self.calls = self.returns = 0  # threads whose step wants that
        self.held, self.watched, self.extra, self.mask = False, False, 0, 0


class Arms:
    """The table of armed code objects. Nothing happens before `begin` and after `end`."""

    def __init__(self):
        self.lock = locks.Lock()
        self._armed = {}  # id(code) -> Armed
        self._tool = None
        self.line_mask = self.offset_mask = self.step_mask = self.held_mask = self.watch_mask = self.call_mask = self.return_mask = 0

    def begin(self, tool):
        """The tool's id is ours from now on."""
        events = _monitoring.events
        jumps = events.JUMP
        for name in ("BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT"):
            jumps |= getattr(events, name, 0)
        # PY_START: 3.13.0 sends no LINE for a one-line function without it.
        self.line_mask = events.LINE | events.PY_START
        self.offset_mask = events.INSTRUCTION
        self.step_mask = events.LINE | events.PY_START | events.PY_RETURN | events.PY_YIELD
        self.held_mask = events.LINE | events.PY_START | jumps
        self.watch_mask = self.step_mask | events.JUMP
        self.call_mask, self.return_mask = events.CALL, events.PY_RETURN
        self._tool = tool

    def end(self):
        """No code object has events of ours any more."""
        with self.lock:
            tool, self._tool = self._tool, None
            for armed in list(self._armed.values()):
                _monitoring.set_local_events(tool, armed.code, 0)
            self._armed.clear()

    def get(self, code):
        """The record of a code object, made if need be; under the lock."""
        armed = self._armed.get(id(code))
        if armed is None:
            armed = self._armed[id(code)] = Armed(code)
        return armed

    def all(self):
        return list(self._armed.values())

    def apply(self, armed, revive=False):
        """Gives a code object the events that it is to have; `revive`: lines that were found empty are looked at again."""
        mask = armed.spots | armed.extra
        if armed.steps:
            mask |= self.step_mask
        if armed.calls:
            mask |= self.call_mask
        if armed.returns:
            mask |= self.return_mask
        if armed.held:
            mask |= self.held_mask
        if armed.watched:
            mask |= self.watch_mask
        tool = self._tool
        if tool is None:
            return
        if mask != armed.mask or revive:
            if revive and armed.mask:
                _monitoring.set_local_events(tool, armed.code, 0)
            _monitoring.set_local_events(tool, armed.code, mask)
            armed.mask = mask
        if not mask:
            self._armed.pop(id(armed.code), None)

    def extra(self, code, mask):
        """Events of a code object for good."""
        with self.lock:
            armed = self.get(code)
            armed.extra |= mask
            self.apply(armed, True)

    def hold(self, code):
        """The code of a frame that is to stop at its next line."""
        armed = self._armed.get(id(code))
        if armed is not None and armed.held:
            return
        with self.lock:
            armed = self.get(code)
            armed.held = True
            self.apply(armed, True)

    def release(self):
        """Nothing is held any more."""
        with self.lock:
            for armed in self.all():
                if armed.held:
                    armed.held = False
                    self.apply(armed)
