"""Data breakpoints with sys.monitoring (3.12 and later): which code objects get events, and what is done with them.

Events of code that may write come through the engine's own callbacks, so that each is decided once. Changed on the
agent's or a stopped thread, called on the program's threads inside callbacks.
"""
import sys

from gantry_agent import writers

_monitoring = getattr(sys, 'monitoring', None)
_getframe = sys._getframe


class Watching:
    """The part of the engine that knows of data breakpoints. `on`: whether there are any."""

    def __init__(self, engine):
        self._engine = engine
        # id(code) -> [code, [(hot lines, watch)] or None until they are asked for, {offset of a jump: its line, or None}]
        self.codes = {}
        self.on = False

    # -- which code

    def changed(self, codes):
        """Data breakpoints have changed: of `codes` those that may write get events. Under the engine's lock."""
        watches = self._engine.agent.watches
        self.on = watches.active
        for code in codes:
            wanted, armed = self.on and watches.wants(code), id(code) in self.codes
            if wanted or armed:
                self._arm(code, wanted, armed)

    def wants(self, code):
        """Whether a code object that runs for the first time gets events."""
        if not self.on or not self._engine.agent.watches.wants(code):
            return False
        self._enter(code)
        return True

    def _enter(self, code):
        self.codes[id(code)] = [code, None, {}]

    def _pairs(self, entry):
        """[(hot lines, watch)] of a code object; worked out at its first event, for most code never runs again."""
        if entry[1] is None:
            try:
                found = [(watch.lines_of(entry[0]), watch) for watch in self._engine.agent.watches.watches]
                entry[1] = [pair for pair in found if pair[0] is not None]
            except Exception:
                self._engine.agent.trouble('watch')
                entry[1] = []
        return entry[1]

    def _arm(self, code, wanted, armed):
        if wanted:
            self._enter(code)
        else:
            del self.codes[id(code)]
        if wanted != armed:
            self._engine.arm_watched(code, wanted)

    # -- events

    def quick(self):
        """A function of (code, line) for a line of watched code: the watch.Hit or None; made for speed.

        A change is claimed at once, before another thread can come and take it for its own.
        """
        watches = self._engine.agent.watches
        codes, passed, ident, getframe, told = self.codes, watches.passed, id, _getframe, self.line
        pairs = self._pairs

        def quick(code, line):
            frame = getframe(2)
            key = ident(frame)
            before = passed.get(key)
            if before is None:
                caller = frame.f_back
                if caller is not None and ident(caller.f_code) in codes:
                    return told(frame, line)
            else:
                entry = codes.get(ident(code))
                for hot, watch in (entry[1] or pairs(entry)) if entry is not None else ():
                    if (hot is True or before in hot) and not watch.unchanged(frame):
                        return told(frame, line)
            passed[key] = line
            return None
        return quick

    def line(self, frame, line):
        """A line begins: the watch.Hit or None."""
        if id(frame.f_code) not in self.codes:
            return None
        try:
            return self._engine.agent.watches.line(frame, line)
        except Exception:
            self._engine.agent.trouble('watch')
            return None

    def jumped(self, code, offset, destination, frame):
        """A jump within watched code. Those that stay on their line get no line event; the others are of no interest."""
        entry = self.codes.get(id(code))
        if entry is None:
            return None
        jumps = entry[2]
        if offset not in jumps:
            line = writers.line_at(code, offset)
            jumps[offset] = line if destination < offset and line == writers.line_at(code, destination) else None
        line = jumps[offset]
        if line is None:
            return _monitoring.DISABLE
        if all(watch.unchanged(frame) for hot, watch in self._pairs(entry) if hot is True or line in hot):
            return None
        try:
            change = self._engine.agent.watches.jumped(frame, line)
            if change is not None:
                self.stop(change, frame, False)
        except Exception:
            self._engine.agent.trouble('watch')
        return None

    def left(self, frame, over):
        """A call returns or (not `over`) yields; stops there if that call has changed something."""
        if id(frame.f_code) in self.codes:
            change = self._engine.agent.watches.left(frame, frame.f_lineno, over)
            if change is not None:
                self.stop(change, frame, False)

    def stop(self, change, frame, can_jump, hit=None):
        """Stops the thread, `hit` being a breakpoint on the same line; false if it is one of ours."""
        engine = self._engine
        thread = engine.agent.threads.current()
        if thread.inside or thread.ident in engine.agent.threads.hidden:
            return False
        engine.drop_step(thread)
        engine.can_jump_now = can_jump and change.frame is frame
        ids = list(change.ids) + (list(hit.ids) if hit is not None else [])
        engine.agent.stops.stop(change.frame, change.reason, change.description, change.text, ids)
        return True
