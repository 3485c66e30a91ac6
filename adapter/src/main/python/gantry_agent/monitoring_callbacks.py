"""What the callbacks of sys.monitoring do; on the target's threads (and on the agent's, which is of no interest).

No event fires inside a callback. The functions hold what they use in closures: at exit the globals of modules may be None.
"""
import _thread
import _weakref
import sys

from gantry_agent.engine import merged
from gantry_agent.stepping import pauses_by_awaiting, yields_value

_monitoring = getattr(sys, "monitoring", None)
_getframe, _get_ident, _ref = sys._getframe, _thread.get_ident, _weakref.ref
_OWN = "<gantry_agent"


class Callbacks:
    """The functions that MonitoringEngine registers; they read its tables and report to the parts of the agent."""

    def __init__(self, engine):
        self._engine, self._agent = engine, engine.agent
        self._special = {}  # id(code) -> what is to be called at each of its starts
        self._ending = {}  # id(code) -> what is to be called when it returns

    def all(self):
        """[(event, function)] of the first tool."""
        events, jumped = _monitoring.events, self._on_jump()
        found = [(events.PY_START, self._on_start()), (events.LINE, self._on_line()), (events.INSTRUCTION, self._on_instruction()),
                 (events.PY_RETURN, self._on_return(False)), (events.PY_YIELD, self._on_return(True)), (events.RAISE, self._on_raise()),
                 (events.PY_UNWIND, self._on_unwind()), (events.CALL, self._on_call()), (events.JUMP, jumped)]
        for name in ("BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT"):
            if hasattr(events, name):
                found.append((getattr(events, name), jumped))
        return found

    def _on_start(self):
        known, special, disable, ident = self._engine.known, self._special, _monitoring.DISABLE, id
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
            if self._agent.passes("call"):
                raise

    def _first_time(self, code):
        if code.co_filename.startswith(_OWN):
            return
        key, known = id(code), self._engine.known
        known[key] = _ref(code, lambda _: known.pop(key, None))
        if self._engine.tool is None:
            return
        try:
            if code.co_name in ("_bootstrap", "invoke_excepthook"):
                self._thread_code(code)
            self._agent.table.on_code(code)
            spots = self._engine.spots_of(code)
            with self._engine.arms.lock:
                if spots is not None:
                    self._engine.place(code, spots)
                if self._engine.watching.wants(code):
                    self._engine.arm_watched(code, True)
        except BaseException as error:
            if not isinstance(error, Exception) or self._agent.passes("code seen"):
                known.pop(key, None)  # a signal handler has raised: the next call looks again
                raise

    def _on_line(self):
        lines, disable, busy, ident, getframe = self._engine.places.lines, _monitoring.DISABLE, self._engine.busy, id, _getframe
        watched, stopped_at = self._watched_line, self._spot_hit
        watching, quick = self._engine.watching.codes, self._engine.watching.quick()

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
        offsets, disable, ident, getframe = self._engine.places.offsets, _monitoring.DISABLE, id, _getframe
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
            agent = self._agent
            if _get_ident() in agent.threads.hidden:
                return
            self._engine.drop_step(agent.threads.current())
            self._engine.can_jump_now = can_jump
            agent.stops.stop(frame, hit.reason, hit.description, hit.text, hit.ids)
        except RecursionError:
            return None
        except Exception:
            if self._agent.passes("breakpoint"):
                raise

    def _watched_line(self, code, line, changed=None):
        """A line while steps or holds are about, or one before which a watched place has changed."""
        try:
            agent, frame = self._agent, _getframe(2)
            if self._engine.busy and self._engine.watching.codes:
                changed = self._engine.watching.line(frame, line) or changed
            if _get_ident() in agent.threads.hidden:
                return None
            thread = agent.threads.current()
            if self._engine.holding:
                self._engine.can_jump_now = True
                if agent.stops.checkpoint(frame) and changed is None:
                    return None
            spots = self._engine.places.lines.get(line)
            spot = spots.get(id(code)) if spots is not None else None
            hit = spot.hit(frame) if spot is not None else None
            shown = frame
            if changed is not None:
                hit, shown = merged(changed, hit), changed.frame
            step = thread.step
            if hit is not None or step is not None and step.at_line(frame):
                self._engine.drop_step(thread)
                self._engine.can_jump_now = shown is frame
                if hit is not None:
                    agent.stops.stop(shown, hit.reason, hit.description, hit.text, hit.ids)
                else:
                    agent.stops.stop(frame, step.reason, returned=step.values)
        except RecursionError:
            return None
        except Exception:
            if self._agent.passes("line"):
                raise
        return None

    def _on_jump(self):
        watching, jumped = self._engine.watching.codes, self._engine.watching.jumped

        def on_jump(code, offset, destination):
            try:
                frame = _getframe(1)
                if _get_ident() in self._agent.threads.hidden:
                    return
                if self._engine.holding:
                    self._engine.can_jump_now = False
                    self._agent.stops.checkpoint(frame)
                elif watching:
                    return jumped(code, offset, destination, frame)
            except Exception:
                if self._agent.passes("jump"):
                    raise
        return on_jump

    def _on_return(self, yields):
        showing = self._engine.showing

        def on_return(code, offset, value):
            try:
                frame = _getframe(1)
                if self._engine.watching.codes:
                    self._engine.watching.left(frame, not yields)
                if not yields and id(code) in self._ending:
                    return self._ending[id(code)]()
                thread = self._agent.threads.current()
                if showing:
                    self._told(thread)
                step = thread.step
                if step is None or yields and pauses_by_awaiting(code, value):
                    return
                before = step.frame
                if showing and not yields and step.shows:
                    step.returned(frame, value)
                if step.at_return(frame, yields_value(code, value) if yields else value):
                    self._engine.drop_step(thread)
                    self._engine.can_jump_now = False
                    self._agent.stops.stop(frame.f_back, step.reason, returned=step.values)
                elif step.frame is not before:
                    self._engine.drop_step(thread)
                    if step.frame is not None:
                        self._engine.arm_step(thread, step.frame, step)
            except Exception:
                if self._agent.passes("return"):
                    raise
        return on_return

    def _on_call(self):
        function, method, getframe = type(lambda: None), type(self._on_call), _getframe

        def on_call(code, offset, called, first):
            """In the code that is stepped over: what the step may show the value of."""
            try:
                thread = self._agent.threads.current()
                self._told(thread)
                if type(called) is method:
                    called = called.__func__
                step = thread.step
                if (type(called) is function and step is not None and step.shows and step.frame is getframe(1)
                        and step.may_show(called.__code__)):
                    self._engine.arm_for_value(thread, called.__code__)
            except Exception:
                if self._agent.passes("call"):
                    raise
        return on_call

    def _told(self, thread):
        """Counts what is told for the sake of the steps that show what is returned; what other threads do is on all their accounts."""
        showing = self._engine.showing
        for one in (thread,) if thread in showing else list(showing):
            step = one.step
            if step is not None and step.spent():
                self._engine.show_no_more(one)

    def _on_raise(self):
        filters, ident = self._agent.filters, id

        def on_raise(code, offset, error):
            try:
                if ident(type(error)) in filters.passing and ident(error) not in filters.told:
                    return
                if not code.co_filename.startswith(_OWN) and _get_ident() not in self._agent.threads.hidden:
                    self._engine.can_jump_now = False
                    self._agent.filters.raised(_getframe(1), error)
            except Exception:
                if self._agent.passes("raise"):
                    raise
        return on_raise

    def _on_unwind(self):
        def on_unwind(code, offset, error):
            try:
                if code.co_filename.startswith(_OWN) or _get_ident() in self._agent.threads.hidden:
                    return
                frame = _getframe(1)
                if self._engine.watching.codes:
                    self._engine.watching.left(frame, True)
                self._engine.can_jump_now = False
                self._agent.filters.unwound(frame, error)
            except Exception:
                if self._agent.passes("unwind"):
                    raise
        return on_unwind

    def on_enter(self):
        """The function of the scout: a call begins or a generator goes on, anywhere or in code that is armed for what it returns."""
        showing = self._engine.showing

        def entered(code, offset):
            if code.co_filename.startswith(_OWN):
                return
            try:
                threads = self._agent.threads
                if _get_ident() in threads.hidden:
                    return
                if self._engine.holding:
                    self._engine.arms.hold(code)
                thread = threads.current()
                if showing:
                    self._told(thread)
                step = thread.step
                if step is None:
                    return
                if step.at_entry(_getframe(1)):
                    self._engine.arm_for_step(thread, code)
                if showing and step.shows and not step.is_near(_getframe(1)):
                    self._engine.show_no_more(thread)
            except Exception:
                if self._agent.passes("call"):
                    raise
        return entered

    # -- threads of the target's `threading`

    def _thread_code(self, code):
        threading = sys.modules.get("threading")
        if threading is None or getattr(threading, "__file__", None) != code.co_filename:
            return
        events, agent = _monitoring.events, self._agent
        if code.co_name == "_bootstrap":
            self._special[id(code)] = lambda code, offset, frame: agent.threads.current()
            self._ending[id(code)] = lambda: agent.threads.exited(_get_ident())
            self._engine.arms.extra(code, events.PY_START | events.PY_RETURN)
        else:
            self._special[id(code)] = lambda code, offset, frame: agent.filters.uncaught_in_thread()
            self._engine.arms.extra(code, events.PY_START)
