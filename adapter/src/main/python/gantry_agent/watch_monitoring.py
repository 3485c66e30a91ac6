"""Data breakpoints with sys.monitoring (3.12 and later): which code objects get events, and what is done with them.

Line, start, return, yield and jump events of code that may write come through the engine's own callbacks, so that one
event is decided once; unwinding has only a global event, which has a tool of its own while something is watched.
Changed on the agent's or a stopped thread, called on the program's threads inside callbacks.
"""
import sys

_monitoring = getattr(sys, 'monitoring', None)
_getframe = sys._getframe


class Watching:
    """The part of the engine that knows of data breakpoints. `on`: whether there are any."""

    def __init__(self, engine):
        self._engine = engine
        self._tool = None
        self._codes = {}        # id(code) -> code that gets events for this
        self.on = False

    # -- which code

    def changed(self, codes):
        """Data breakpoints have changed: of `codes` those that may write get events. Under the engine's lock."""
        watches = self._engine.agent.watches
        self.on = watches.active
        for code in codes:
            wanted = self.on and watches.wants(code)
            if wanted != (id(code) in self._codes):
                self._arm(code, wanted)
        self._unwinding(self.on)

    def seen(self, code):
        """A code object runs for the first time. Under the engine's lock."""
        if self.on and id(code) not in self._codes and self._engine.agent.watches.wants(code):
            self._arm(code, True)

    def _arm(self, code, wanted):
        if wanted:
            self._codes[id(code)] = code
        else:
            self._codes.pop(id(code), None)
        self._engine.arm_watched(code, wanted)

    def _unwinding(self, wanted):
        if wanted == (self._tool is not None):
            return
        event = _monitoring.events.PY_UNWIND
        if wanted:
            self._tool = self._engine.take_tool(5, 'gantry watch')
            if self._tool is not None:
                _monitoring.register_callback(self._tool, event, self._on_unwind)
                _monitoring.set_events(self._tool, event)
        else:
            tool, self._tool = self._tool, None
            _monitoring.set_events(tool, 0)
            _monitoring.register_callback(tool, event, None)
            _monitoring.free_tool_id(tool)

    def shutdown(self):
        """Disarms; the engine's own events go with the engine."""
        self.on = False
        self._unwinding(False)

    # -- events; each returns whether the thread was stopped

    def line(self, frame, line, hit=None):
        """A line begins; `hit`: a breakpoint on it."""
        if id(frame.f_code) not in self._codes:
            return False
        change = self._engine.agent.watches.line(frame, line)
        return change is not None and self._stop(change, frame, True, hit)

    def jumped(self, frame):
        """A jump within the code."""
        if id(frame.f_code) not in self._codes:
            return False
        change = self._engine.agent.watches.jumped(frame, frame.f_lineno)
        return change is not None and self._stop(change, frame, False)

    def left(self, frame, over):
        """A call returns or (not `over`) yields."""
        if id(frame.f_code) not in self._codes:
            return False
        change = self._engine.agent.watches.left(frame, frame.f_lineno, over)
        return change is not None and self._stop(change, frame, False)

    def _on_unwind(self, code, offset, error):
        try:
            if self.on:
                self.left(_getframe(1), True)
        except Exception:
            self._engine.agent.trouble('watch')

    def _stop(self, change, frame, can_jump, hit=None):
        engine = self._engine
        thread = engine.agent.threads.current()
        if thread.inside or thread.ident in engine.agent.threads.hidden:
            return False
        engine.drop_step(thread)
        engine.can_jump_now = can_jump and change.frame is frame
        ids = list(change.ids) + (list(hit.ids) if hit is not None else [])
        engine.agent.stops.stop(change.frame, change.reason, change.description, change.text, ids)
        return True
