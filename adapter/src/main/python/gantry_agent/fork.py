"""What keeps the agent out of the sight of a target that forks: the hooks run on the thread that forks, in both processes.

The child goes on undebugged: events disarmed, the channel closed (the parent's stays open), nobody waits.
Since 3.12 a fork warns when the process has more than one thread, which the agent's alone would cause. It looks at
/proc/self/stat, before (3.12) or after (3.13) the parent's hooks run. So the hook before the fork puts a filter in front
of all others, and one-shot events on the code of the calling frames take it away before the target runs on.
"""
import _thread
import os

from gantry_agent import locks, private

sys = private.sys
_HIGH = 255  # below what select() can take; the kernel's table of descriptors stays small
_OWN = "<gantry_agent"
_fresh = {type(_thread.allocate_lock()): _thread.allocate_lock, locks.Lock: locks.Lock}


def out_of_the_way(descriptor):
    """Moves the channel to a high number, not inheritable: the target's own files get the numbers they would have got."""
    if os.name != "posix":
        return descriptor
    os.set_inheritable(descriptor, False)
    try:
        number = min(_HIGH, os.sysconf("SC_OPEN_MAX") - 1)
        while number > max(descriptor, 2) and _is_open(number):
            number -= 1
        if number > max(descriptor, 2):
            os.dup2(descriptor, number, inheritable=False)
            os.close(descriptor)
            return number
    except (OSError, ValueError):
        pass
    return descriptor


def _is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False


def install(agent):
    """Registers the hooks; on the main thread, once, before any of the target's."""
    if not hasattr(os, "register_at_fork"):
        return
    descriptor, close = agent.channel.fileno(), os.close

    warns = sys.version_info >= (3, 12) and os.path.exists("/proc/self/stat")
    quiet = _Quiet(agent) if warns else None

    def in_child():
        try:
            agent.ended = agent.channel.closed = True
            if warns:
                quiet.end()
            close(descriptor)
            _let_child_go(agent)
        except Exception:
            pass

    if warns:
        os.register_at_fork(before=quiet.begin, after_in_child=in_child)
    else:
        os.register_at_fork(after_in_child=in_child)


def _let_child_go(agent):
    private.forked()
    # Another thread may have held any of the agent's locks at that moment; it is not here to release it. Each is held
    # for single assignments, so what it guards is whole.
    for thing in (agent.stops, agent.engine, agent.table, agent.files, agent.__dict__.get("looking"), agent.threads):
        _renew(thing, 2)  # `looking` is not loaded for this
    agent.threads.forget_others()
    if "calm" in agent.__dict__:
        agent.calm.over()
    agent.stops.silent = True
    try:
        agent.engine.shutdown()
    finally:
        agent.stops.let_go()


def _renew(thing, depth):
    fields = getattr(thing, "__dict__", None)
    if fields is None:
        return
    for name, value in list(fields.items()):
        if type(value) in _fresh:
            fields[name] = _fresh[type(value)]()
        elif depth > 1 and type(value).__module__.startswith("gantry_agent") and name != "agent" and name != "_agent":
            _renew(value, depth - 1)


class _Quiet:
    """The filter against the warning about the agent's own thread, and the events that take it away."""

    def __init__(self, agent):
        self._agent = agent
        self._events = self._tool = None
        self._armed = ()
        self._filters, self._entry = None, None
        self._scope = None
        monitoring = sys.monitoring
        for name in ("LINE", "CALL", "JUMP", "BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT", "PY_RETURN", "PY_YIELD"):
            self._events = (self._events or 0) | getattr(monitoring.events, name, 0)

    def begin(self):
        """The last hook before the fork."""
        try:
            self.end()
            if _count_threads() == 2 and not self._agent.ended:
                self._arm(sys._getframe(1))
        except Exception:
            self._agent.trouble("fork")

    def _arm(self, frame):
        codes = []
        while frame is not None:
            code = frame.f_code
            if not code.co_filename.startswith(_OWN) and code not in codes:
                codes.append(code)
            if self._scope is None:
                self._scope = frame.f_globals
            frame = frame.f_back
        self._tool = _free_tool() if codes else None
        if self._tool is None:
            return
        monitoring = sys.monitoring
        for event in _bits(self._events):
            monitoring.register_callback(self._tool, event, self._happened)
        self._armed = codes
        for code in codes:
            monitoring.set_local_events(self._tool, code, self._events)
        if "__warningregistry__" in self._scope:
            self._scope = None  # it is the target's: it stays
        module = sys.modules.get("warnings") or sys.modules["_warnings"]
        self._entry = ("ignore", None, DeprecationWarning, None, 0)
        self._filters = module.filters
        self._filters.insert(0, self._entry)

    def _happened(self, *_):
        try:
            self.end()
        except Exception:
            self._agent.trouble("fork")

    def end(self):
        """Takes the filter and the events away."""
        filters, entry, scope = self._filters, self._entry, self._scope
        self._filters = self._entry = self._scope = None
        if filters is not None:
            for at, item in enumerate(filters):
                if item is entry:
                    del filters[at]
                    break
            if scope is not None:
                scope.pop("__warningregistry__", None)
        tool, codes = self._tool, self._armed
        self._tool, self._armed = None, ()
        if tool is not None:
            monitoring = sys.monitoring
            for code in codes:
                monitoring.set_local_events(tool, code, 0)
            for event in _bits(self._events):
                monitoring.register_callback(tool, event, None)
            monitoring.free_tool_id(tool)


def _bits(mask):
    return [1 << bit for bit in range(mask.bit_length()) if 1 << bit & mask]


def _free_tool():
    for number in (3, 4, 5, 2, 1, 0):
        try:
            sys.monitoring.use_tool_id(number, "gantry fork")
            return number
        except ValueError:
            pass
    return None


def _count_threads():
    """As the interpreter counts them."""
    with open("/proc/self/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[17])
