"""What a step means: the decisions that all engines share. Pure, called on the target's threads.

An engine tells a thread's step about events (a line, the return, yield or end of a call, the entry into a new one) and is told whether
the step ends there. It arms its events in the frames that `watched` names: lines in `frame` (unless kind is 'out') and in every frame of
`callers`; return and yield in `frame`.
"""

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
_ITERABLE_COROUTINE = 0x100
_OWN = "<gantry_agent"


def pauses_by_awaiting(code):
    """Whether a yield of this code hands control to an event loop and not to its caller."""
    return bool(code.co_flags & (_COROUTINE | _ITERABLE_COROUTINE))


def callers_of(frame, limit=10000):
    """The frames below `frame`, nearest first; of a coroutine only those that await it, then whoever runs the loop."""
    found, frame = [], frame.f_back
    while frame is not None and len(found) < limit:
        if frame.f_code.co_filename.startswith(_OWN):
            break
        found.append(frame)
        frame = frame.f_back
    return found


def first_line(code):
    """The line where the body of a call begins: the first one behind what only sets up the frame."""
    lines = [line for _, _, line in code.co_lines() if line] if hasattr(code, "co_lines") else []
    for line in lines:
        if line > code.co_firstlineno or code.co_name == "<module>":
            return line
    return code.co_firstlineno


class Step:
    """One step of one thread. kind: 'next', 'in', 'out'. `target`: the offsets (f_lasti) of the only call that 'in' may enter, or None."""

    __slots__ = ("kind", "frame", "line", "callers", "target", "is_user", "granularity", "returned", "entered", "value")

    def __init__(self, kind, frame, is_user, target=None, granularity=None):
        self.kind, self.frame, self.is_user, self.target = kind, frame, is_user, target
        self.line = frame.f_lineno
        self.granularity = granularity
        self.callers = callers_of(frame)
        self.entered = None  # the new frame whose first line ends a step 'in'
        self.value = None

    def at_line(self, frame):
        """A line of any frame of this thread starts: does the step end here?"""
        if frame is self.frame:
            return self.kind != "out"
        if frame is self.entered:
            return True
        return self.is_user(frame.f_code) and any(frame is caller for caller in self.callers)

    def at_entry(self, frame):
        """A call begins, or a generator goes on, in `frame`: will its next line end the step? (Only for kind 'in'.)"""
        if self.kind != "in" or frame is self.frame or not self.is_user(frame.f_code):
            return False
        below = frame.f_back
        while below is not None and below is not self.frame:
            if any(below is caller for caller in self.callers):
                return False
            below = below.f_back
        if below is None or self.target is not None and below.f_lasti not in self.target:
            return False
        self.entered = frame
        return True

    def at_return(self, frame, value, name=None):
        """`frame` returns, or yields to its caller. True: the step ends now, in frame.f_back; False: it goes on."""
        if frame is self.entered:
            self.entered = None
        if frame is not self.frame:
            return False
        caller = frame.f_back
        if caller is None or caller.f_code.co_filename.startswith(_OWN):
            self.frame, self.callers, self.kind = None, [], "out"
            return False
        if self.value is None:
            self.value = (frame.f_code.co_name, value)
        if self.is_user(caller.f_code):
            return True
        self.kind = "out" if self.kind != "in" else "in"
        self.frame = caller
        self.callers = callers_of(caller)
        return False
