"""The lock of what several threads change; used on any thread, taken over from one that cannot give it back.

A finalizer, a weak reference's callback or a signal handler of the target may run between any two instructions of ours, also while
this lock is held, and wait there for a thread that waits for the lock.
"""
import _thread
import sys

from gantry_agent import private

_get_ident, _current_frames, _RLock = _thread.get_ident, sys._current_frames, _thread.RLock
_OWN = "<gantry_agent"
_LOOK = 0.02  # seconds between two looks at the thread that has the lock
_AWAY = 3  # looks in a row that find it in the target's code
_LOST = 50  # looks until a lock that nobody seems to have is another's: an exception came right behind the taking


def _is_away(ident):
    """Whether a thread runs code of the target now, or none any more."""
    frame = _current_frames().get(ident)
    if frame is None:
        return True
    return not frame.f_code.co_filename.startswith(_OWN) and frame.f_globals.get("__builtins__") is not private._builtins


class Lock:
    """Reentrant, for `with`. What it guards is whole between any two operations: who takes it over, as one who takes it again, may find
    the other's changes half made, not broken."""

    __slots__ = ("_state",)

    def __init__(self):
        self._state = _RLock(), []  # the second: its owner, once for each time that it has taken it

    def __enter__(self):
        away = looks = 0
        while True:
            state = self._state
            lock, owners = state
            if lock.acquire(True, _LOOK):
                if state is self._state:
                    owners.append(_get_ident())
                    return self
                lock.release()
                continue
            looks += 1
            owner = owners[-1:]
            away = away + 1 if owner and _is_away(owner[0]) else 0
            if (away >= _AWAY or not owner and looks >= _LOST) and state is self._state:
                self._state = _RLock(), []

    def __exit__(self, *_):
        lock, owners = self._state
        if owners and owners[-1] == _get_ident():
            owners.pop()
            lock.release()

    def is_mine(self):
        """Whether the calling thread has it."""
        return self._state[1][-1:] == [_get_ident()]
