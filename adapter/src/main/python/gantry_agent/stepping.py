"""What a step means: the decisions that all engines share. Pure, called on the target's threads.

An engine tells a thread's step about events (a line, the return or yield of a call, the entry into one) and is told whether the step
ends there. It needs lines, returns and yields in every code of `watched()`, and entries too while `enters`.
"""
_OPTIMIZED, _GENERATOR, _COROUTINE, _ITERABLE_COROUTINE, _ASYNC_GENERATOR = 1, 0x20, 0x80, 0x100, 0x200
_OWN = "<gantry_agent"
_MOST_DEEP = 50  # calls above the step's frame where its engine may tell of calls and returns
_ROOM = 50  # calls that we make there
_MOST_TOLD = 5000  # of them, some 10 ms: a comprehension or a recursion makes millions


def pauses_by_awaiting(code, value):
    """Whether a yield of this code hands control to an event loop and not to its caller."""
    if code.co_flags & (_COROUTINE | _ITERABLE_COROUTINE):
        return True
    return bool(code.co_flags & _ASYNC_GENERATOR) and type(value).__name__ != "async_generator_wrapped_value"


def yields_value(code, value):
    """What a yield hands out, for the user: an asynchronous generator wraps it in something that cannot be looked at."""
    return None if code.co_flags & _ASYNC_GENERATOR else value


def _awaits(code):
    return code.co_flags & (_COROUTINE | _ITERABLE_COROUTINE | _ASYNC_GENERATOR)


def callers_of(frame, is_user):
    """The frames of the user below `frame`, nearest first: where the step ends when the call is left by an exception.

    Of a coroutine: those that await it, and what is below the event loop; whoever sends into it goes on while it waits.
    """
    found, awaits, frame = [], _awaits(frame.f_code), frame.f_back
    while frame is not None and not frame.f_code.co_filename.startswith(_OWN):
        user = is_user(frame.f_code)
        if awaits and not _awaits(frame.f_code):
            awaits = user  # until the loop's own frames are passed
        elif user:
            found.append(frame)
        frame = frame.f_back
    return found


class Step:
    """One step of one thread. kind: 'next', 'in', 'out', 'entry' (the first line of the user's). `target`: the offsets (f_lasti) of the
    only call that 'in' may enter, or None. `values`: {name: value} of the calls that were stepped over, and of the one that was left;
    of several with one name the last one's."""

    __slots__ = ("kind", "reason", "frame", "callers", "target", "is_user", "granularity", "entered", "values", "show", "_below",
                 "_here", "_span", "_from", "_told")

    def __init__(self, kind, frame, is_user, target=None, granularity=None, show=True, span=None):
        self.kind, self.is_user, self.target = kind, is_user, target
        self.reason = "entry" if kind == "entry" else "step"
        self.granularity, self.show = granularity, show
        self._watch(frame)
        self._span = None if granularity in ("line", "instruction") else span  # lines of the statement where the step begins
        self._from = frame.f_lasti if frame is not None else -1
        self._here = True  # still in the frame where the user stood: its lines count, the user's code or not
        self.entered = None  # the new frame whose first line ends a step 'in'
        self.values, self._told = {}, 0

    def _watch(self, frame):
        """From now on `frame` is the one that is stepped in."""
        self.frame = frame
        self.callers = callers_of(frame, self.is_user) if frame is not None else []
        self._below = {id(caller) for caller in self.callers}

    @property
    def enters(self):
        """Whether the engine is to tell at_entry of every call of the thread."""
        return self.kind in ("in", "entry")

    @property
    def shows(self):
        """Whether the engine is to tell `returned` of what the frame calls."""
        return self.show and self.kind == "next" and self.frame is not None and self._told < _MOST_TOLD

    def may_show(self, code):
        """Whether what this code returns says something: a generator's end, a class's body and __init__ give None."""
        name = code.co_name
        return (code.co_flags & (_OPTIMIZED | _GENERATOR | _ASYNC_GENERATOR) == _OPTIMIZED and name != "__init__"
                and (name[:1] != "<" or name == "<lambda>") and self.is_user(code))

    def returned(self, frame, value):
        """A call returns, while the step `shows`."""
        if frame.f_back is self.frame and self.may_show(frame.f_code):
            self._show(frame, value)

    def _show(self, frame, value):
        self.values.pop(frame.f_code.co_name, None)  # the latest is the last one
        self.values[frame.f_code.co_name] = value

    def is_near(self, frame):
        """Whether `frame` is few calls above the step's. Deeper, there may be no room for us on the stack: no returns are to be told there."""
        for _ in range(_MOST_DEEP):
            frame = frame.f_back
            if frame is self.frame or frame is None:
                return frame is not None
        return False

    def has_room(self, limit):
        """Whether there is room for so many calls and us, where the stack ends at `limit`."""
        depth, frame = 0, self.frame
        while frame is not None:
            depth, frame = depth + 1, frame.f_back
        return depth + _MOST_DEEP + _ROOM < limit

    def spent(self):
        """A call or a return was told of. True: it is not to tell of more, and nothing is shown, as it would not be the last."""
        self._told += 1
        if self._told == _MOST_TOLD:
            self.values.clear()
        return self._told >= _MOST_TOLD

    def watched(self):
        """The code objects of the frames that matter."""
        found = [self.frame.f_code] if self.frame is not None else []
        return found + [caller.f_code for caller in self.callers]

    def at_line(self, frame):
        """A line of any frame of this thread starts: does the step end here?"""
        if frame is self.frame:
            if self._span is not None and self._span[0] <= frame.f_lineno <= self._span[1] and frame.f_lasti > self._from:
                return False  # another line of the same statement; a loop would come back to its beginning
            return self.kind in ("next", "in") and (self._here or self.is_user(frame.f_code))
        return frame is self.entered or id(frame) in self._below

    def at_entry(self, frame):
        """A call begins, or a generator goes on, in `frame`: will its next line end the step? (Asked while `enters`.)"""
        if frame is self.frame or not self.is_user(frame.f_code):
            return False
        if self.kind != "entry":
            if self.kind != "in":
                return False
            below = frame.f_back
            while below is not None and below is not self.frame:
                below = below.f_back
            if below is None or self.target is not None and below.f_lasti not in self.target:
                return False
        self.entered = frame
        return True

    def at_return(self, frame, value):
        """`frame` returns, or yields to its caller. True: the step ends now, in frame.f_back; False: it goes on."""
        if frame is self.entered:
            self.entered = None
        if frame is not self.frame:
            return False
        caller = frame.f_back
        while caller is not None and caller.f_code.co_filename.startswith(_OWN):
            caller = caller.f_back
        if caller is None:
            self._watch(None)
            self.kind = "out"  # the end of the thread
            return False
        if self._here and self.show:
            self._show(frame, value)
        if self.is_user(caller.f_code):
            return True
        if self.kind == "next":
            self.kind = "out"  # through the library's frames to the next one of the user's
        self._here, self._span = False, None
        self._watch(caller)
        return False
