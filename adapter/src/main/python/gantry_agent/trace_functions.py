"""What happens at the events of sys.settrace (3.8 to 3.11): calls, lines, returns, exceptions. On the target's threads.

Two functions: `enter` is told of every call and answers at once for code that was seen before and does not need a look; a
`local` one is told of the lines of a frame that matters. No event fires inside a trace function. Which threads have them,
and when, is the business of engine_trace.py.
"""
import _thread
import _weakref
import sys

from gantry_agent import again, locks
from gantry_agent.engine import Engine, merged
from gantry_agent.events import ends_iteration, is_fresh, loops, yields
from gantry_agent.stepping import pauses_by_awaiting, yields_value

_OWN = "<gantry_agent"
_ref = _weakref.ref
_ONCE = (None,)
_NO_ROOM = ("maximum recursion depth exceeded",)  # as a call has it
_set_trace = BaseException.__traceback__.__set__
# Compared to see whether there is room on the stack, each pair of brackets takes some; where the limit is strict (3.9 on) also for what has
# to be done if there is not.
_LOW_ROOM = (((1,),), ((2,),)) if sys.version_info < (3, 9) else (((((1,),),),), ((((2,),),),))


class Place:
    """What is in one code object; kept, so that its id stays valid. `local` is the trace function of its frames, `first` the one
    of a new call with a function breakpoint."""

    __slots__ = ("code", "lines", "offsets", "entry", "local", "first")

    def __init__(self, code):
        self.code, self.lines, self.offsets, self.entry = code, {}, {}, None

    def put(self, spots):
        """Takes what is there now; running frames see it at once."""
        self.lines.clear()
        self.offsets.clear()
        self.entry = None
        if spots is not None:
            self.lines.update(spots.lines)
            self.offsets.update(spots.offsets)
            self.entry = getattr(spots, "entry", None)


class TraceFunctions(Engine):
    """The part of the engines that use sys.settrace which is called by the interpreter."""

    spots_by_trace = True  # False: breakpoints are hit by calls in the bytecode

    def __init__(self, agent):
        super().__init__(agent)
        self._lock = locks.Lock()
        self._places = {}  # id(code) -> Place
        self._plain = {}  # id(code) -> weak reference: all that was seen and holds nothing
        self._known = {}  # id(code) -> what `enter` answers while it is quick
        self._busy = []  # true while every event is to be looked at
        self._quick = []  # true while calls are answered from _known
        self._holding, self._raising = [], []
        self._excepted = {}  # ident -> (id(frame), f_lasti, exception) of the last exception event
        self._on = self._everywhere = False
        self._ours = set()
        self._generic = self._new_place(None)
        self._catcher = self._make_catcher()
        self._returner = self._make_returner()
        self._ours.update((self._catcher, self._returner))
        self._enter = self._make_enter()
        self._again = again.Again(self._on_again, self._enter)

    # -- the trace functions

    def _make_enter(self):
        known, quick, ident, call, interrupted = self._known, self._quick, id, self._call, self._interrupted
        one, other = _LOW_ROOM

        def enter(frame, event, arg):
            try:
                one == other  # fails near the recursion limit
                if quick:
                    try:
                        return known[ident(frame.f_code)]
                    except KeyError:
                        pass
                return call(frame)
            except BaseException:
                for _ in interrupted():
                    raise
        return enter

    def _new_place(self, code):
        place = Place(code)
        place.local, place.first = self._make_local(place), self._make_first(place)
        self._ours.update((place.local, place.first))
        return place

    def _make_local(self, place):
        lines, busy, interrupted = place.lines, self._busy, self._interrupted
        stopped, line_event, other = self._spot_hit, self._line, self._other

        def local(frame, event, arg):
            try:
                if event != "line":
                    other(frame, event, arg, place)
                elif busy:
                    line_event(frame, place, None)
                else:
                    spot = lines.get(frame.f_lineno)
                    if spot is not None:
                        hit = spot.hit(frame)
                        if hit is not None:
                            stopped(frame, hit, True)
            except BaseException:
                for _ in interrupted():
                    raise
        return local

    def _make_first(self, place):
        line_event, other, interrupted = self._line, self._other, self._interrupted

        def first(frame, event, arg):
            try:
                if event == "line":
                    frame.f_trace = place.local
                    line_event(frame, place, place.entry)
                else:
                    other(frame, event, arg, place)
            except BaseException:
                for _ in interrupted():
                    raise
        return first

    def _make_catcher(self):
        other, interrupted, filters, ident = self._other, self._interrupted, self.agent.filters, id

        def catcher(frame, event, arg):
            """Frames that matter for exceptions only: no lines."""
            try:
                if event == "line":
                    frame.f_trace_lines = False
                elif event == "exception":
                    if ident(arg[0]) not in filters.passing or ident(arg[1]) in filters.told:
                        other(frame, event, arg, self._generic)
                else:
                    frame.f_trace_lines = True  # it may only be suspended, and hold a breakpoint when it goes on
                    if filters.wants_unwound:
                        other(frame, event, arg, self._generic)
            except BaseException:
                for _ in interrupted():
                    raise
        return catcher

    def _make_returner(self):
        other, interrupted = self._other, self._interrupted

        def returner(frame, event, arg):
            """Frames of which a step shows the value: no lines."""
            try:
                if event == "line":
                    frame.f_trace_lines = False
                else:
                    frame.f_trace_lines = True  # it may only be suspended, and hold a breakpoint when it goes on
                    other(frame, event, arg, self._generic)
            except BaseException:
                for _ in interrupted():
                    raise
        return returner

    def _interrupted(self):
        """A signal handler has raised while a trace function ran: the exception goes on as one of the target's. What this returns is to be
        iterated over, and the exception raised meanwhile."""
        error = sys.exc_info()[1]
        error.__traceback__ = None
        if type(error) is RecursionError:
            error.__context__, error.args = None, _NO_ROOM  # ours: there was no room for us
            if self._again.words:
                return self._again.words.pop()
        return _ONCE

    def _call(self, frame):
        code = frame.f_code
        try:
            if code.co_filename.startswith(_OWN):
                return None
            key = id(code)
            place = self._places.get(key)
            if place is None and key not in self._plain:
                place = self._first_time(frame, code)
            self._learn(key, code, place)
            if self._busy:
                return self._busy_call(frame, place)
            if place is not None:
                return self._entered(frame, place)
            if self._raising and self._catches(code):
                return self._catcher
            if not self._quick and not self._needed(self.agent.threads.current()):
                self._tracing.not_here(frame)
        except Exception:
            if self.agent.passes("call"):
                raise
        return None

    def _learn(self, key, code, place):
        """What calls of this code are answered at once from now on, if that needs no look at the frame."""
        if place is None:
            self._known[key] = self._catcher if self._raising and self._catches(code) else None
        elif place.entry is None and not place.offsets and self.spots_by_trace:
            self._known[key] = place.local

    def _catches(self, code):
        return not self.agent.settings.just_my_code or self.agent.files.is_user(code)

    def _first_time(self, frame, code):
        place = None
        if self._on:
            self._code_is_new(code)
            place = self._placed(code)
        if place is None:
            self._remember(id(code), code, self._plain, self._known)
        return place

    @staticmethod
    def _remember(key, code, plain, known):
        """As long as the code lives: there are programs that make code all the time."""
        def forget(_):
            plain.pop(key, None)
            known.pop(key, None)
        plain[key] = _ref(code, forget)

    def _code_is_new(self, code):
        self.agent.table.on_code(code)

    def _placed(self, code):
        """The place of a code object if it holds a breakpoint."""
        place = self._places.get(id(code))
        if place is None:
            spots = self.agent.table.spots_for(code)
            if spots is None:
                self.agent.table.forget(code)
                return None
            with self._lock:
                place = self._places.setdefault(id(code), self._new_place(code))
                place.put(spots)
        return place

    def _local_of(self, code):
        """For Tracing: (the trace function of running frames of this code or None, whether they need opcode events)."""
        place = self._placed(code)
        if place is None:
            return self._generic.local if self._watches(code) else None, False
        return place.local, bool(place.offsets)

    def _entered(self, frame, place):
        if place.offsets:
            frame.f_trace_opcodes = True
        if place.entry is not None and is_fresh(frame):
            return place.first
        return place.local

    def _busy_call(self, frame, place):
        agent = self.agent
        thread = agent.threads.current()
        if thread.inside or thread.ident in agent.threads.hidden:
            return None
        wanted = self._holding or self._raising or thread.asked is not None
        if self._watches(frame.f_code):
            agent.watches.started(frame)
            wanted = True
        step = thread.step
        if step is not None and step.enters and step.at_entry(frame):
            wanted = True
        if place is not None:
            return self._entered(frame, place)
        if wanted:
            return self._generic.local
        if step is not None and step.frame is frame.f_back and step.shows and step.may_show(frame.f_code) and not step.spent():
            return self._returner
        if not self._needed(thread):
            self._tracing.not_here(frame)
        return None

    def _spot_hit(self, frame, hit, can_jump):
        try:
            self.drop_step(self.agent.threads.refreshed())
            self.can_jump_now = can_jump
            self.agent.stops.stop(frame, hit.reason, hit.description, hit.text, hit.ids)
        except Exception:
            if self.agent.passes("breakpoint"):
                raise

    def _line(self, frame, place, entry):
        """A line while steps, holds, watches or exceptions are looked for, or the first one of a function breakpoint."""
        thread = self.agent.threads.current()
        if thread.inside or thread.ident in self.agent.threads.hidden:
            return
        try:
            self._line_of(thread, frame, place, entry)
        except Exception:
            if self.agent.passes("line"):
                raise

    def _line_of(self, thread, frame, place, entry):
        agent = self.agent
        self._excepted.pop(thread.ident, None)
        self.can_jump_now = True
        # A change is claimed first of all: while this thread is held another one would take it for its own.
        changed = agent.watches.line(frame, frame.f_lineno) if self._watches(frame.f_code) else None
        if self._holding or thread.asked is not None:
            if agent.stops.checkpoint(frame) and changed is None:
                return
        hit, shown = self._hit(frame, place, entry), frame
        if changed is not None:
            hit, shown = merged(changed, hit), changed.frame
        step = thread.step
        ends = step is not None and step.at_line(frame)
        if hit is not None or ends:
            hit = merged(hit, self._hit_besides(frame, place))
            self.drop_step(thread)
            self.can_jump_now = shown is frame
            if hit is not None:
                agent.stops.stop(shown, hit.reason, hit.description, hit.text, hit.ids)
            else:
                agent.stops.stop(frame, step.reason, returned=step.values)
        elif not self._needed(thread):
            self._tracing.not_here(frame)

    def _hit(self, frame, place, entry):
        spot = place.lines.get(frame.f_lineno)
        hit = entry.hit(frame) if entry is not None else None
        return merged(hit, spot.hit(frame)) if spot is not None else hit

    def _hit_besides(self, frame, place):
        """What else is hit at a line where the thread stops anyhow (for an engine whose breakpoints are no trace events)."""
        return None

    def _other(self, frame, event, arg, place):
        agent = self.agent
        thread = agent.threads.current()
        if thread.inside or thread.ident in agent.threads.hidden:
            return
        try:
            if event == "opcode":
                self._opcode(thread, frame, place)
            elif event == "return":
                self._return(thread, frame, arg)
            elif event == "exception" and (self._busy or self._raising):
                self._exception(thread, frame, arg[1], arg[2])
        except Exception:
            if agent.passes(event):
                raise

    def _opcode(self, thread, frame, place):
        spot = place.offsets.get(frame.f_lasti)
        hit = spot.hit(frame) if spot is not None else None
        self.can_jump_now = False
        if self._holding and (thread.asked in (None, "pause") or loops(frame)):  # a step waits for the next line
            self.agent.stops.checkpoint(frame)
        if hit is not None:
            self._spot_hit(frame, hit, False)

    def _exception(self, thread, frame, error, trace):
        self._excepted[thread.ident] = (id(frame), frame.f_lasti, error if self._raising else None)
        if self._raising and not (isinstance(error, StopIteration) and ends_iteration(frame)):
            if isinstance(error, BaseException):
                _set_trace(error, trace)  # as the interpreter will when somebody catches it
            self.can_jump_now = False
            self.agent.filters.raised(frame, error)

    def _return(self, thread, frame, value):
        agent, excepted = self.agent, self._excepted.pop(thread.ident, None)
        unwinding = value is None and excepted is not None and excepted[:2] == (id(frame), frame.f_lasti)
        yielding = not unwinding and yields(frame)
        if self._watches(frame.f_code):
            self._data_hit(thread, agent.watches.left(frame, frame.f_lineno, not yielding))
        step = thread.step
        if unwinding:
            if self._raising:
                self.can_jump_now = False
                agent.filters.unwound(frame, excepted[2])
            if step is not None and step.entered is frame:
                step.entered = None
        elif step is not None and not (yielding and pauses_by_awaiting(frame.f_code, value)):
            if not yielding and step.shows:
                step.returned(frame, value)
            self._step_leaves(thread, step, frame, yields_value(frame.f_code, value) if yielding else value)

    def _step_leaves(self, thread, step, frame, value):
        before = step.frame
        if step.at_return(frame, value):
            self.drop_step(thread)
            self.can_jump_now = False
            self.agent.stops.stop(frame.f_back, step.reason, returned=step.values)
        elif step.frame is not before:
            self.drop_step(thread)
            if step.frame is not None:
                self.arm_step(thread, step.frame, step)

    def _data_hit(self, thread, hit):
        if hit is not None:
            self.drop_step(thread)
            self.can_jump_now = False
            self.agent.stops.stop(hit.frame, hit.reason, hit.description, hit.text, hit.ids)

    def _watching(self):
        watches = self.agent.watches
        return watches is not None and watches.active

    def _watches(self, code):
        """Whether code may write what a data breakpoint is on."""
        return self._watching() and self.agent.watches.wants(code)
