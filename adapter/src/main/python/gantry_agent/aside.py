"""Threads for requests that run code of the target while no thread of it is stopped: the agent's own thread stays free, for `cancel` too.

Raw threads, all signals blocked (they inherit that), unknown to `threading` and to the registry of threads. Started when they are first needed and kept;
another one only when all are at work.
"""
import _thread
import time

_allocate = _thread.allocate_lock
_get_ident = _thread.get_ident
_start = _thread.start_new_thread

_monotonic, _sleep = time.monotonic, time.sleep


class Aside:
    """`run` is called on the agent's thread."""

    def __init__(self, agent):
        self._agent = agent
        self._workers = []

    def run(self, work):
        """Has a thread aside call `work()`, which catches its own errors."""
        for worker in self._workers:
            if not worker.busy:
                return worker.take(work)
        worker = _Worker(self._agent)
        try:
            worker.start()
        except RuntimeError:  # no thread to be had
            return work()
        self._workers.append(worker)
        worker.take(work)

    def rest(self, until):
        """The main thread, at the end: returns when nobody is at work, or at that time. What is cut off in its middle gives no answer, and
        never releases what it holds."""
        while any(worker.busy for worker in self._workers) and _monotonic() < until:
            _sleep(0.001)


class _Worker:
    def __init__(self, agent):
        self._agent = agent
        self.busy = False
        self._work = None
        self._wake, self._ready = _allocate(), _allocate()
        self._wake.acquire()
        self._ready.acquire()

    def start(self):
        """Returns when the thread is known as the agent's own."""
        _start(self._serve, ())
        self._ready.acquire()

    def take(self, work):
        self.busy, self._work = True, work
        self._wake.release()

    def _serve(self):
        self._agent.threads.hidden.add(_get_ident())
        self._ready.release()
        while True:
            self._wake.acquire()
            work, self._work = self._work, None
            try:
                work()
            except BaseException:
                self._agent.trouble("aside")
            work = None
            self.busy = False
