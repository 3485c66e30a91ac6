"""Trace functions of threads other than the calling one (CPython 3.8 to 3.11), through a private copy of ctypes.

Any thread, under the interpreter lock. From 3.9 on the interpreter has a function for it; 3.8 has none: there a trace
function is set on the calling thread and its fields are moved to the other thread's state, so that the interpreter's
count of tracing threads stays right. Offsets are found by looking for known values in the own thread's state.
"""
import _thread
import sys

from gantry_agent import locks, private

_get_ident = _thread.get_ident
_WORDS = 64
_ONCE = ((),)  # the arguments of one call without any


def _nothing(frame, event, arg):
    return None


class ThreadStates:
    """`available` is False where ctypes is missing: then only threads that are traced already can be reached."""

    def __init__(self):
        self.available = False
        self._lock = locks.Lock()
        try:
            self._ctypes = private.load("ctypes")
            self._prepare()
            self.available = True
        except Exception:
            pass

    def _prepare(self):
        ctypes = self._ctypes
        self._api = api = ctypes.pythonapi
        pointer = ctypes.c_void_p
        for name, result, arguments in (
                ("PyThreadState_Get", pointer, ()), ("PyInterpreterState_ThreadHead", pointer, (pointer,)),
                ("PyThreadState_Next", pointer, (pointer,))):
            function = getattr(api, name)
            function.restype, function.argtypes = result, list(arguments)
        self._set = getattr(api, "_PyEval_SetTrace", None)
        if self._set is not None:
            self._set.restype, self._set.argtypes = ctypes.c_int, [pointer, pointer, ctypes.py_object]
        self._word, self._word_pointer = ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)
        self._tools, self._operator, self._gc = (private.load(name) for name in ("itertools", "operator", "gc"))
        self._value, self._last = self._operator.attrgetter("value"), private.load("_collections").deque
        self._find_offsets()

    def _words(self, state):
        return self._ctypes.cast(state, self._word_pointer)

    def _find_offsets(self):
        own = self._words(self._api.PyThreadState_Get())
        before = sys.gettrace()
        sys.settrace(_nothing)
        try:
            words = [own[i] for i in range(_WORDS)]
        finally:
            sys.settrace(before)
        self._object = words.index(id(_nothing))
        self._function = words[self._object - 2]
        # It is an unsigned long, which on Windows shares a word with what is behind it.
        self._mask = (1 << 8 * self._ctypes.sizeof(self._ctypes.c_ulong)) - 1
        self._ident = [word & self._mask for word in words].index(_get_ident(), self._object)
        # The interpreter is the third word of a thread's state: prev, next, interp.
        self._interpreter = words[2]
        if not self._function or self._api.PyThreadState_Get() not in self._at_once(self._all()):
            raise LookupError

    # -- states of other threads, which may end at any moment. What is an iterator here does nothing before _at_once.

    def _at_once(self, steps):
        """What the iterator yields that is not None."""
        return [one for one in list(self._undisturbed(steps)) if one is not None]

    def _undisturbed(self, steps):
        """To be made a list, which is one call of C as all that is in it: nobody else runs meanwhile, nor a garbage collection, which calls
        finalizers. A state is where it was found as long as that lasts, and not a moment longer."""
        tools, gc, was = self._tools, self._gc, []
        asked = map(was.append, tools.starmap(gc.isenabled, _ONCE))
        again = tools.starmap(gc.enable, tools.compress(_ONCE, was))
        return tools.chain(asked, tools.starmap(gc.disable, _ONCE), steps, again)

    def _all(self):
        """The addresses of all states."""
        tools, api = self._tools, self._api
        first = map(api.PyInterpreterState_ThreadHead, (self._interpreter,))
        return tools.takewhile(bool, tools.accumulate(tools.chain(first, tools.repeat(None)), api.PyThreadState_Next))

    def _places(self, states, index):
        """One word of each, as what can be read and written."""
        add, repeat = self._operator.add, self._tools.repeat
        return map(self._word.from_address, map(add, states, repeat(index * self._ctypes.sizeof(self._word))))

    def _values(self, states, index):
        return map(self._value, self._places(states, index))

    def traces(self):
        """{ident: the address of its trace function, 0 for none}; empty where they cannot be looked at. Of two of one ident the last counts,
        as in _untraced."""
        if not self.available:
            return {}
        one, other = self._tools.tee(self._all())
        found = self._at_once(zip(self._values(one, self._ident), self._values(other, self._object)))
        return {ident & self._mask: function for ident, function in found}

    def _untraced(self, ident):
        """The state of a thread, if it has no trace function. A state that was made for a new thread has the number of the one that made it
        until it runs, and comes before that one's own."""
        tools, compare = self._tools, self._operator
        one, other = tools.tee(self._all())
        idents = map(compare.and_, self._values(one, self._ident), tools.repeat(self._mask))
        fitting = tools.compress(other, map(compare.eq, idents, tools.repeat(ident)))
        one, other = tools.tee(tools.chain.from_iterable(map(self._last, (fitting,), (1,))))
        return tools.compress(one, map(compare.not_, self._values(other, self._object)))

    def set_trace(self, ident, function):
        """Gives another thread that has no trace function this one; False if it is gone or has one."""
        if not self.available:
            return False
        with self._lock:
            repeat = self._tools.repeat
            if self._set is not None:
                done = self._at_once(map(self._set, self._untraced(ident), repeat(self._function), repeat(function)))
                return done == [0]
            return self._move(ident, function)

    def _move(self, ident, function):
        here, last, tools = self._words(self._api.PyThreadState_Get()), self._object, self._tools
        # use_tracing, c_profilefunc, c_tracefunc, c_profileobj, c_traceobj; a thread that is profiled keeps its profiler.
        states = tools.tee(self._untraced(ident), 4)
        writes = [map(setattr, self._places(state, index), tools.repeat("value"), tools.repeat(value))
                  for state, index, value in zip(states, (last - 2, last, last - 4), (self._function, id(function), 1))]
        steps = self._undisturbed(tools.chain(states[3], *writes))
        before = sys.gettrace()
        # Between these two no function of Python may be called, which would be traced: the reference to `function` that this thread
        # has then becomes the other's.
        sys.settrace(function)
        moved = any(list(steps))
        if moved:
            here[last - 2] = here[last] = 0
            if not here[last - 3]:
                here[last - 4] = 0
        sys.settrace(before)
        return moved
