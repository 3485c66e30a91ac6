"""Tracing goes on after the recursion limit: an exception that leaves a trace function, which has no room then, switches it off.

A pending call of the interpreter's is asked for there and made on the main thread between two of its next instructions, where the exception
is handled or soon behind that. The recursion itself is left alone: it ends as without tracing.
"""
import _thread
import _weakref
import sys

from gantry_agent import private

_SPARE = 4  # overflows of several threads at once


class _Words(list):
    """Iterated over while the exception is raised, so that nothing but the interpreter's own stack holds it: when this dies no instruction of
    the trace function follows at which the pending call could be made too early."""

    __slots__ = ("__weakref__",)


class _Ref(_weakref.ref):
    """What ctypes gives to the interpreter as a null pointer, without a call of anything."""

    __slots__ = ()
    _as_parameter_ = None


class Again:
    """`on()` is called on the main thread of the target: it switches tracing on in all threads that need it; with too little room,
    `function` is the trace function of that thread."""

    def __init__(self, on, function):
        self._on, self._function = on, function
        self._ask = None
        self._prepared = False
        self.words = []  # whoever raises takes the last, if there is one
        self._refs = []

    def later(self, timers):
        """Has the agent's thread prepare for it, when it is awake next: there is no room for that at the limit."""
        if not self._prepared:
            self._prepared = True
            timers.add(0, self._prepare)

    def _prepare(self):
        try:
            ctypes, partial = private.load("ctypes"), private.load("_functools").partial
            kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
            ask = ctypes.pythonapi["Py_AddPendingCall"]
        except Exception:
            return  # no ctypes: the next look of the agent's thread has to do
        self._ask = partial(ask, kind(self._called))  # no types of arguments: to convert them takes room
        self._fill()

    def _fill(self):
        self._refs[:] = [ref for ref in self._refs if ref() is not None]
        while len(self.words) < _SPARE:
            words = _Words((None,))
            self._refs.append(_Ref(words, self._ask))
            self.words.append(words)

    def _called(self, _):
        try:
            self._fill()
            self._on()
        except KeyboardInterrupt:
            _thread.interrupt_main()  # it cannot leave a callback of ctypes
        except RecursionError:
            if sys.gettrace() is None:
                sys.settrace(self._function)
        except BaseException:
            pass
        return 0
