"""The engine of Python 3.12 and later: sys.monitoring. Called on any thread.

Two tools: the first has local events on exactly the code objects that hold breakpoints, a step or a held frame, and a global PY_START that returns
DISABLE (it sees each code object once); the second, the scout, has a global PY_START|PY_RESUME while a step goes into calls or threads are held,
and a local PY_START, which nobody has disabled, on what is called in the line that is stepped over.
What the callbacks do: monitoring_callbacks.py.
"""
import _thread
import sys

from gantry_agent import private, watch_monitoring
from gantry_agent.arming import Arms
from gantry_agent.engine import Engine
from gantry_agent.monitoring_callbacks import Callbacks
from gantry_agent.placing import Places

_monitoring = getattr(sys, "monitoring", None)
_current_frames, _get_ident = sys._current_frames, _thread.get_ident
_OWN = "<gantry_agent"


class MonitoringEngine(Engine):
    unavailable = None

    def __init__(self, agent):
        super().__init__(agent)
        self.arms, self.places = Arms(), Places()
        self._lock = self.arms.lock
        self.known = {}  # id(code) -> weak reference: everything that has run and lives
        self.busy = []  # true while every line event is to be looked at
        self._stepping = {}  # ThreadState -> {id(code): code} armed for its step
        self.showing = {}  # ThreadState -> {(id(code), what): code} armed to show what its step's calls return
        self.holding = []  # true while hold() is on
        self.watching = watch_monitoring.Watching(self)
        self._callbacks = Callbacks(self)
        self.tool = self._scout = None
        self._taken = None  # the tool before the start; the main thread's then
        self._scouted = False  # a hold has found somebody
        self._entering = set()  # threads whose step goes into calls
        self._global = 0

    # -- life

    def catch_start(self, scope, caught):
        ident = _get_ident()
        tool = self._taken = self.take_tool(_monitoring.DEBUGGER_ID, "gantry")
        if tool is None:
            return False

        def on_start(code, offset):
            if code.co_filename.startswith(_OWN):
                return _monitoring.DISABLE
            if code.co_filename == "<string>" and _get_ident() == ident:
                try:
                    ours = sys._getframe(1).f_globals is scope
                except Exception:  # an audit hook: it cannot be known
                    code, ours = None, True
                if ours:
                    caught(code)
            return None
        try:
            _monitoring.register_callback(tool, _monitoring.events.PY_START, on_start)
            _monitoring.set_events(tool, _monitoring.events.PY_START)
        except Exception:  # an audit hook
            self.not_started()
            return False
        return True

    def catch_no_more(self, runs_next):
        if runs_next:
            self._global = _monitoring.events.PY_START  # which `start` would set
        else:
            self.not_started()

    def start(self):
        self._events = _monitoring.events
        if self._taken is None:
            self._taken = self.take_tool(_monitoring.DEBUGGER_ID, "gantry")
        tool = self._taken
        if tool is None:
            raise RuntimeError("all tool ids of sys.monitoring are taken: nothing can be debugged")
        self._scout = self.take_tool(4, "gantry scout")
        for event, function in self._callbacks.all():
            _monitoring.register_callback(tool, event, function)
        if self._scout is not None:
            enter = self._callbacks.on_enter()
            _monitoring.register_callback(self._scout, self._events.PY_START, enter)
            _monitoring.register_callback(self._scout, self._events.PY_RESUME, enter)
        self.tool, self._taken = tool, None
        self.arms.begin(tool)
        self._set_global()

    def not_started(self):
        tool, self._taken = self._taken, None
        if tool is not None:
            self._free(tool)
        if self.tool is None and self._scout is not None:
            self._free(self._scout)
            self._scout = None

    @staticmethod
    def take_tool(wanted, name):
        """The number of a free tool, this one if it is; None if all are taken."""
        for number in (wanted, 3, 4, 0, 1, 2, 5):
            try:
                _monitoring.use_tool_id(number, name)
                return number
            except ValueError:
                continue
        return None

    def shutdown(self):
        with self._lock:
            if self.tool is None:
                return
            for thread in list(self.showing):
                self.show_no_more(thread)
            tool, self.tool = self.tool, None
            _monitoring.set_events(tool, 0)
            self.arms.end()
            self._free(tool)
            if self._scout is not None:
                self._free(self._scout)

    @staticmethod
    def _free(tool):
        """Nothing is left of a tool."""
        _monitoring.set_events(tool, 0)
        for bit in range(24):
            try:
                _monitoring.register_callback(tool, 1 << bit, None)
            except Exception:
                pass  # no event of this Python, or an audit hook
        _monitoring.free_tool_id(tool)

    def _set_global(self):
        """PY_START always; exceptions only while somebody wants to know."""
        events, filters = self._events, self.agent.filters
        wanted = events.PY_START
        if filters.wants_raised or filters.wants_unwound:
            wanted |= events.RAISE
        if filters.wants_unwound or self.watching.codes:
            wanted |= events.PY_UNWIND
        if self.tool is not None and wanted != self._global:
            self._global = wanted
            _monitoring.set_events(self.tool, wanted)

    def filters_changed(self):
        if self.tool is not None:
            with self._lock:
                self._set_global()

    # -- breakpoints

    def breakpoints_changed(self):
        if self.tool is None:
            return
        self._place_all()
        # A callback that found nothing a moment ago may return DISABLE only now: look once more.
        self.agent.timers.add(0.05, self._place_all)

    def _place_all(self):
        with self._lock:
            if self.tool is None:
                return
            self.places.clear()
            for armed in self.arms.all():
                armed.spots = 0
            for code in self._living():
                spots = self.spots_of(code)
                if spots is not None:
                    self.place(code, spots, False)
            for armed in self.arms.all():
                self.arms.apply(armed, True)

    def _living(self):
        return [code for code in [known() for known in list(self.known.values())] if code is not None]

    def spots_of(self, code):
        """Asked once for each table: what holds nothing must not be kept alive by the table's cache."""
        spots = self.agent.table.spots_for(code)
        if spots is None:
            self.agent.table.forget(code)
        return spots

    def place(self, code, spots, apply=True):
        by_line, by_offset = self.places.put(code, spots)
        armed = self.arms.get(code)
        armed.spots = (self.arms.line_mask if by_line else 0) | (self.arms.offset_mask if by_offset else 0)
        if apply:
            self.arms.apply(armed, True)

    # -- data breakpoints

    def watch_changed(self):
        if self.tool is not None:
            with self._lock:
                self.watching.changed(self._living())
                self._set_global()

    def arm_watched(self, code, wanted):
        """Line and jump events for what may write to a watched place; under the lock."""
        armed = self.arms.get(code)
        armed.watched = wanted
        self.arms.apply(armed, True)

    # -- steps

    def arm_step(self, thread, frame, step):
        self.drop_step(thread)
        thread.step = step
        if step is None or self.tool is None:
            return
        with self._lock:
            self._stepping.setdefault(thread, {})
            for code in step.watched():
                self.arm_for_step(thread, code)
            if step.shows and step.has_room(sys.getrecursionlimit()):
                self.showing[thread] = {}
                self._show(thread, step.frame.f_code, "calls")
            if step.enters:
                self._entering.add(thread)
                self._set_scout()
        self._set_busy()

    def arm_for_step(self, thread, code):
        codes = self._stepping.setdefault(thread, {})
        with self._lock:
            if id(code) not in codes:
                codes[id(code)] = code
                armed = self.arms.get(code)
                armed.steps += 1
                self.arms.apply(armed, armed.steps == 1)

    def arm_for_value(self, thread, code):
        """A function is called in the frame that is stepped over."""
        if self._scout is not None:
            self._show(thread, code, "returns")

    def _show(self, thread, code, what):
        with self._lock:
            codes = self.showing.get(thread)
            if codes is not None and (id(code), what) not in codes:
                codes[id(code), what] = code
                self._count(code, what, 1)

    def show_no_more(self, thread):
        with self._lock:
            for (_, what), code in (self.showing.pop(thread, None) or {}).items():
                self._count(code, what, -1)

    def _count(self, code, what, change):
        armed = self.arms.get(code)
        before = getattr(armed, what)
        setattr(armed, what, before + change)
        self.arms.apply(armed)
        if what == "returns" and self.tool is not None and not (before and before + change):
            _monitoring.set_local_events(self._scout, code, self._events.PY_START if change > 0 else 0)

    def drop_step(self, thread):
        thread.step = None
        if thread not in self._stepping:
            return
        self.show_no_more(thread)
        with self._lock:
            for code in (self._stepping.pop(thread, None) or {}).values():
                armed = self.arms.get(code)
                armed.steps -= 1
                self.arms.apply(armed)
            if thread in self._entering:
                self._entering.discard(thread)
                self._set_scout()
        self._set_busy()

    def _set_scout(self):
        """Under the lock: calls are told of while a step goes into them, or threads are held."""
        events = self._events.PY_START | self._events.PY_RESUME if self._entering or self._scouted else 0
        if self._scout is not None and self.tool is not None and _monitoring.get_events(self._scout) != events:
            _monitoring.set_events(self._scout, events)

    def _set_busy(self):
        if self._stepping or self.holding:
            if not self.busy:
                self.busy.append(True)
        else:
            self.busy.clear()

    # -- holding

    def hold(self):
        if self.tool is None or self.holding:
            return
        own, mine = self.agent.threads.hidden, _get_ident()
        with self._lock:
            self.holding.append(True)
            others = [frame for ident, frame in _current_frames().items() if ident not in own and ident != mine]
            if not others:
                return
            self._set_busy()
            self._scouted = True
            self._set_scout()
            for frame in others:
                while frame is not None:
                    if not frame.f_code.co_filename.startswith(_OWN):
                        self.arms.hold(frame.f_code)
                    frame = frame.f_back

    def release(self):
        if self.tool is None or not self.holding:
            return
        with self._lock:
            self.holding.clear()
            if self._scouted:
                self._scouted = False
                self._set_scout()
            self.arms.release()
        self._set_busy()

    def jump(self, frame, line):
        private.part("jumping").jump(frame, line)


def make(agent):
    return MonitoringEngine(agent)
