"""The engine of Python 3.12 and later: sys.monitoring. Callbacks run on the target's threads, the rest on any.

Two tools: the first has local events on exactly the code objects that hold breakpoints, a step or a held frame, and a global PY_START that returns
DISABLE (it sees each code object once); the second, the scout, has a global PY_START|PY_RESUME while a step goes into calls or threads are held.
A line that holds nothing returns DISABLE; setting a code object's events to none and back revives it, without touching other tools.
No event fires inside a callback. Callbacks hold what they use in closures: at exit the globals of modules may be None.
"""
import _thread
import sys

from gantry_agent import watch_monitoring
from gantry_agent.engine import Engine

_monitoring = getattr(sys, "monitoring", None)
_getframe, _current_frames, _get_ident = sys._getframe, sys._current_frames, _thread.get_ident
_OWN = "<gantry_agent"
BIG = 130  # lines of code from which LINE events get slow (each costs what stands before it)


class _Armed:
    """One code object with local events; kept, so that its id stays valid."""

    __slots__ = ("code", "spots", "steps", "held", "watched", "mask", "offsets")

    def __init__(self, code):
        self.code, self.spots, self.steps, self.mask, self.offsets = code, None, 0, 0, ()
        self.held = self.watched = False


class MonitoringEngine(Engine):
    unavailable = None

    def __init__(self, agent):
        super().__init__(agent)
        self._armed = {}  # id(code) -> _Armed
        self._known = {}  # id(code) -> code: everything that has run
        self._lines = {}  # line -> {id(code): Spot}
        self._offsets = {}  # offset -> {id(code): Spot}
        self._busy = []  # true while steps or holds are about: every line event is looked at
        self._stepping = {}  # ThreadState -> codes armed for its step
        self._held = []
        self._watching = watch_monitoring.Watching(self)
        self._lock = _thread.RLock()
        self._tool = self._scout = None
        self._scouting = 0
        self.can_jump_now = False

    # -- life

    def start(self):
        events = _monitoring.events
        self._tool = self.take_tool(_monitoring.DEBUGGER_ID, "gantry")
        if self._tool is None:
            raise RuntimeError("no tool id of sys.monitoring is free")
        self._scout = self.take_tool(4, "gantry scout")
        self._events = events
        self._jumps = events.JUMP
        for name in ("BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT"):
            self._jumps |= getattr(events, name, 0)
        for event, function in self._callbacks():
            _monitoring.register_callback(self._tool, event, function)
        if self._scout is not None:
            enter = self._on_enter()
            _monitoring.register_callback(self._scout, events.PY_START, enter)
            _monitoring.register_callback(self._scout, events.PY_RESUME, enter)
        self.breakpoints_changed()
        _monitoring.set_events(self._tool, events.PY_START)

    @staticmethod
    def take_tool(wanted, name):
        for number in [wanted, 3, 4, 0, 1, 2, 5]:
            try:
                _monitoring.use_tool_id(number, name)
                return number
            except ValueError:
                continue
        return None

    def shutdown(self):
        tool, self._tool = self._tool, None
        if tool is None:
            return
        self._watching.shutdown()
        with self._lock:
            _monitoring.set_events(tool, 0)
            if self._scout is not None:
                _monitoring.set_events(self._scout, 0)
            for armed in list(self._armed.values()):
                _monitoring.set_local_events(tool, armed.code, 0)
            for number in (tool, self._scout):
                if number is not None:
                    for bit in range(20):
                        if 1 << bit & self._all_events():
                            _monitoring.register_callback(number, 1 << bit, None)
                    _monitoring.free_tool_id(number)

    def _all_events(self):
        events, found = self._events, 0
        for name in dir(events):
            value = getattr(events, name)
            if not name.startswith("_") and type(value) is int and value & value - 1 == 0:
                found |= value
        return found

    # -- callbacks

    def _callbacks(self):
        events = self._events
        jumped = self._on_jump()
        found = [(events.PY_START, self._on_start()), (events.LINE, self._on_line()), (events.INSTRUCTION, self._on_instruction()),
                 (events.PY_RETURN, self._on_return(False)), (events.PY_YIELD, self._on_return(True))]
        return found + [(1 << bit, jumped) for bit in range(20) if 1 << bit & self._jumps]

    def _on_start(self):
        known, disable, ident, engine = self._known, _monitoring.DISABLE, id, self

        def on_start(code, offset):
            if ident(code) not in known:
                engine._first_time(code)
            return disable
        return on_start

    def _first_time(self, code):
        self._known[id(code)] = code
        if code.co_filename.startswith(_OWN) or self._tool is None:
            return
        try:
            self.agent.table.on_code(code)
            spots = self.agent.table.spots_for(code)
            if spots is not None:
                with self._lock:
                    self._place(code, spots)
            self._watching.seen(code)
        except Exception:
            self.agent.trouble("code seen")

    def _on_line(self):
        lines, disable, busy, ident, getframe = self._lines, _monitoring.DISABLE, self._busy, id, _getframe
        watched, stopped_at = self._watched_line, self._spot_hit
        watching, quick = self._watching.codes, self._watching.quick()

        def on_line(code, line):
            if busy:
                return watched(code, line)
            spots = lines.get(line)
            if watching and ident(code) in watching:
                change = quick(code, line)
                return None if spots is None and change is None else watched(code, line, change)
            if spots is None:
                return disable
            spot = spots.get(ident(code))
            if spot is None:
                return disable
            hit = spot.hit(getframe(1))
            if hit is not None:
                stopped_at(getframe(1), hit, True)
        return on_line

    def _on_instruction(self):
        offsets, disable, ident, getframe = self._offsets, _monitoring.DISABLE, id, _getframe
        stopped_at = self._spot_hit

        def on_instruction(code, offset):
            spots = offsets.get(offset)
            if spots is None:
                return disable
            spot = spots.get(ident(code))
            if spot is None:
                return disable
            hit = spot.hit(getframe(1))
            if hit is not None:
                stopped_at(getframe(1), hit, False)
        return on_instruction

    def _spot_hit(self, frame, hit, can_jump):
        try:
            if self.agent.threads.current().ident in self.agent.threads.hidden:
                return
            self.can_jump_now = can_jump
            self.agent.stops.stop(frame, hit.reason, hit.description, hit.text, hit.ids)
        except Exception:
            self.agent.trouble("breakpoint")

    def _watched_line(self, code, line, change=None):
        """A line while steps or holds are about, or one before which a watched place has changed."""
        try:
            agent = self.agent
            frame = _getframe(2)
            if self._busy and self._watching.on:
                change = self._watching.line(frame, line) or change
            if _get_ident() in agent.threads.hidden:
                return None
            thread = agent.threads.current()
            if self._held or thread.asked:
                agent.stops.checkpoint(frame)
            spots = self._lines.get(line)
            spot = spots.get(id(code)) if spots is not None else None
            hit = spot.hit(frame) if spot is not None else None
            if change is not None and self._watching.stop(change, frame, True, hit):
                return None
            step = thread.step
            ends = step is not None and step.at_line(frame)
            if hit is not None or ends:
                self.drop_step(thread)
                self.can_jump_now = True
                if hit is not None:
                    agent.stops.stop(frame, hit.reason, hit.description, hit.text, hit.ids)
                else:
                    agent.stops.stop(frame, "step", returned=step.value)
        except Exception:
            self.agent.trouble("line")
        return None

    def _on_jump(self):
        watching, jumped = self._watching.codes, self._watching.jumped

        def on_jump(code, offset, destination):
            if watching and not self._held:
                return jumped(code, offset, destination)
            if self._held:
                try:
                    if _get_ident() not in self.agent.threads.hidden:
                        self.can_jump_now = False
                        self.agent.stops.checkpoint(_getframe(1))
                except Exception:
                    self.agent.trouble("jump")
        return on_jump

    def _on_return(self, yields):
        from gantry_agent.stepping import pauses_by_awaiting

        def on_return(code, offset, value):
            try:
                thread = self.agent.threads.current()
                if self._watching.on:
                    self._watching.left(_getframe(1), not yields)
                step = thread.step
                if step is None or yields and pauses_by_awaiting(code):
                    return
                frame = _getframe(1)
                before = step.frame
                if step.at_return(frame, value):
                    self.drop_step(thread)
                    self.can_jump_now = False
                    self.agent.stops.stop(frame.f_back, "step", returned=step.value)
                elif step.frame is not before:
                    self.drop_step(thread)
                    if step.frame is not None:
                        self.arm_step(thread, step.frame, step)
            except Exception:
                self.agent.trouble("return")
        return on_return

    def _on_enter(self):
        def on_enter(code, offset):
            if code.co_filename.startswith(_OWN):
                return
            try:
                if _get_ident() in self.agent.threads.hidden:
                    return
                if self._held:
                    self._arm_held(code)
                thread = self.agent.threads.current()
                step = thread.step
                if step is not None and step.at_entry(_getframe(1)):
                    self._arm_for_step(thread, code)
            except Exception:
                self.agent.trouble("call")
        return on_enter

    # -- breakpoints

    def breakpoints_changed(self):
        if self._tool is None:
            return
        with self._lock:
            self._lines.clear()
            self._offsets.clear()
            for armed in list(self._armed.values()):
                armed.spots = None
            for code in list(self._known.values()):
                spots = self.agent.table.spots_for(code)
                if spots is not None:
                    self._place(code, spots, False)
            for armed in list(self._armed.values()):
                self._apply(armed, True)

    def _place(self, code, spots, apply=True):
        armed = self._get(code)
        armed.spots = spots
        for line, spot in spots.lines.items():
            self._lines.setdefault(line, {})[id(code)] = spot
        for offset, spot in spots.offsets.items():
            self._offsets.setdefault(offset, {})[id(code)] = spot
        if apply:
            self._apply(armed, True)

    def _get(self, code):
        armed = self._armed.get(id(code))
        if armed is None:
            armed = self._armed[id(code)] = _Armed(code)
        return armed

    def _apply(self, armed, revive=False):
        """Gives a code object the events that its spots, steps and holds want."""
        events, mask = self._events, 0
        if armed.spots is not None:
            if armed.spots.lines:
                mask |= events.LINE | events.PY_START
            if armed.spots.offsets:
                mask |= events.INSTRUCTION
        if armed.steps:
            mask |= events.LINE | events.PY_START | events.PY_RETURN | events.PY_YIELD
        if armed.held:
            mask |= events.LINE | events.PY_START | self._jumps
        if armed.watched:
            mask |= events.LINE | events.PY_START | events.JUMP | events.PY_RETURN | events.PY_YIELD
        if self._tool is None:
            return
        if mask != armed.mask or revive:
            if revive and armed.mask:
                _monitoring.set_local_events(self._tool, armed.code, 0)
            _monitoring.set_local_events(self._tool, armed.code, mask)
            armed.mask = mask
        if not mask:
            self._armed.pop(id(armed.code), None)

    # -- steps

    def arm_step(self, thread, frame, step):
        thread.step = step
        if step is None or self._tool is None:
            return
        with self._lock:
            if step.kind != "out" or step.frame is not None:
                self._arm_for_step(thread, step.frame.f_code)
            for caller in step.callers:
                if step.is_user(caller.f_code):
                    self._arm_for_step(thread, caller.f_code)
            if step.kind == "in":
                self._scout_more(1)
        self._set_busy()

    def _arm_for_step(self, thread, code):
        codes = self._stepping.setdefault(thread, {})
        with self._lock:
            if id(code) not in codes:
                codes[id(code)] = code
                armed = self._get(code)
                armed.steps += 1
                self._apply(armed, True)

    def drop_step(self, thread):
        step, thread.step = thread.step, None
        with self._lock:
            codes = self._stepping.pop(thread, None)
            for code in (codes or {}).values():
                armed = self._get(code)
                armed.steps -= 1
                self._apply(armed)
            if step is not None and step.kind == "in":
                self._scout_more(-1)
        self._set_busy()

    def _scout_more(self, more):
        before, self._scouting = self._scouting, max(0, self._scouting + more)
        if self._scout is not None and bool(before) != bool(self._scouting):
            _monitoring.set_events(self._scout, self._events.PY_START | self._events.PY_RESUME if self._scouting else 0)

    def _set_busy(self):
        wanted = bool(self._stepping or self._held)
        if wanted != bool(self._busy):
            if wanted:
                self._busy.append(True)
            else:
                self._busy.clear()

    # -- holding

    def hold(self):
        if self._tool is None or self._held:
            return
        with self._lock:
            self._held.append(True)
            self._set_busy()
            self._scout_more(1)
            own = self.agent.threads.hidden
            for ident, frame in _current_frames().items():
                while ident not in own and frame is not None:
                    if not frame.f_code.co_filename.startswith(_OWN):
                        self._arm_held(frame.f_code)
                    frame = frame.f_back

    def _arm_held(self, code):
        with self._lock:
            armed = self._get(code)
            if not armed.held:
                armed.held = True
                self._apply(armed, True)

    def release(self):
        if self._tool is None or not self._held:
            return
        with self._lock:
            self._held.clear()
            self._scout_more(-1)
            for armed in list(self._armed.values()):
                if armed.held:
                    armed.held = False
                    self._apply(armed)
        self._set_busy()

    # -- data breakpoints

    def watch_changed(self):
        if self._tool is not None:
            with self._lock:
                self._watching.changed(list(self._known.values()))

    def arm_watched(self, code, wanted):
        armed = self._get(code)
        armed.watched = wanted
        self._apply(armed, True)

    # -- jumps

    def jump(self, frame, line):
        frame.f_lineno = line


def make(agent):
    return MonitoringEngine(agent)
