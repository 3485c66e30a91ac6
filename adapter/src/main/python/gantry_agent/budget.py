"""Time limits for code of the target that the user asked to run: repr, properties, expressions.

`run` is called on the stopped thread. A watchdog, a raw thread of the agent with all signals blocked that is
started when it is first needed and sleeps when nothing runs, raises Interrupted in that thread when the time is up
or the request was cancelled. Only Python code can be interrupted: a call that stays in C ends when it wants to.
"""
import _thread
import time

from gantry_agent import private
from gantry_agent.private import sys

_allocate = _thread.allocate_lock
_get_ident = _thread.get_ident
_start = _thread.start_new_thread

try:
    from posix import getpid
except ImportError:
    from nt import getpid

POLL = 0.02          # seconds between two looks of the watchdog while something runs
LINGER = 25          # looks without a job until it sleeps: to wake it costs a switch of threads
AGAIN = 0.5          # seconds until a job that swallowed Interrupted is interrupted again


class Interrupted(BaseException):
    """Raised into code that took too long. Not an Exception, so that `except Exception` lets it pass."""


class TimedOut(Exception):
    """The job was interrupted. `cancelled` says whether the user asked for it."""

    def __init__(self, seconds, cancelled):
        Exception.__init__(self)
        self.seconds = seconds
        self.cancelled = cancelled


class Job:
    __slots__ = ('ident', 'until', 'done', 'firing', 'fired', 'cancelled', 'request')

    def __init__(self, ident, until, request):
        self.ident = ident
        self.until = until
        self.request = request
        self.done = self.firing = self.fired = self.cancelled = False


class Watchdog:
    """The running jobs, innermost last for each thread. Changed under the interpreter's lock alone: every change
    is one list or attribute operation, so that no lock can be waited for."""

    def __init__(self):
        self.jobs = []
        self.serving = {}         # thread ident -> number of the request it works on
        self.cancelled = set()    # requests cancelled before or while they run
        self.bell = _allocate()
        self.bell.acquire()
        self.asleep = True
        self.ident = None
        self.hide = None          # called with the ident of the watchdog's thread: it is not the target's
        self.starters = {}        # process -> the thread that starts its watchdog
        self.owner = None         # process that the watchdog thread lives in: after a fork it is gone

    def arm(self, job):
        self.jobs.append(job)
        if self.owner != getpid():
            self.start()
        elif self.asleep:
            self.asleep = False
            self.ring()

    def ring(self):
        try:
            self.bell.release()
        except RuntimeError:
            pass                  # it was ringing already

    def start(self):
        me, here = _get_ident(), getpid()
        if self.starters.setdefault(here, me) != me:
            return                # another thread is at it: its watchdog sees this job too
        before = block_signals()
        try:
            if self.owner == here:
                return            # another thread was at it
            if self.owner is not None:  # a fork: the threads of these are not here
                self.jobs[:] = [job for job in self.jobs if job.ident == me]
            self.owner = here
            self.bell = _allocate()
            self.bell.acquire()
            self.asleep = False
            self.ident = _start(self.watch, ())
        except RuntimeError:
            self.owner = None     # no thread to be had (at exit): without a limit then
        finally:
            self.starters.pop(here, None)
            restore_signals(before)

    def watch(self):
        self.ident = _get_ident()
        if self.hide is not None:
            self.hide(self.ident)
        idle = 0
        while True:
            try:
                self.look()
                idle = 0 if self.jobs else idle + 1
                if idle < LINGER:
                    self.bell.acquire(True, POLL)
                    continue
                self.asleep = True
                if not self.jobs:
                    self.bell.acquire()
                self.asleep = False
                idle = 0
            except Exception:
                if sys is None or time is None:
                    return        # the interpreter is going down

    def look(self):
        now = time.monotonic()
        for job in list(self.jobs):
            if job.done:
                continue          # settle() takes it out
            if job.request is not None and job.request in self.cancelled:
                job.cancelled = True
            if job.cancelled and not job.fired or job.until is not None and now >= job.until:
                self.fire(job, now)

    def fire(self, job, now):
        job.firing = True         # before `done` is read: settle() waits for it
        try:
            if not job.done and raise_in(job.ident, Interrupted):
                job.fired = True
        finally:
            job.until = now + AGAIN
            job.firing = False

    def settle(self, job):
        """Afterwards no Interrupted for this job is on its way any more. What a signal raised is raised then."""
        late = None
        while True:
            try:
                job.done = True
                while job.firing:
                    time.sleep(0)
                if job.fired:
                    raise_in(job.ident, None)
                if job in self.jobs:
                    self.jobs.remove(job)
                break
            except Interrupted:
                continue
            except BaseException as error:
                late = error
        if late is not None:
            raise late


watchdog = Watchdog()


def run(work, seconds=None):
    """Calls work() and returns what it returns; TimedOut when it was interrupted. On the stopped thread."""
    ident = _get_ident()
    until = None if seconds is None else time.monotonic() + seconds
    job = Job(ident, until, watchdog.serving.get(ident))
    started = time.monotonic()
    try:
        try:
            watchdog.arm(job)
            return work()
        finally:
            watchdog.settle(job)
    except Interrupted:
        watchdog.settle(job)
        raise TimedOut(time.monotonic() - started, job.cancelled) from None


def serve(request):
    """The calling thread begins to work on this request (None: it has ended): cancel() names requests."""
    ident = _get_ident()
    before = watchdog.serving.pop(ident, None)
    if before is not None:
        watchdog.cancelled.discard(before)
    if request is not None:
        watchdog.serving[ident] = request


def cancel(request):
    """Agent thread: interrupts what runs for this request. True when something does."""
    known = request in list(watchdog.serving.values())
    if known:
        watchdog.cancelled.add(request)
        watchdog.ring()
    return known


def lazily(name):
    """A module that only some requests need, or None where this Python was built without it."""
    try:
        return private.load(name)
    except Exception:
        return None


def raise_in(ident, kind):
    """Raises `kind` in that thread at its next bytecode, None takes it back. False where ctypes is missing."""
    ctypes = lazily('ctypes')
    if ctypes is None:
        return False
    what = None if kind is None else ctypes.py_object(kind)
    return ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), what) == 1


def block_signals():
    """Signals of the process are to interrupt the target's threads, never ours, which inherits this mask."""
    signal = sys.modules.get('_signal')
    mask = getattr(signal, 'pthread_sigmask', None)
    return mask and mask(signal.SIG_BLOCK, signal.valid_signals())


def restore_signals(before):
    if before is not None:
        signal = sys.modules['_signal']
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
