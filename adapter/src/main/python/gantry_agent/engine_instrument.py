"""The engine of Python 3.11: calls inserted into the bytecode of the functions that hold breakpoints. On the target's threads and the agent's.

A hook that is to stop switches a trace function on for its thread: the stop is in the 'line' event that follows. Steps, holds
and exception filters trace as engine_trace.py does, and only as long as they last. Code is found where it is loaded (a call
put into importlib and runpy, and an audit hook once a breakpoint is in a file that nothing has loaded), and by a look through
all functions when the table changes. What runs already with code that lacks a hook is traced until it ends.
"""
import _thread
import sys

from gantry_agent import private
from gantry_agent.copies import Copies
from gantry_agent.engine_trace import TraceEngine
from gantry_agent.engine import merged
from gantry_agent.events import generator_types, is_suspended
from gantry_agent.objects import is_targets, looks
from gantry_agent.private import sys as real_sys
from gantry_agent.threads import frames_of

_get_ident, _getframe, _current_frames = _thread.get_ident, sys._getframe, sys._current_frames
_Code, _Function = type((lambda: 0).__code__), type(lambda: 0)
_OWN = "<gantry_agent"
_trace_of = BaseException.__traceback__


def _mend():
    """Inside the handler of an inserted call: the exception of a signal handler, without the agent's frames."""
    error = real_sys.exc_info()[1]
    trace = kept = _trace_of.__get__(error)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(_OWN):
            kept = trace.tb_next
        trace = trace.tb_next
    _trace_of.__set__(error, kept if kept is not _trace_of.__get__(error) else None)
    return error


class InstrumentEngine(TraceEngine):
    spots_by_trace = False

    def __init__(self, agent):
        self._inside = set()  # idents of threads in a hook
        self._pending = {}  # ident -> the hit that the next line event of the thread tells
        self._skips = {}  # ident -> (Box, id(frame)): was looked at in the line event already
        self._old = {}  # ident -> ids of its running frames whose code lacks a hook
        self._awaited = {}  # ident -> id of such code that is about to run
        self._suspended = []  # weak references to generators like that
        self._copies = Copies(agent, self._make_hook, _mend)
        self._audited, self._generators = False, None
        self._loaded_keys = set()  # keys of files that code was loaded from
        super().__init__(agent)
        self._stopper = self._make_stopper()
        self._ours.add(self._stopper)

    def start(self):
        self._hook_loaders()
        super().start()

    def original(self, code):
        """The code that was compiled, of which `code` may be an instrumented copy. Any thread."""
        return self._copies.original(code)

    def shutdown(self):
        self._copies.forget()
        self._old.clear()
        self._awaited.clear()
        super().shutdown()

    # -- the hooks

    def _make_hook(self, box):
        inside, skips, ident, getframe = self._inside, self._skips, _get_ident, _getframe
        main, stopping, internal = self.agent.threads.main, self._stop_soon, self._hook_failed

        def hook():
            spot = box.spot
            if spot is None:
                return False
            me = ident()
            if me in inside or main.inside and main.ident == me:
                return False
            frame = getframe(1)
            if skips and skips.pop(me, None) == (box, id(frame)):
                return False
            try:
                inside.add(me)  # not before the `try`: a signal handler may raise right behind this call
                hit = spot.hit(frame)
                return False if hit is None else stopping(me, frame, hit)
            except Exception:
                return internal()
            finally:
                inside.discard(me)
        return hook

    def _hook_failed(self):
        if self.agent.passes("hook"):
            raise  # inside the hook's except
        return False

    def _stop_soon(self, me, frame, hit):
        if not self._on or me in self.agent.threads.hidden or self.agent.threads.current().inside:
            return False
        self._pending[me] = frame, hit
        frame.f_trace = self._stopper
        frame.f_trace_lines = True  # the catcher of an exception filter does without
        self._tracing.here()
        return True

    def _make_stopper(self):
        interrupted, generic = self._interrupted, self._generic.local

        def stopper(frame, event, arg):
            try:
                frame.f_trace = generic
                pending = self._pending.pop(_get_ident(), None)
                if pending is not None and pending[0] is frame and event == "line":
                    self._stop_now(frame, pending[1])
                else:
                    generic(frame, event, arg)
            except BaseException:
                for _ in interrupted():
                    raise
        return stopper

    def _stop_now(self, frame, hit):
        changed = self.agent.watches.line(frame, frame.f_lineno) if self._watches(frame.f_code) else None
        self._spot_hit(frame if changed is None else changed.frame, merged(changed, hit), changed is None)

    def _hit_besides(self, frame, place):
        """The line event comes before the inserted call of the same line: a stop tells both, and the call then does nothing."""
        box = self._copies.box_at(frame.f_code, frame.f_lasti)
        if box is None or box.spot is None:
            return None
        self._skips[_get_ident()] = box, id(frame)
        return box.spot.hit(frame)

    def jump(self, frame, line):
        super().jump(frame, line)
        me = _get_ident()
        self._skips.pop(me, None)
        box = self._copies.box_at(frame.f_code, frame.f_lasti)
        if box is not None:
            self._skips[me] = box, id(frame)

    # -- what is traced nevertheless

    def _needed(self, thread):
        me = thread.ident
        return me in self._old or me in self._pending or me in self._awaited or super()._needed(thread)

    def _traces_spots(self):
        return bool(self._suspended)

    def _is_quick(self):
        return bool(self._old or self._awaited) or super()._is_quick()

    def _unhooked(self, code):
        """The spots that exactly this code object has no hook for."""
        original = self._copies.original(code)
        spots = self.agent.table.spots_for(original)
        if spots is None:
            self.agent.table.forget(original)
            return None
        keys = self._copies.keys(code)
        lines = {line: spot for line, spot in spots.lines.items() if ("line", line, getattr(spot, "starts", None)) not in keys}
        left = _Left(lines, spots.offsets if code is original else {}, None if ("entry",) in keys else spots.entry)
        return left if left.lines or left.offsets or left.entry else None

    def _placed(self, code):
        place = self._places.get(id(code))
        if place is None:
            spots = self._unhooked(code)
            if spots is None:
                return None
            with self._lock:
                place = self._places.setdefault(id(code), self._new_place(code))
                place.put(spots)
        return place if place.lines or place.offsets or place.entry else None

    def _put_places(self):
        for place in list(self._places.values()):
            place.put(self._unhooked(place.code))

    def _entered(self, frame, place):
        if place.lines or place.offsets or place.entry is not None:
            me = _get_ident()
            self._old.setdefault(me, set()).add(id(frame))
            if self._awaited.get(me) == id(frame.f_code):
                del self._awaited[me]
            self._set_busy()
        return super()._entered(frame, place)

    def _other(self, frame, event, arg, place):
        super()._other(frame, event, arg, place)
        if event == "return":
            me = _get_ident()
            frames = self._old.get(me)
            if frames is not None and id(frame) in frames:
                frames.discard(id(frame))
                if not frames:
                    del self._old[me]
                    self._set_busy()
                    if not self._needed(self.agent.threads.current()):
                        self._tracing.not_here(frame)

    def _look(self):
        if self._suspended:
            self._suspended = [one for one in self._suspended if is_suspended(one())]
            if not self._suspended:
                with self._lock:
                    self._settle()
        super()._look()

    def _watch_threading(self):
        if self._wants_uncaught():
            self._uncaught.install()  # or _loaded, when threading is loaded

    # -- code

    def breakpoints_changed(self):
        if not self._on:
            return
        with self._lock:
            self._copies.refresh()
            self._put_places()
            self._forget_codes()
            self._look_around()
            if not self._audited and self._wants_audit():
                self._audited = True
                real_sys.addaudithook(self._make_audit())
            self._settle()

    def _relevant(self, code):
        """Whether breakpoints may be in this code object or in what is nested in it."""
        table = self.agent.table
        if code.co_filename.startswith(_OWN):
            return False
        by_key = getattr(table, "by_key", None)
        if by_key is None or table.functions:
            return True
        key = self.agent.files.key_of(code)
        if key in by_key:
            self._loaded_keys.add(key)
            return True
        return self._copies.is_copy(code)

    def _look_around(self):
        """Everything that runs or will run, twice: what the target made during the first look is of code without hooks."""
        table = self.agent.table
        if getattr(table, "by_key", None) == {} and not table.functions and not self._copies.are_made():
            return self._look_at_frames()  # nothing is set and nothing was: a start need not look through 50,000 objects
        for objects in looks():
            self._look_at_objects(objects)
            self._look_at_frames()

    def _look_at_objects(self, objects):
        """Every function gets the code it is to run; generators that wait with code that lacks a hook are remembered."""
        answers, found = {}, []
        generators = self._generators = self._generators or generator_types()
        for thing in objects:
            kind = type(thing)
            if kind is _Function:
                code = thing.__code__
                name = code.co_filename
                known = answers.get(name)
                if known is None:
                    known = self._relevant(code)
                    if name[:1] != "<" and not known:
                        answers[name] = known
                if known and is_targets(thing):
                    found.append(thing)
            elif kind in generators:
                self._look_at_generator(thing, *generators[kind])
        found.sort(key=lambda function: function.__code__.co_name != "<module>")  # the main program first
        for function in found:
            self._look_at_function(function)

    def _look_at_function(self, function):
        code = function.__code__
        original = self._copies.original(code)
        if code.co_name == "<module>":
            self._copies.main.add(id(original))
        self.agent.table.on_code(original)
        wanted = self._copies.wanted(original)
        if wanted is not code:
            function.__code__ = wanted

    def _look_at_generator(self, generator, code_name, frame_name):
        code, frame = getattr(generator, code_name), getattr(generator, frame_name)
        if frame is not None and self._relevant(code) and self._look_at_code(code):
            self._suspended.append(private.load("_weakref").ref(generator))

    def _look_at_code(self, code):
        """Puts what is nested in place; the trace function's place, if this very code object lacks a hook."""
        self._copies.wanted(self._copies.original(code))
        return self._placed(code)

    def _look_at_frames(self):
        self._old.clear()
        own = self.agent.threads.hidden
        for ident in _current_frames():
            found = self._look_at_thread(ident) if ident not in own else None
            if found:
                self._old[ident] = found
                self._tracing.here_or_there(ident)

    def _look_at_thread(self, ident):
        """The ids of its frames whose code lacks a hook; they are traced as soon as the thread is."""
        found = set()
        for frame in frames_of(ident):
            if self._relevant(frame.f_code):
                place = self._look_at_code(frame.f_code)
                if place is not None:
                    found.add(id(frame))
                    if frame.f_trace is None or frame.f_trace is self._generic.local:
                        frame.f_trace = place.local
                    frame.f_trace_opcodes = bool(place.offsets)
        return found

    def _hook_loaders(self):
        """A call right before importlib and runpy run the code of a module."""
        loader = real_sys.modules["_frozen_importlib_external"]._LoaderBasics.exec_module
        functions = [(loader, -1)]
        runner = getattr(real_sys.modules.get("runpy"), "_run_code", None)
        if type(runner) is _Function:
            functions.append((runner, -2))
        private.part("loaders").hook(functions, self._module_loads, _mend)

    def _module_loads(self):
        try:
            frame = _getframe(1)
            code = frame.f_locals["code"]
            if self._on and type(code) is _Code:
                wanted = self._loaded(code)
                if wanted is not code:
                    self._copies.write_local(frame, "code", wanted)
        except Exception:
            if self.agent.passes("loading"):
                raise
        return False

    def _loaded(self, code):
        """The code to run instead of a module's."""
        with self._lock:
            self.agent.table.on_code(code)
            if code.co_filename.endswith("threading.py") and self._wants_uncaught():
                self._uncaught.install_in(code, self._copies.write)
            if not self._relevant(code):
                return code
            if self._copies.is_huge(code):
                self._await(code)
            return self._copies.wanted(code)

    def _await(self, code):
        """This thread is about to run code that lacks hooks: its lines are traced."""
        if self._look_at_code(code) is not None:
            self._awaited[_get_ident()] = id(code)
            self._set_busy()
            self._tracing.here()

    def _wants_audit(self):
        table = self.agent.table
        return bool(getattr(table, "functions", None)) or not self._loaded_keys.issuperset(getattr(table, "by_key", ()))

    def _make_audit(self):
        def audit(event, args):
            if event == "exec":
                self._executing(args[0])
        return audit

    def _executing(self, code):
        """exec is about to run a code object: it cannot be replaced, but what is nested in it can."""
        try:
            if not self._on or type(code) is not _Code or self._copies.is_copy(code) or not self._relevant(code):
                return
            if _getframe(2).f_code.co_filename.startswith(_OWN):
                return
            with self._lock:
                self.agent.table.on_code(code)
                self._await(code)
        except Exception:
            if self.agent.passes("exec"):
                raise


class _Left:
    """The part of a code object's spots that is seen by tracing."""

    def __init__(self, lines, offsets, entry):
        self.lines, self.offsets, self.entry = lines, offsets, entry


def make(agent):
    return InstrumentEngine(agent)
