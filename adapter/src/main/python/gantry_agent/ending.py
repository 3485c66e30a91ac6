"""The end of the target: before the interpreter takes itself apart, the agent lets go and its thread comes to rest; main thread.

A thread that is at work when the interpreter ends is killed in its middle, and what its frames hold is never released: the
target's own objects would miss their __del__.
"""
import time

from gantry_agent import private

sys = private.sys
_PATIENCE = 1.0


class Ending:
    """One for the agent."""

    def __init__(self, agent):
        self._agent = agent
        self._by_atexit = False

    def install(self):
        """Registers the last of all exit functions. Before 3.10 the exit functions belong to a module object, and only one module
        object can be in use: that is the target's."""
        if sys.version_info >= (3, 10):
            try:
                private.load("atexit").register(self._end)
                self._by_atexit = True
            except (ImportError, AttributeError):
                pass

    def main_is_over(self):
        """The main program has ended. Where no exit function can be ours: if no other thread and no exit function is left, that is the
        end; if there are exit functions, they can be debugged, but nothing is done any more that nobody asks for."""
        own = self._agent.threads.hidden
        if self._by_atexit or len([ident for ident in sys._current_frames() if ident not in own]) > 1:
            return
        module = sys.modules.get("atexit")
        try:
            left = 0 if module is None else module._ncallbacks()
        except Exception:
            left = 1
        if not left:
            self._end()
        elif self._agent.working.acquire(True, _PATIENCE):
            self._agent.timers.resting = True
            self._agent.working.release()

    def _end(self):
        agent = self._agent
        if agent.channel.closed and agent.ended:
            return  # a forked child, or the adapter is gone
        try:
            agent.let_go()
            until = time.monotonic() + _PATIENCE
            agent.working.acquire(True, _PATIENCE)  # for good: it waits for this at its next request
            agent.requests.rest(until)
        except Exception:
            agent.trouble("end")
