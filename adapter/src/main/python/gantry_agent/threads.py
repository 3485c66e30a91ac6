"""The registry of the target's threads; used on any thread, each change is one dict operation.

A thread gets a small number when it is first seen: by an event on it, or by a look at sys._current_frames(). Names and
daemon flags come from the target's own `threading`, if it has loaded it.
"""
import _thread
import _weakref
import sys

_get_ident = _thread.get_ident
_current_frames = sys._current_frames
_modules, _ref = sys.modules, _weakref.ref


SUSPENDS = 0x2a0  # flags of the code of a generator, a coroutine, an asynchronous generator
_WALKS = 20  # at most along the frames of one thread


def frames_of(ident):
    """The frames of a thread that may run meanwhile, the top first. Where a generator yields during the walk its `f_back` is lost, and
    with it the callers: then from the top again. (Only a thread that was started with a generator's own method ends so by itself.)"""
    for _ in range(_WALKS):
        frame, flags = _current_frames().get(ident), 0
        while frame is not None:
            flags = frame.f_code.co_flags
            yield frame
            frame = frame.f_back
        if not flags & SUSPENDS:
            return


class ThreadState:
    """One thread of the target. `step` and `stopped` are the thread's own; `exempt` and `asked` belong to stops.py."""

    __slots__ = ("id", "ident", "name", "daemon", "step", "stopped", "inside", "exempt", "asked", "asked_in", "known", "__weakref__")

    def __init__(self, number, ident):
        self.id, self.ident = number, ident
        self.name, self.daemon = None, False
        self.step = self.stopped = None
        self.inside = self.exempt = False
        self.asked = None  # what it is to do at its next line: 'pause' or the kind of a step
        self.asked_in = None  # the frame that it was shown in when a step out was asked for
        self.known = None  # weak reference to its threading.Thread: a reused ident is another thread

    def is_for(self, thread):
        """Whether this may be the state of that threading.Thread (None: nobody knows one)."""
        return thread is None or self.known is None or self.known() is thread


class Threads:
    """All threads that live, by ident; the agent's own is not among them."""

    def __init__(self, agent):
        self._agent = agent
        self._by_ident = {}
        self._next = iter(range(1, 1 << 62)).__next__  # counts without a lock
        self.hidden = set()  # idents of the agent's own threads
        self.main = self._add(_get_ident())[0]

    def _add(self, ident):
        """The state of a thread, and whether it is new: another thread may see it at the same time."""
        made = ThreadState(self._next(), ident)
        state = self._by_ident.setdefault(ident, made)
        return state, state is made

    def current(self):
        """The state of the calling thread."""
        state = self._by_ident.get(_get_ident())
        return state if state is not None else self.started(_get_ident())

    def refreshed(self):
        """The state of the calling thread, for engines that are not told of the ends of threads: an ident may have been used again."""
        state = self.current()
        if state.known is not None:
            try:
                known = _modules["threading"].__dict__["_active"].get(state.ident)
            except (KeyError, AttributeError):
                known = None
            if not state.is_for(known):
                self.exited(state.ident)
                state = self.current()
        return state

    def find(self, ident):
        return self._by_ident.get(ident)

    def by_id(self, number):
        """The live thread with that number, or None."""
        for state in list(self._by_ident.values()):
            if state.id == number:
                return state
        return None

    def started(self, ident):
        """A thread was seen for the first time."""
        state, new = self._add(ident)
        self._describe(state)
        if new and ident not in self.hidden:
            self._agent.send_event("thread", {"reason": "started", "threadId": state.id})
        return state

    def exited(self, ident):
        """A thread has ended, or is about to."""
        state = self._by_ident.pop(ident, None)
        if state is not None:
            self._say_exited(state)

    def _say_exited(self, state):
        self._agent.engine.drop_step(state)
        self._agent.send_event("thread", {"reason": "exited", "threadId": state.id})
        self._agent.stops.ended(state)

    def _is_gone(self, state):
        """Takes out a thread that a look did not find any more; not one that is at a stop, or on its way to one, all the same."""
        with self._agent.stops.lock:
            if state.inside or state.stopped is not None or self._by_ident.get(state.ident) is not state:
                return False
            del self._by_ident[state.ident]
        self._say_exited(state)
        return True

    def keep(self, state):
        """The calling thread stops with this state: it is the one to be found. With the lock of `stops` held."""
        self._by_ident[state.ident] = state

    def states(self):
        """The threads seen until now."""
        return list(self._by_ident.values())

    def all(self):
        """Every live thread, seen or not until now, in the order of their numbers."""
        before = list(self._by_ident)  # first of all: who comes after the look at the frames is in neither
        live = list(_current_frames())  # not the frames: with ours among them this call would hold itself, and its callers, until a collection
        objects = self._objects()
        known_first = [ident for ident in objects if ident in live]  # in the order of their start
        for ident in known_first + [ident for ident in reversed(list(live)) if ident not in objects]:
            if ident in self.hidden:
                continue
            state = self._by_ident.get(ident)
            if state is not None and not state.is_for(objects.get(ident)) and self._is_gone(state):
                state = None
            if state is None:
                self.started(ident)
        for ident in before:
            state = self._by_ident.get(ident)
            if ident not in live and state is not None:
                self._is_gone(state)
        states = [state for ident, state in list(self._by_ident.items()) if ident not in self.hidden]
        for state in states:
            self._describe(state, objects)
        states.sort(key=lambda state: state.id)
        return states

    def forget_others(self):
        """In the child of a fork: only the calling thread lives, and it is the main one."""
        mine = self._by_ident.get(_get_ident())
        self._by_ident.clear()
        if mine is None:
            mine = self._add(_get_ident())[0]
        mine.id = 1
        self._by_ident[mine.ident] = self.main = mine

    @staticmethod
    def _objects():
        try:
            return dict(_modules["threading"].__dict__["_active"])
        except (KeyError, AttributeError, TypeError, RuntimeError):
            return {}

    def _describe(self, state, objects=None):
        """Takes name and daemon flag from threading's own object, without running code of the target."""
        known = (self._objects() if objects is None else objects).get(state.ident)
        name = None
        if known is not None:
            try:
                fields = object.__getattribute__(known, "__dict__")
                name, state.daemon = fields.get("_name"), fields.get("_daemonic") is True
                state.known = _ref(known)
            except (AttributeError, TypeError):
                pass
        if type(name) is not str:
            name = state.name or ("MainThread" if state.id == 1 else "Thread %d" % state.id)
        state.name = name
