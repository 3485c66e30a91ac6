"""Which threads have a trace function of ours, for the engines that use sys.settrace (3.8 to 3.11). Any thread.

Other threads get it through tstates.py, new ones through threading's own variable. An exception that leaves a trace
function switches tracing off in its thread: `look`, on the agent's thread now and then, switches it on again, and finds
raw threads that have none and targets that trace themselves.
"""
import _thread
import sys

from gantry_agent import thread_hooks, tstates

_get_ident, _current_frames = _thread.get_ident, sys._current_frames
_OWN = "<gantry_agent"
_SUSPENDS = 0x2a0  # the code of a generator, a coroutine, an asynchronous generator
WALKS = 20  # at most along the frames of one thread
_LOOK = 0.25  # seconds between two looks
_TAKEN = ("The program has set a trace function of its own (sys.settrace), as coverage tools do: breakpoints are not seen in "
          "that thread while it is set. Run without it, or with Python 3.11 or later, to debug.\n")


def is_cut(last):
    """Whether a walk along the frames of a thread that runs has ended where a generator yielded meanwhile: `f_back` is lost then, and with
    it the callers. (Only a thread that was started with a generator's own method ends so by itself.)"""
    return last is not None and bool(last.f_code.co_flags & _SUSPENDS)


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
        for frame in _current_frames().values():
            while frame is not None:
                if frame.f_trace in ours:
                    frame.f_trace = None
                frame = frame.f_back

    def here_or_there(self, ident):
        """A thread whose frames have their trace functions already."""
        if ident == _get_ident():
            self.here()
        else:
            self._threads().set_trace(ident, self._enter)

    def everywhere(self, every_frame=False, lines=False):
        """Every thread that can be traced is; also the frames that run now, if they hold something (or `lines`, or `every_frame`: those
        are forgotten by `release`). The threads first: a frame that begins meanwhile is told as a call, or found among those that run."""
        own = self._agent.threads.hidden
        traces = self._threads().traces() if len(_current_frames()) > 1 else {}
        reached = [ident for ident in _current_frames() if ident not in own and self._reach(ident, every_frame, traces)]
        tops = _current_frames()
        for ident in reached:
            for _ in range(WALKS):
                if not is_cut(self._frames(tops.get(ident), every_frame, lines)):
                    break
                tops = _current_frames()

    def _reach(self, ident, others_only, traces):
        """Whether the thread has our trace function now."""
        if ident == _get_ident():
            if not others_only:
                self.here()
            return not others_only
        now = traces.get(ident)
        return now == id(self._enter) or now == 0 and self._states.set_trace(ident, self._enter)

    def new_threads(self, wanted):
        """Whether threads of `threading` begin with our trace function."""
        (thread_hooks.trace_new_threads if wanted else thread_hooks.leave_new_threads)(self._enter)

    def _frames(self, top, every, lines):
        """Returns the last frame."""
        frame, last = top, None
        while frame is not None:
            code, last = frame.f_code, frame
            if not code.co_filename.startswith(_OWN):
                local, opcodes = self._local_of(code)
                if (frame.f_trace is None or not frame.f_trace_lines) and (local is not None or every or lines):
                    frame.f_trace = local or self._generic
                    frame.f_trace_lines = True
                    if every:
                        self._held.append(frame)
                if opcodes:
                    frame.f_trace_opcodes = True
            frame = frame.f_back
        if every and top is not None and not top.f_code.co_filename.startswith(_OWN):
            top.f_trace_opcodes = True  # a loop of one instruction has no other events
            self._held.append(top)
        return last

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
