"""The agent: what holds its parts together, and the thread that reads the channel.

`main` runs on the main thread before the target's code; `Agent.serve` is the agent's thread (raw, all signals blocked). Nothing here
raises into the target.
"""
import _signal
import _thread
import os
import sys
import time

from gantry_agent import maincode, private, wire
from gantry_agent.hook import install as install_hook
from gantry_agent.settings import Settings
from gantry_agent.stepping import Step
from gantry_agent.stops import Stops
from gantry_agent.threads import Threads

agent = None  # the one instance
_monotonic = time.monotonic
_OURS = "<gantry_agent", "<frozen "  # innermost in what is our own trouble
_LATER = {"looking": ("looking", "Looking"), "targets": ("targets", "Targets"), "tasks": ("tasks", "Tasks"),
          "inorder": ("inorder", "InOrder"), "calm": ("calm", "Calm")}


class _NoWatches:
    """There are no data breakpoints yet."""

    active = False
    passed = {}
    by_debugger = staticmethod(lambda function: function())
    wants = staticmethod(lambda code: False)
    resumed = started = line = left = jumped = staticmethod(lambda *_: None)


class Agent:
    """Everything that the parts need of each other; see the attributes."""

    def __init__(self, descriptor):
        self.channel = wire.Channel(descriptor)
        self.settings = Settings()
        self.timers = Timers(self)
        self.threads = Threads(self)
        self.stops = Stops(self)
        from gantry_agent import breakpoints, engine, files, filters, requests
        self._last_id = 0
        self.watches = _NoWatches
        self.files = files.Files(self)
        self.table = breakpoints.Table(self)
        self.filters = filters.Filters(self)
        self.engine = engine.make(self)
        self.requests = requests.Requests(self)
        self.pid = os.getpid()
        self.ended = False
        self.working = _thread.allocate_lock()  # held by the agent's thread but for its waits; see ending.py
        self._run = _thread.allocate_lock()
        self._run.acquire()

    def __getattr__(self, name):
        """What _LATER names: made when they are first needed, mostly by complete()."""
        if name not in _LATER:
            raise AttributeError(name)
        module, kind = _LATER[name]
        return self.__dict__.setdefault(name, getattr(private.part(module), kind)(self))

    def complete(self):
        """The agent's thread, before the first request that looks at anything: loads all that the start has left out. No part may be
        loaded on a thread that is stopped deep in a recursion."""
        wire.quicken()
        with self.calm:  # the lock of all loading is held, and a thread of the target may wait for it
            private.finish()
        for name in _LATER:
            getattr(self, name)
        watches = private.part("watch").Watches(self)
        watches.passed = self.watches.passed  # callbacks of the engine hold it already
        self.watches = watches

    # -- any thread

    @property
    def budget(self):
        """The part that limits the time of the user's code, loaded at the first stop."""
        try:
            return private.part("budget")
        except ImportError:
            return None

    def next_breakpoint_id(self):
        """Numbers of breakpoints of all kinds come from here. The agent's thread."""
        self._last_id += 1
        return self._last_id

    def send_event(self, name, body=None):
        """Sends an event to the adapter."""
        self.channel.send({"type": "event", "event": name, "body": {} if body is None else body})

    def output(self, text, category="console", **more):
        """An `output` event."""
        body = {"category": category, "output": text}
        body.update(more)
        self.send_event("output", body)

    def trouble(self, where):
        """Inside `except`: an internal error becomes a line of the adapter's log. Never raises."""
        try:
            kind, error, trace = sys.exc_info()
            places = []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append("%s:%d in %s" % (code.co_filename, trace.tb_lineno, code.co_name))
                trace = trace.tb_next
            self.send_event("gantryAgent/trouble", {"text": "%s: %s: %s\n  %s" % (
                where, getattr(kind, "__name__", kind), error, "\n  ".join(places))})
        except Exception:
            pass

    def passes(self, where):
        """Inside `except Exception` at a border to the target: True if a signal handler of the target has raised it, who must get it.
        Everything else is our own trouble. Never raises."""
        trace = sys.exc_info()[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is not None and not trace.tb_frame.f_code.co_filename.startswith(_OURS):
            return True
        self.trouble(where)
        return False

    # -- the main thread

    def wait_for_run(self):
        """Returns when the adapter has sent `run`; ends the process if an interrupt comes before it."""
        try:
            self._run.acquire()
        except KeyboardInterrupt:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
            os.kill(os.getpid(), _signal.SIGINT)
            raise

    def begin(self):
        """Right before the target's first line: from here on it can stop. Never raises."""
        try:
            private.read_rest()  # before anything can stop: the target may take the file away
            self.timers.prepare(self.channel)
            self.engine.start()  # each function that runs from now on for the first time is looked at
            if not self.ended and not self.engine.unavailable:
                install_hook(self)
                if self.settings.stop_on_entry:
                    self.engine.arm_step(self.threads.main, None, Step("entry", None, self.files.is_user))
            if self.ended:  # let go meanwhile
                self.engine.shutdown()
        except Exception as error:
            self.engine.not_started()
            self.trouble("start")
            self.output("Nothing can be debugged: %s.\n" % (error,), "important")
        finally:
            private.start_is_over()

    def main_uncaught(self, exc):
        """run.py: an exception has left the target's main module; stops post-mortem if the filters say so. Never raises."""
        try:
            self.filters.uncaught(exc)
        except Exception:
            self.trouble("uncaught")

    # -- the agent's thread

    def let_run(self):
        maincode.close()
        try:
            if not self.ended:
                self.engine.let_run()
        except Exception:
            self.trouble("start")
        try:
            self._run.release()
            private.read_rest()  # while the main thread does the rest of the start
        except Exception:
            pass  # released before; or not to be read, which `begin` tells

    def let_go(self):
        """Nothing stops from now on; who waits goes on."""
        if self.ended:
            return
        self.ended = True
        try:
            self.stops.silent = True
            self.engine.shutdown()
        except Exception:
            self.trouble("letting go")
        self.stops.let_go()
        self.let_run()

    def start_serving(self):
        """Starts the agent's thread with all signals blocked: they go to the target's threads."""
        mask = getattr(_signal, "pthread_sigmask", None)
        before = mask(_signal.SIG_BLOCK, _signal.valid_signals()) if mask else None
        try:
            _thread.start_new_thread(self.serve, ())
        finally:
            if mask:
                mask(_signal.SIG_SETMASK, before)

    def calmly(self, work):
        """Calls work() on the agent's thread, which is not at rest then. While the target is stopped no garbage is collected meanwhile: a
        finalizer or a weak reference's callback of the target would run here, and wait for a lock that a stopped thread holds."""
        with self.working:
            if not self.stops.anybody():
                work()
                return
            with self.calm:
                work()

    def serve(self):
        """Reads requests until the channel ends; then the adapter is gone and the target is let go."""
        self.threads.hidden.add(_thread.get_ident())
        while True:
            try:
                self.timers.wait(self.channel)
                if not self.channel.arrived():
                    break
                self.calmly(lambda: self.requests.take(self.channel.receive()))
            except Exception:
                self.trouble("agent thread")
        self.channel.closed = True
        with self.working:
            self.let_go()


class Timers:
    """Calls of the agent's thread at a later time. `add` from any thread: another's is seen with the next request."""

    def __init__(self, agent):
        self._agent = agent
        self._entries = []
        self.resting = False  # at the end nothing is due any more
        self._poll = None

    def add(self, seconds, function):
        """Has the agent's thread call `function()` in `seconds`; returns what `cancel` takes."""
        entry = [_monotonic() + seconds, function]
        self._entries.append(entry)
        return entry

    def cancel(self, entry):
        entry[1] = None
        try:
            self._entries.remove(entry)
        except ValueError:
            pass  # it is due just now

    def wait(self, channel):
        """Returns when the channel has something to read; calls what is due until then."""
        while self._entries and not self.resting and not channel.waiting():
            now = _monotonic()
            for entry in list(self._entries):
                function = entry[1]
                if function is None or entry[0] <= now:
                    self.cancel(entry)
                    if function is not None:
                        self._agent.calmly(function)
            if not self._entries:
                return
            entry = function = None  # what they hold may be the target's
            next_time = min([entry[0] for entry in self._entries] or [now])
            if self._ready(channel, max(0.0, next_time - now)):
                return

    def prepare(self, channel):
        """The main thread, before the target's first line: what a wait with a limit takes may stand in a file, whose descriptor must not
        be among the target's."""
        if self._entries and self._poll is None:
            self._poll = _poll_function(channel)

    def _ready(self, channel, seconds):
        if self._poll is None:
            self._poll = _poll_function(channel)
        return self._poll(seconds)


def _poll_function(channel):
    select = private.load("select")
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(channel.fileno(), select.POLLIN)
        return lambda seconds: poll.poll(int(seconds * 1000) + 1)
    return lambda seconds: select.select([channel.fileno()], [], [], seconds)[0]


def _hello(agent):
    why = agent.engine.unavailable
    body = {"pid": agent.pid, "python": "%d.%d.%d" % sys.version_info[:3], "implementation": sys.implementation.name,
            "executable": sys.executable, "debugging": why is None}
    if why is not None:
        body["why"] = why
    agent.send_event("hello", body)


def main(descriptor, kind, argv):
    """Everything from the first line of the agent to the end of the target."""
    global agent
    from gantry_agent import ending, fork, run
    agent = Agent(fork.out_of_the_way(descriptor))
    maincode.use(agent.engine)
    agent.files.set_program(kind, argv[0])
    _hello(agent)
    agent.start_serving()
    agent.wait_for_run()
    fork.install(agent)
    end = ending.Ending(agent)
    end.install()
    run.run(kind, argv[0], argv[1:], agent.begin, end.main_is_over)
