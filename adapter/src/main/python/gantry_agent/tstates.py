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
        self._word_pointer = ctypes.POINTER(ctypes.c_size_t)
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
        if not self._function or self._state(_get_ident()) != self._api.PyThreadState_Get():
            raise LookupError

    def _state(self, ident):
        state = self._api.PyInterpreterState_ThreadHead(self._interpreter)
        while state:
            if self._words(state)[self._ident] & self._mask == ident:
                return state
            state = self._api.PyThreadState_Next(state)
        return None

    def trace_of(self, ident):
        """The trace function of a thread: the object, None if it has none, False if the thread is gone or cannot be looked at."""
        if not self.available:
            return False
        state = self._state(ident)
        if not state:
            return False
        address = self._words(state)[self._object]
        return self._ctypes.cast(address, self._ctypes.py_object).value if address else None

    def set_trace(self, ident, function):
        """Gives a thread that has no trace function this one; True if it has it now."""
        if not self.available:
            return False
        with self._lock:
            if ident == _get_ident():
                sys.settrace(function)
                return True
            found = self.trace_of(ident)
            if found is not None:
                return found is function
            state = self._state(ident)
            if self._set is not None:
                return self._set(state, self._function, function) == 0
            return self._move(self._words(state), function)

    def _move(self, there, function):
        before = sys.gettrace()
        sys.settrace(None)
        here = self._words(self._api.PyThreadState_Get())
        last = self._object
        sys.settrace(function)
        # use_tracing, c_profilefunc, c_tracefunc, c_profileobj, c_traceobj; a thread that is profiled keeps its profiler.
        there[last - 2], there[last], there[last - 4] = here[last - 2], here[last], 1
        here[last - 2] = here[last] = 0
        if not here[last - 3]:
            here[last - 4] = 0
        if before is not None:
            sys.settrace(before)
        return True
