"""Which threads have a trace function of ours, for the engines that use sys.settrace (3.8 to 3.11). Any thread.

Other threads get it through tstates.py, new ones through threading's own variable. An exception that leaves a trace
function switches tracing off in its thread: `look`, on the agent's thread now and then, switches it on again, and finds
raw threads that have none and targets that trace themselves.
"""
import _thread
import sys

from gantry_agent import thread_hooks, tstates
from gantry_agent.threads import frames_of

_get_ident, _current_frames = _thread.get_ident, sys._current_frames
_OWN = "<gantry_agent"
_LOOK = 0.25  # seconds between two looks
_TAKEN = ("The program has set a trace function of its own (sys.settrace), as coverage tools do: breakpoints are not seen in "
          "that thread while it is set. Run without it, or with Python 3.11 or later, to debug.\n")


class Tracing:
    """`enter` is the global trace function; `local_of(code)` the one of frames of that code, or None; `generic` that of others."""

    def __init__(self, agent, enter, local_of, generic, ours):
        self._agent, self._enter, self._local_of, self._generic, self._ours = agent, enter, local_of, generic, ours
        self._previous = {}  # ident -> the target's trace function that ours stands in for during a step
        self._states = None
        self._held = []  # frames traced for a hold
        self._told = False

    def begin_looking(self, check):
        """From now on the agent's thread calls check() now and then, until the agent has ended."""
        def look():
            if self._agent.ended:
                return
            try:
                check()
            except Exception:
                self._agent.trouble("look")
            self._agent.timers.add(_LOOK, look)
        self._agent.timers.add(_LOOK, look)

    def _threads(self):
        """A private copy of ctypes is loaded only when another thread is to be traced."""
        if self._states is None:
            self._states = tstates.ThreadStates()
        return self._states

    # -- the calling thread

    def here(self):
        now = sys.gettrace()
        if now is not self._enter:
            if now is not None:
                self._previous[_get_ident()] = now
            sys.settrace(self._enter)

    def not_here(self, frame):
        """No event of ours any more, and nothing of ours in the thread's frames (before 3.10 such a frame tells a line that is
        not kept up without events)."""
        if sys.gettrace() is not self._enter:
            return
        ours = self._ours
        while frame is not None:
            if frame.f_trace in ours:
                frame.f_trace = None
            frame = frame.f_back
        sys.settrace(self._previous.pop(_get_ident(), None))

    # -- all threads

    def leave_frames(self):
        """Nothing of ours in any frame that runs now."""
        ours = self._ours
        for ident in list(_current_frames()):
            for frame in frames_of(ident):
                if frame.f_trace in ours:
                    frame.f_trace = None

    def here_or_there(self, ident):
        """A thread whose frames have their trace functions already."""
        if ident == _get_ident():
            self.here()
        else:
            self._threads().set_trace(ident, self._enter)

    def everywhere(self, every_frame=False, lines=False):
        """Every thread that can be traced is; also the frames that run now, if they hold something (or `lines`, or `every_frame`: those
        are forgotten by `release`). The threads first: a frame that begins meanwhile is told as a call, or found among those that run."""
        own, mine = self._agent.threads.hidden, _get_ident()
        others = [ident for ident in _current_frames() if ident not in own and ident != mine]
        traces = self._threads().traces() if others else {}
        reached = [ident for ident in others if self._reach(ident, traces.get(ident))]
        if not every_frame and mine not in own:
            self.here()
            reached.append(mine)
        for ident in reached:
            self._frames(ident, every_frame, lines)

    def _reach(self, ident, now):
        """Whether another thread, whose trace function's address is `now`, has ours from here on."""
        return now == id(self._enter) or now == 0 and self._states.set_trace(ident, self._enter)

    def new_threads(self, wanted):
        """Whether threads of `threading` begin with our trace function."""
        (thread_hooks.trace_new_threads if wanted else thread_hooks.leave_new_threads)(self._enter)

    def _frames(self, ident, every, lines):
        for frame in frames_of(ident):
            code = frame.f_code
            if not code.co_filename.startswith(_OWN):
                local, opcodes = self._local_of(code)
                if (frame.f_trace is None or not frame.f_trace_lines) and (local is not None or every or lines):
                    frame.f_trace = local or self._generic
                    frame.f_trace_lines = True
                    if every:
                        self._held.append(frame)
                if opcodes:
                    frame.f_trace_opcodes = True
        top = _current_frames().get(ident) if every else None
        if top is not None and not top.f_code.co_filename.startswith(_OWN):
            top.f_trace_opcodes = True  # a loop of one instruction has no other events
            self._held.append(top)

    def release(self, keep):
        """Frames that were traced for everywhere(every_frame=True) only are left alone again; `keep`: ids of those that are still wanted."""
        frames, self._held = self._held, []
        for frame in frames:
            frame.f_trace_opcodes = self._local_of(frame.f_code)[1]
            if frame.f_trace is self._generic and id(frame) not in keep:
                frame.f_trace = None

    def tell_taken(self):
        """Says once that a thread is traced by the target itself."""
        if self._told:
            return
        own, free = self._agent.threads.hidden, (0, id(self._enter))
        if any(ident not in own and now not in free for ident, now in self._threads().traces().items()):
            self._told = True
            self._agent.output(_TAKEN, "important")
