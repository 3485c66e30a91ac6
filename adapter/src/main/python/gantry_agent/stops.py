"""Stopping and resuming: a stopped thread waits here, inside the engine's callback, and serves jobs.

`Stops.stop` and `Stops.checkpoint` run on the target's threads, `resume`, `pause`, `view` and `let_go` on the agent's. The
one lock is held for a few assignments only. Every wait is owned: by a Stop that the agent's thread resumes (or, at the end of the
channel, lets go).
"""
import _thread
import sys

from gantry_agent import locks
from gantry_agent.stepping import Step
from gantry_agent.waiting import Stop

_allocate = _thread.allocate_lock
_current_frames, _is_finalizing = sys._current_frames, sys.is_finalizing
_PATIENCE = 0.03  # how long a pause waits for the thread itself before it is shown where it is


def _is_on_stack(wanted, frame):
    while frame is not None and frame is not wanted:
        frame = frame.f_back
    return frame is not None


def importing(code):
    """Whether it is the interpreter's own code of import, which may hold the lock of all imports: nobody is stopped there."""
    return code.co_filename.startswith("<frozen importlib._bootstrap")


class Stops:
    """Who is stopped. `held`: every thread but the exempt ones is to wait at its next line."""

    def __init__(self, agent):
        self._agent = agent
        self.lock = self._lock = locks.Lock()
        self.held = self.silent = False
        self._pausing = None  # the thread that a pause wants to report
        self._arrived = _allocate()
        self._holding = False  # the engine's hold is armed
        self._standing = False  # the world is held and the client knows it
        self.current = None  # the stop that was reported last

    # -- on the target's threads

    def stop(self, frame, reason, description=None, text=None, hit_ids=(), exc=None, returned=None, trace=None, mode=None):
        """Reports the calling thread as stopped and blocks until it is resumed."""
        thread = self._agent.threads.refreshed()
        if self._runs_on(thread):
            return
        stop = Stop(thread, frame, reason, description, text, hit_ids, exc, returned, trace, mode)
        stop.can_jump = self._agent.engine.can_jump_now
        self._wait(thread, stop, True)

    def _runs_on(self, thread):
        """Whether a thread stops for nothing: also the agent's own, where a finalizer of the target may run, and everyone at the
        interpreter's end, when nobody is left to resume it."""
        return self.silent or thread.inside or thread.ident in self._agent.threads.hidden or _is_finalizing()

    def anybody(self):
        """Whether a thread is stopped, or is to."""
        return self.held or any(state.stopped is not None for state in self._agent.threads.states())

    def checkpoint(self, frame):
        """A line of any thread while the engine's hold is armed: waits if the world is stopped, does what was asked of the thread.

        True if the user has seen the thread stopped here: then this very line ends no step and hits no breakpoint any more.
        """
        thread = self._agent.threads.refreshed()
        if self._runs_on(thread) or importing(frame.f_code):
            return False
        asked = thread.asked
        if asked is not None and not (self.held and not thread.exempt and asked != "pause"):
            shown, thread.asked, thread.asked_in = thread.asked_in, None, None
            self._settle()
            if asked == "out" and _is_on_stack(shown, frame):
                self._agent.engine.arm_step(thread, shown, Step("out", shown, self._agent.files.is_user))
                return False
            self.stop(frame, "pause" if asked == "pause" else "step")
            return True
        elif self.held and not thread.exempt:
            stop = Stop(thread, frame, "pause")
            stop.can_jump = self._agent.engine.can_jump_now
            self._wait(thread, stop, False)
            return stop.reported or stop.step is not None
        return False

    def _wait(self, thread, stop, report):
        thread.inside = True
        late = None
        try:
            while True:
                place = self._entered(thread, stop, report)
                if place is None:  # the world went on in between
                    if stop.late is not None:
                        raise stop.late
                    return
                if place:
                    try:
                        self._announce(thread, stop)
                    except BaseException as error:
                        stop.remember(error, self._agent.trouble)
                stop.serve(self._agent.trouble)
                late = stop.late or late
                thread.stopped = None
                if stop.reported or not report or self.silent or not self._still_wanted(stop):
                    break
            if self.current is stop:
                self.current = None
            self._agent.looking.resumed(stop)
            self._agent.watches.resumed()
            if not self.silent:
                self._agent.engine.arm_step(thread, stop.frame, stop.step)
        except Exception as error:
            stop.remember(error, self._agent.trouble)
            late = stop.late or late
        finally:
            thread.inside = False
            stop.frame = stop.exc = stop.return_value = stop._trace = None
        if late is not None:
            raise late

    @staticmethod
    def _still_wanted(stop):
        """A thread that was held with a reason of its own tells it when the world goes on, unless that was a mere step."""
        return stop.reason not in ("step", "pause", "goto", "entry")

    def _entered(self, thread, stop, report):
        """As _enter. A signal handler that raises meanwhile must not leave the thread behind as one that is stopped."""
        while True:
            try:
                return self._enter(thread, stop, report)
            except BaseException as error:
                stop.remember(error, self._agent.trouble)
                if thread.stopped is stop:
                    return stop.reported
                if stop.late is not error:
                    return None

    def _enter(self, thread, stop, report):
        """True: this stop is the one to report; False: another thread was first, wait; None: nobody is stopped any more."""
        with self._lock:
            mine = self._pausing is thread
            if self.held and not thread.exempt and not mine:
                self._agent.threads.keep(thread)
                thread.stopped = stop
                return False
            if not report and not mine:
                return None
            if mine:
                self._pausing = None
            thread.exempt, thread.asked = False, None
            stop.reported = True
            self._agent.threads.keep(thread)
            thread.stopped = self.current = stop
            if self._agent.settings.stop_all:
                self.held = self._standing = True  # it will be told: a pause has nothing to do any more
        return True

    def _announce(self, thread, stop):
        if self._agent.settings.stop_all:
            self._hold()
        self._tell(thread, stop.reason, stop.description, stop.text, stop.hit_ids)
        self._agent.files.catalog.stopped()
        try:
            self._arrived.release()
        except RuntimeError:
            pass

    def _report(self, thread, stop, why=None):
        """Tells of a thread that has been held until now, by its own reason if it has one."""
        stop.reported, self.current = True, stop
        self._tell(thread, stop.reason, stop.description or why, stop.text, stop.hit_ids)

    def ended(self, thread):
        """A thread has ended; if it ran alone, the world stands and the client is told so."""
        if thread.asked is not None:
            thread.asked = None
            self._settle()
        with self._lock:
            states = self._agent.threads.states()
            if not self.held or self._standing or not thread.exempt or any(state.exempt for state in states):
                return
            waiting = [state for state in states if state.stopped is not None and self._still_wanted(state.stopped)]
            chosen = (waiting + [state for state in states if state.stopped is not None] + states)[:1]
        for state in chosen:
            why, stop = "%s has ended" % thread.name, state.stopped
            if stop is not None:
                self._report(state, stop, why)
            else:
                self._tell(state, "pause", why, "running native code")

    def _tell(self, thread, reason, description, text, hit_ids=()):
        body = {"reason": reason, "threadId": thread.id, "allThreadsStopped": bool(self._agent.settings.stop_all)}
        if description is not None:
            body["description"] = description
        if text is not None:
            body["text"] = text
        self._standing = self.held
        if hit_ids:
            body["hitBreakpointIds"] = list(hit_ids)
        self._agent.send_event("stopped", body)

    def _hold(self):
        if not self._holding:
            self._holding = True
            self._agent.threads.all()  # numbers in the order of start, not of arrival here
            self._agent.engine.hold()

    def _settle(self):
        """Disarms the engine's hold when nothing needs it any more."""
        if self._holding and not self.held and not any(state.asked for state in self._agent.threads.states()):
            self._holding = False
            self._agent.engine.release()

    def moved(self, stop, reason):
        """The stopped thread has jumped: it is stopped again, elsewhere."""
        stop.reason, stop.description, stop.text, stop.hit_ids, stop.exc, stop.return_value = reason, None, None, (), None, None
        self._tell(stop.thread, reason, None, None)

    # -- on the agent's thread

    def is_native(self, thread):
        """Whether a thread of the stopped world has not come to a line of Python yet."""
        return self.held and not thread.exempt and thread.stopped is None

    def view(self, thread):
        """The stop of a thread; of one that runs, a look at where it is."""
        stop = thread.stopped
        if stop is not None:
            return stop
        stop = Stop(thread, _current_frames().get(thread.ident), "pause")
        stop.native = True
        return stop

    def resume(self, thread, kind=None, single=False, make_step=None):
        """Lets `thread` go (with a step of that kind), and all others too unless `single`."""
        single = single or not self._agent.settings.stop_all and kind is not None
        going = []
        self._agent.looking.going()
        with self._lock:
            self._standing = False
            for state in self._agent.threads.states():
                if single and state is not thread:
                    continue
                state.exempt = single
                state.asked = None
                if state.stopped is not None:
                    going.append((state, state.stopped))
                    state.stopped = None  # from here on it runs, though it may not have woken up yet
                else:
                    if state is thread and kind is not None:
                        state.asked_in = self._shown(state) if kind == "out" else None
                        state.asked = kind
                    if kind is None and state.step is not None:
                        self._agent.engine.drop_step(state)
            if not single:
                self.held, self._pausing = False, None
        if thread.asked is not None:
            self._hold()
        else:
            self._settle()
        for state, stop in going:
            if kind is None:
                state.step = None
            stop.resume(make_step(stop) if make_step is not None and state is thread else None)

    def _shown(self, thread):
        """The topmost frame of the user's of a thread in native code."""
        for frame in self.view(thread).frames():
            if self._agent.files.is_user(frame.f_code):
                return frame
        return None

    def pause(self, thread):
        """Stops `thread` (and the world): at its next line, or shown where it is when it does not come to one at once.

        Nothing happens when the world stands already; a thread that runs alone is stopped too.
        """
        everybody = self._agent.settings.stop_all
        with self._lock:
            stop = thread.stopped
            if everybody and self.held:
                if self._standing:
                    return
                for state in self._agent.threads.states():
                    state.exempt = False
            elif stop is not None:
                return
            self._arrived.acquire(False)
            if stop is None and everybody:
                self.held, self._pausing = True, thread
            elif stop is None:
                thread.asked = "pause"
        self._hold()
        if stop is not None:
            return self._report(thread, stop)
        if self._arrived.acquire(True, _PATIENCE):
            return
        with self._lock:
            if thread.stopped is not None and thread.stopped.reported or everybody and self._pausing is not thread:
                return
            self._pausing = None
        self._tell(thread, "pause", "Paused in native code", "running native code")

    def let_go(self):
        """Resumes everybody for good."""
        self.silent = True
        with self._lock:
            self.held, self._pausing = False, None
        for state in self._agent.threads.states():
            state.asked = state.step = None
            stop, state.stopped = state.stopped, None  # a request that comes now is not its job any more
            if stop is not None:
                stop.resume()
