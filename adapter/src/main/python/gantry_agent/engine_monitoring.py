"""The engine of Python 3.12 and later: sys.monitoring. Callbacks run on the target's threads, the rest on any.

Two tools: the first has local events on exactly the code objects that hold breakpoints, a step or a held frame, and a global PY_START that returns
DISABLE (it sees each code object once); the second, the scout, has a global PY_START|PY_RESUME while a step goes into calls or threads are held.
No event fires inside a callback. Callbacks hold what they use in closures: at exit the globals of modules may be None.
"""
import _thread
import sys

from gantry_agent import private, watch_monitoring
from gantry_agent.arming import Arms
from gantry_agent.engine import Engine
from gantry_agent.placing import Places, merged
from gantry_agent.stepping import pauses_by_awaiting, yields_value

_monitoring = getattr(sys, "monitoring", None)
_getframe, _current_frames, _get_ident = sys._getframe, sys._current_frames, _thread.get_ident
_OWN = "<gantry_agent"


class MonitoringEngine(Engine):
    unavailable = None

    def __init__(self, agent):
        super().__init__(agent)
        self._arms, self._places = Arms(), Places()
        self._lock = self._arms.lock
        self._known = {}  # id(code) -> code: everything that has run
        self._special = {}  # id(code) -> what is to be called at each of its starts
        self._ending = {}  # id(code) -> what is to be called when it returns
        self._busy = []  # true while every line event is to be looked at
        self._stepping = {}  # ThreadState -> {id(code): code} armed for its step
        self._holding = []  # true while hold() is on
        self._watching = watch_monitoring.Watching(self)
        self._tool = self._scout = None
        self._scouting = 0
        self._global = 0

    # -- life

    def start(self):
        events = self._events = _monitoring.events
        tool = self.take_tool(_monitoring.DEBUGGER_ID, "gantry")
        if tool is None:
            raise RuntimeError("all tool ids of sys.monitoring are taken: nothing can be debugged")
        self._scout = self.take_tool(4, "gantry scout")
        for event, function in self._callbacks():
            _monitoring.register_callback(tool, event, function)
        if self._scout is not None:
            enter = self._on_enter()
            _monitoring.register_callback(self._scout, events.PY_START, enter)
            _monitoring.register_callback(self._scout, events.PY_RESUME, enter)
        self._tool = tool
        self._arms.begin(tool)
        self._set_global()
        self._scout_more(0)

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
            tool, self._tool = self._tool, None
            if tool is None:
                return
            for number in (tool, self._scout):
                if number is not None:
                    _monitoring.set_events(number, 0)
            self._arms.end()
            for number in (tool, self._scout):
                if number is not None:
                    for bit in range(24):
                        try:
                            _monitoring.register_callback(number, 1 << bit, None)
                        except ValueError:
                            pass  # no event of this Python
                    _monitoring.free_tool_id(number)

    def _set_global(self):
        """PY_START always; exceptions only while somebody wants to know."""
        events, filters = self._events, self.agent.filters
        wanted = events.PY_START
        if filters.wants_raised:
            wanted |= events.RAISE
        if filters.wants_unwound or self._watching.codes:
            wanted |= events.PY_UNWIND
        if self._tool is not None and wanted != self._global:
            self._global = wanted
            _monitoring.set_events(self._tool, wanted)

    def filters_changed(self):
        if self._tool is not None:
            with self._lock:
                self._set_global()

    # -- callbacks

    def _callbacks(self):
        events, jumped = _monitoring.events, self._on_jump()
        found = [(events.PY_START, self._on_start()), (events.LINE, self._on_line()), (events.INSTRUCTION, self._on_instruction()),
                 (events.PY_RETURN, self._on_return(False)), (events.PY_YIELD, self._on_return(True)), (events.RAISE, self._on_raise()),
                 (events.PY_UNWIND, self._on_unwind()), (events.JUMP, jumped)]
        for name in ("BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT"):
            if hasattr(events, name):
                found.append((getattr(events, name), jumped))
        return found

    def _on_start(self):
        known, special, disable, ident = self._known, self._special, _monitoring.DISABLE, id
        first_time, called = self._first_time, self._called

        def on_start(code, offset):
            key = ident(code)
            if key not in known:
                first_time(code)
            if key in special:
                return called(special[key], code, offset)
            return disable
        return on_start

    def _called(self, function, code, offset):
        try:
            function(code, offset, _getframe(2))
        except Exception:
            if self.agent.passes("call"):
                raise

    def _first_time(self, code):
        self._known[id(code)] = code
        if self._tool is None or code.co_filename.startswith(_OWN):
            return
        try:
            if code.co_name in ("_bootstrap", "invoke_excepthook"):
                self._thread_code(code)
            self.agent.table.on_code(code)
            spots = self.agent.table.spots_for(code)
            with self._lock:
                if spots is not None:
                    self._place(code, spots)
                if self._watching.wants(code):
                    self.arm_watched(code, True)
        except Exception:
            if self.agent.passes("code seen"):
                raise

    def _on_line(self):
        lines, disable, busy, ident, getframe = self._places.lines, _monitoring.DISABLE, self._busy, id, _getframe
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
            try:
                hit = spot.hit(getframe(1))
            except RecursionError:
                return None  # no room for us: the target is about to get that error itself
            if hit is not None:
                stopped_at(getframe(1), hit, True)
        return on_line

    def _on_instruction(self):
        offsets, disable, ident, getframe = self._places.offsets, _monitoring.DISABLE, id, _getframe
        stopped_at = self._spot_hit

        def on_instruction(code, offset):
            spots = offsets.get(offset)
            if spots is None:
                return disable
            spot = spots.get(ident(code))
            if spot is None:
                return disable
            try:
                hit = spot.hit(getframe(1))
            except RecursionError:
                return None  # no room for us: the target is about to get that error itself
            if hit is not None:
                stopped_at(getframe(1), hit, False)
        return on_instruction

    def _spot_hit(self, frame, hit, can_jump):
        try:
            agent = self.agent
            if _get_ident() in agent.threads.hidden:
                return
            self.drop_step(agent.threads.current())
            self.can_jump_now = can_jump
            agent.stops.stop(frame, hit.reason, hit.description, hit.text, hit.ids)
        except RecursionError:
            return None
        except Exception:
            if self.agent.passes("breakpoint"):
                raise

    def _watched_line(self, code, line, changed=None):
        """A line while steps or holds are about, or one before which a watched place has changed."""
        try:
            agent, frame = self.agent, _getframe(2)
            if self._busy and self._watching.codes:
                changed = self._watching.line(frame, line) or changed
            if _get_ident() in agent.threads.hidden:
                return None
            thread = agent.threads.current()
            if self._holding:
                self.can_jump_now = True
                if agent.stops.checkpoint(frame):
                    return None
            spots = self._places.lines.get(line)
            spot = spots.get(id(code)) if spots is not None else None
            hit = spot.hit(frame) if spot is not None else None
            shown = frame
            if changed is not None:
                hit, shown = merged(changed, hit), changed.frame
            step = thread.step
            if hit is not None or step is not None and step.at_line(frame):
                self.drop_step(thread)
                self.can_jump_now = shown is frame
                if hit is not None:
                    agent.stops.stop(shown, hit.reason, hit.description, hit.text, hit.ids)
                else:
                    agent.stops.stop(frame, step.reason, returned=step.value)
        except RecursionError:
            return None
        except Exception:
            if self.agent.passes("line"):
                raise
        return None

    def _on_jump(self):
        watching, jumped = self._watching.codes, self._watching.jumped

        def on_jump(code, offset, destination):
            try:
                frame = _getframe(1)
                if _get_ident() in self.agent.threads.hidden:
                    return
                if self._holding:
                    self.can_jump_now = False
                    self.agent.stops.checkpoint(frame)
                elif watching:
                    return jumped(code, offset, destination, frame)
            except Exception:
                if self.agent.passes("jump"):
                    raise
        return on_jump

    def _on_return(self, yields):
        def on_return(code, offset, value):
            try:
                frame = _getframe(1)
                if self._watching.codes:
                    self._watching.left(frame, not yields)
                if not yields and id(code) in self._ending:
                    return self._ending[id(code)]()
                thread = self.agent.threads.current()
                step = thread.step
                if step is None or yields and pauses_by_awaiting(code, value):
                    return
                before = step.frame
                if step.at_return(frame, yields_value(code, value) if yields else value):
                    self.drop_step(thread)
                    self.can_jump_now = False
                    self.agent.stops.stop(frame.f_back, step.reason, returned=step.value)
                elif step.frame is not before:
                    self.drop_step(thread)
                    if step.frame is not None:
                        self.arm_step(thread, step.frame, step)
            except Exception:
                if self.agent.passes("return"):
                    raise
        return on_return

    def _on_raise(self):
        def on_raise(code, offset, error):
            try:
                if not code.co_filename.startswith(_OWN) and _get_ident() not in self.agent.threads.hidden:
                    self.can_jump_now = False
                    self.agent.filters.raised(_getframe(1), error)
            except Exception:
                if self.agent.passes("raise"):
                    raise
        return on_raise

    def _on_unwind(self):
        def on_unwind(code, offset, error):
            try:
                if code.co_filename.startswith(_OWN) or _get_ident() in self.agent.threads.hidden:
                    return
                frame = _getframe(1)
                if self._watching.codes:
                    self._watching.left(frame, True)
                self.can_jump_now = False
                self.agent.filters.unwound(frame, error)
            except Exception:
                if self.agent.passes("unwind"):
                    raise
        return on_unwind

    def _on_enter(self):
        def on_enter(code, offset):
            if code.co_filename.startswith(_OWN):
                return
            try:
                threads = self.agent.threads
                if _get_ident() in threads.hidden:
                    return
                if self._holding:
                    self._arms.hold(code)
                thread = threads.current()
                step = thread.step
                if step is not None and step.at_entry(_getframe(1)):
                    self._arm_for_step(thread, code)
            except Exception:
                if self.agent.passes("call"):
                    raise
        return on_enter

    # -- threads of the target's `threading`

    def _thread_code(self, code):
        threading = sys.modules.get("threading")
        if threading is None or getattr(threading, "__file__", None) != code.co_filename:
            return
        events, agent = self._events, self.agent
        if code.co_name == "_bootstrap":
            self._special[id(code)] = lambda code, offset, frame: agent.threads.current()
            self._ending[id(code)] = lambda: agent.threads.exited(_get_ident())
            self._arms.extra(code, events.PY_START | events.PY_RETURN)
        else:
            self._special[id(code)] = lambda code, offset, frame: agent.filters.uncaught_in_thread()
            self._arms.extra(code, events.PY_START)

    # -- breakpoints

    def breakpoints_changed(self):
        if self._tool is None:
            return
        self._place_all()
        # A callback that found nothing a moment ago may return DISABLE only now: look once more.
        self.agent.timers.add(0.05, self._place_all)

    def _place_all(self):
        with self._lock:
            if self._tool is None:
                return
            self._places.clear()
            for armed in self._arms.all():
                armed.spots = 0
            for code in list(self._known.values()):
                spots = self.agent.table.spots_for(code)
                if spots is not None:
                    self._place(code, spots, False)
            for armed in self._arms.all():
                self._arms.apply(armed, True)

    def _place(self, code, spots, apply=True):
        by_line, by_offset = self._places.put(code, spots)
        armed = self._arms.get(code)
        armed.spots = (self._arms.line_mask if by_line else 0) | (self._arms.offset_mask if by_offset else 0)
        if apply:
            self._arms.apply(armed, True)

    # -- data breakpoints

    def watch_changed(self):
        if self._tool is not None:
            with self._lock:
                self._watching.changed(list(self._known.values()))
                self._set_global()

    def arm_watched(self, code, wanted):
        """Line and jump events for what may write to a watched place; under the lock."""
        armed = self._arms.get(code)
        armed.watched = wanted
        self._arms.apply(armed, True)

    # -- steps

    def arm_step(self, thread, frame, step):
        thread.step = step
        if step is None or self._tool is None:
            return
        with self._lock:
            self._stepping.setdefault(thread, {})
            for code in step.watched():
                self._arm_for_step(thread, code)
            if step.enters:
                self._scout_more(1)
        self._set_busy()

    def _arm_for_step(self, thread, code):
        codes = self._stepping.setdefault(thread, {})
        with self._lock:
            if id(code) not in codes:
                codes[id(code)] = code
                armed = self._arms.get(code)
                armed.steps += 1
                self._arms.apply(armed, armed.steps == 1)

    def drop_step(self, thread):
        step, thread.step = thread.step, None
        if step is None and thread not in self._stepping:
            return
        with self._lock:
            for code in (self._stepping.pop(thread, None) or {}).values():
                armed = self._arms.get(code)
                armed.steps -= 1
                self._arms.apply(armed)
            if step is not None and step.enters:
                self._scout_more(-1)
        self._set_busy()

    def _scout_more(self, more):
        self._scouting = max(0, self._scouting + more)
        events = self._events.PY_START | self._events.PY_RESUME if self._scouting else 0
        if self._scout is not None and self._tool is not None and _monitoring.get_events(self._scout) != events:
            _monitoring.set_events(self._scout, events)

    def _set_busy(self):
        if self._stepping or self._holding:
            if not self._busy:
                self._busy.append(True)
        else:
            self._busy.clear()

    # -- holding

    def hold(self):
        if self._tool is None or self._holding:
            return
        own, mine = self.agent.threads.hidden, _get_ident()
        with self._lock:
            self._holding.append(True)
            others = [frame for ident, frame in _current_frames().items() if ident not in own and ident != mine]
            if not others:
                return
            self._set_busy()
            self._scout_more(1)
            self._scouted = True
            for frame in others:
                while frame is not None:
                    if not frame.f_code.co_filename.startswith(_OWN):
                        self._arms.hold(frame.f_code)
                    frame = frame.f_back

    def release(self):
        if self._tool is None or not self._holding:
            return
        with self._lock:
            self._holding.clear()
            if self._scouted:
                self._scouted = False
                self._scout_more(-1)
            self._arms.release()
        self._set_busy()

    _scouted = False

    def jump(self, frame, line):
        private.part("jumping").jump(frame, line)


def make(agent):
    return MonitoringEngine(agent)
