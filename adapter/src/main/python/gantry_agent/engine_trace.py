"""The engine of Python 3.8 to 3.10: sys.settrace. What is looked for, and so which threads and frames are traced. Any thread.

Nothing is traced while there is nothing to look for. trace_functions.py says what happens at an event, tracing.py how
threads get their trace function.
"""
import sys

from gantry_agent import private, thread_hooks
from gantry_agent.trace_functions import TraceFunctions
from gantry_agent.tracing import Tracing


class TraceEngine(TraceFunctions):
    unavailable = None

    def __init__(self, agent):
        super().__init__(agent)
        self._stepping = {}  # ThreadState -> frames traced for its step
        self._tracing = Tracing(agent, self._enter, self._local_of, self._generic.local, self._ours)
        self._uncaught = thread_hooks.Uncaught(self._thread_dies, agent.trouble)
        self._loading = thread_hooks.Loading(self._threading_is_loaded, agent.trouble)

    # -- life

    def let_run(self):
        self._tracing.begin_looking(self._look)

    def start(self):
        self._on = True
        self.breakpoints_changed()
        self.filters_changed()

    def shutdown(self):
        with self._lock:
            self._on = self._everywhere = False
            for place in list(self._places.values()):
                place.put(None)
            for flag in (self._busy, self._quick, self._holding, self._raising):
                del flag[:]
            self._stepping.clear()
            self._tracing.release(())
            self._tracing.new_threads(False)
            self._tracing.leave_frames()
            self._uncaught.remove()
            self._loading.remove()
            if sys.gettrace() is self._enter:
                sys.settrace(None)

    def _thread_dies(self):
        self.agent.threads.refreshed()
        self.agent.filters.uncaught_in_thread()

    def _watch_threading(self):
        """Threads of `threading` are traced, and looked at when they die, from the moment that it is loaded."""
        if self._wants_uncaught() and not self._uncaught.install() or self._everywhere:
            self._loading.install()

    def _threading_is_loaded(self):
        if self._on and self._wants_uncaught():
            self._uncaught.install()
        if self._on and self._traces_all():
            self._tracing.new_threads(True)

    def _look(self):
        """Agent's thread, now and then."""
        if not self._on:
            return
        with self._lock:
            if self._traces_all() or self._wants_uncaught():
                self._settle()
                self._tracing.tell_taken()

    def _on_again(self):
        """Main thread, behind the recursion limit."""
        if not self._on:
            return
        with self._lock:
            self._settle()
        if self._needed(self.agent.threads.current()):
            self._tracing.here()

    # -- what is looked for

    def _needed(self, thread):
        return self._traces_all() or bool(self._holding) or thread.step is not None or thread.asked is not None

    def _traces_all(self):
        return self._everywhere or bool(self._raising) or self._watching()

    def _wants_uncaught(self):
        return self.agent.filters.wants_uncaught

    def _set_busy(self):
        if self._stepping or self._holding or self._watching():
            if not self._busy:
                self._busy.append(True)
        else:
            del self._busy[:]
        self._quick[:] = [True] if self._is_quick() and not self._busy else []

    def _is_quick(self):
        return self._everywhere or bool(self._raising)

    def _settle(self):
        self._everywhere = self._traces_spots()
        self._set_busy()
        wanted = self._traces_all()
        self._watch_threading()
        self._tracing.new_threads(wanted or bool(self._holding))
        if wanted:
            self._again.later(self.agent.timers)
            self._tracing.everywhere(lines=bool(self._raising))

    def _traces_spots(self):
        """Whether breakpoints are to be seen by tracing."""
        table = self.agent.table
        return bool(getattr(table, "by_key", None) or getattr(table, "functions", None) or getattr(table, "_by_path", None))

    def breakpoints_changed(self):
        if not self._on:
            return
        with self._lock:
            self._forget_codes()
            self._put_places()
            self._settle()

    def _forget_codes(self):
        self._known.clear()
        self._plain.clear()

    def _put_places(self):
        for place in list(self._places.values()):
            place.put(self.agent.table.spots_for(place.code))

    def filters_changed(self):
        if not self._on:
            return
        filters = self.agent.filters
        with self._lock:
            del self._raising[:]
            if filters.wants_raised or filters.wants_unwound:
                self._raising.append(True)
            self._known.clear()  # justMyCode may have changed too
            self._settle()

    def watch_changed(self):
        if self._on:
            with self._lock:
                self._settle()

    # -- steps and holds

    def arm_step(self, thread, frame, step):
        self.drop_step(thread)
        thread.step = step
        if not self._on:
            return
        if step is None:
            if not self._needed(thread):
                self._tracing.not_here(frame)
            return
        with self._lock:
            frames = [one for one in [step.frame] + list(step.callers) if one is not None]
            for one in frames:
                if one.f_trace not in self._ours or one.f_trace in (self._catcher, self._returner):
                    one.f_trace = (self._places.get(id(one.f_code)) or self._generic).local
                    one.f_trace_lines = True
            self._stepping[thread] = frames
            self._set_busy()
        self._tracing.here()

    def drop_step(self, thread):
        thread.step = None
        with self._lock:
            for frame in self._stepping.pop(thread, ()):
                if frame.f_trace is self._generic.local and not self._holding and not self._raising:
                    frame.f_trace = None
            self._set_busy()

    def hold(self):
        if not self._on or self._holding:
            return
        with self._lock:
            self._holding.append(True)
            self._set_busy()
            self._tracing.new_threads(True)
            self._tracing.everywhere(every_frame=True)

    def release(self):
        if not self._holding:
            return
        with self._lock:
            del self._holding[:]
            keep = {id(frame) for frames in self._stepping.values() for frame in frames}
            self._tracing.release(keep)
            self._settle()

    def jump(self, frame, line):
        if frame.f_trace is None:
            frame.f_trace = self._generic.local  # CPython wants one
        private.part("jumping").jump(frame, line)


def make(agent):
    return TraceEngine(agent)
