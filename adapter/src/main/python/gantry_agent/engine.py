"""What every engine offers to the rest of the agent, and which one a Python gets; chosen on the main thread at the start."""
import sys

from gantry_agent import private


def merged(one, other):
    """One hit of two: the first one's reason, everybody's ids."""
    if one is None or other is None:
        return other if one is None else one
    one.ids = list(one.ids) + [number for number in other.ids if number not in one.ids]
    return one


class Engine:
    """Does nothing: the base of the engines, and the one of a Python that has none. `unavailable`: why nothing is debugged, or None."""

    unavailable = "this Python has no engine of the agent"
    can_jump_now = False  # set right before stops.stop is called: whether `jump` will be possible in that stop

    def __init__(self, agent):
        self.agent = agent

    def start(self):
        """Main thread, right before the target's code runs."""

    def not_started(self):
        """Main thread: `start` has failed, or nothing comes to it."""

    def catch_start(self, scope, caught):
        """Before `start`: caught(code) is called when code with the globals `scope` is about to run on this thread, and may raise; until
        catch_no_more(). With None where it cannot be had. False where a trace function costs less, or nothing else can do it."""
        return False

    def catch_no_more(self, runs_next):
        """`runs_next`: nothing but `start` comes before the program."""

    def let_run(self):
        """The agent's thread, once: the target is about to run."""

    def breakpoints_changed(self):
        """table.generation has changed; the agent's thread or a stopped one."""

    def filters_changed(self):
        """Exception filters or what to do about SystemExit have changed."""

    def arm_step(self, thread, frame, step):
        """On the stopped thread, still inside the callback: from now on `step` decides (None: it just runs)."""
        thread.step = step

    def drop_step(self, thread):
        """Forgets the step of a thread that runs; any thread."""
        thread.step = None

    def hold(self):
        """Every thread is to call stops.checkpoint(frame) at its next line, until release(); any thread."""

    def release(self):
        """Undoes hold()."""

    def jump(self, frame, line):
        """On the stopped thread, top frame only: continues at `line`. ValueError with CPython's text."""
        raise ValueError("this Python cannot jump")

    def may_jump(self, stop):
        """Whether jump() may be called in this stop, on its thread."""
        return stop.can_jump

    def watch_changed(self):
        """Data breakpoints have changed."""

    def shutdown(self):
        """Disarms everything; may be called more than once, on any thread."""


def make(agent):
    """The engine of this Python."""
    if sys.version_info >= (3, 12):
        names = ("engine_monitoring",)
    elif sys.version_info >= (3, 11):
        names = ("engine_instrument", "engine_trace")
    else:
        names = ("engine_trace",)
    for name in names:
        try:
            module = private.part(name)
        except ImportError:
            continue
        return module.make(agent)
    return Engine(agent)
