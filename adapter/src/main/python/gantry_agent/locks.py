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

_LEFT = object()


def _is_away(ident):
    """Whether a thread runs code of the target now, or none any more."""
    frame = _current_frames().get(ident)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen "):
        frame = frame.f_back  # the import system works for whoever has called it
    if frame is None:
        return True
    return not frame.f_code.co_filename.startswith(_OWN) and frame.f_globals.get("__builtins__") is not private._builtins


class Lock:
    """Reentrant, for `with`. What it guards is whole between any two operations: who takes it over, as one who takes it again, may find
    the other's changes half made, not broken."""

    __slots__ = ("_state",)

    def __init__(self):
        self._state = _RLock(), [], {}  # its turns, each (thread, fate); where it went that nobody had

    def _now(self):
        """The state that counts: a turn that is over is followed by another state for good. Fates are decided by one setdefault."""
        while True:
            state = self._state
            fate = state[1][0][1] if state[1] else state[2]
            after = fate.get(0)
            if after is None or after is _LEFT:
                return state
            self._state = after

    def __enter__(self):
        away = looks = 0
        while True:
            state = self._now()
            lock, turns, lost = state
            if lock.acquire(True, _LOOK):
                turns.append((_get_ident(), turns[0][1] if turns else {}))
                if state is self._now():
                    return self
                turns.pop()
                lock.release()
                continue
            looks += 1
            first = turns[:1]
            if first and 0 not in first[0][1]:
                away = away + 1 if _is_away(first[0][0]) else 0
                if away >= _AWAY:
                    first[0][1].setdefault(0, (_RLock(), [], {}))
            elif looks >= _LOST and state is self._state:
                self._state = _RLock(), [], {}

    def __exit__(self, *_):
        lock, turns, _ = self._state
        if turns and turns[-1][0] == _get_ident():
            if len(turns) > 1 or turns[0][1].setdefault(0, _LEFT) is _LEFT:
                turns.pop()
                lock.release()

    def is_mine(self):
        """Whether the calling thread has it."""
        return [ident for ident, _ in self._now()[1][-1:]] == [_get_ident()]
