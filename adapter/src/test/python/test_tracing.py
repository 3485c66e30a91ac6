"""Which threads and frames get a trace function, without a target: the engines of 3.8 to 3.11."""
import _thread
import gc
import sys
import threading
import time
import types
import unittest

from gantry_agent import tracing, tstates


def enter(frame, event, arg):
    return None


def local(frame, event, arg):
    return local


class States:
    """The thread comes to another frame right before it gets its trace function."""

    available = True

    def __init__(self, moves):
        self._moves = moves

    def traces(self):
        return dict.fromkeys(sys._current_frames(), 0)

    def set_trace(self, ident, function):
        self._moves()
        return True


class TracingTest(unittest.TestCase):

    def begin(self, target):
        self.ready, self.go, self.entered, self.over = [threading.Event() for _ in range(4)]
        self.thread = threading.Thread(target=target)
        self.thread.start()
        self.addCleanup(self.end)
        self.assertTrue(self.ready.wait(20))

    def run_until_over(self):
        self.ready.set()
        self.go.wait(20)
        self.wanted()

    def wanted(self):
        self.entered.set()
        self.over.wait(20)

    def above(self):
        self.ready.set()
        self.go.wait(20)
        yield 1
        self.over.wait(20)

    def iterates(self):
        for _ in self.above():
            self.entered.set()
            self.over.wait(20)

    def move(self):
        self.go.set()
        self.assertTrue(self.entered.wait(20))

    def end(self):
        self.go.set()
        self.over.set()
        self.thread.join(20)
        self.assertFalse(self.thread.is_alive())

    def finds(self, code, moves, looks=lambda: None):
        """Whether a frame of that code gets its trace function while the thread moves right before it is traced, and looks() is called at
        each code that is looked at."""
        others = set(sys._current_frames()) - {self.thread.ident, threading.get_ident()}
        agent = types.SimpleNamespace(threads=types.SimpleNamespace(hidden=others))
        def local_of(asked):
            looks()
            return local if asked is code else None, False
        made = tracing.Tracing(agent, enter, local_of, None, {enter, local})
        made._states = States(moves)
        before = sys.gettrace()
        self.addCleanup(sys.settrace, before)
        made.everywhere()
        frame = sys._current_frames()[self.thread.ident]
        while frame.f_code is not code:
            frame = frame.f_back
        self.assertIs(local, frame.f_trace)
        frame.f_trace = None

    def test_a_frame_that_begins_before_its_thread_is_traced_is_found(self):
        self.begin(self.run_until_over)
        self.finds(self.wanted.__func__.__code__, self.move)

    def test_a_frame_below_a_generator_that_yields_meanwhile_is_found(self):
        """The generator's frame loses its way back then."""
        self.begin(self.iterates)
        self.finds(self.iterates.__func__.__code__, lambda: None, self.move)

    @unittest.skipIf(sys.version_info >= (3, 12), "the engines of later Pythons look at no thread's state")
    def test_states_of_threads_that_end_at_any_moment(self):
        over = []

        def short():
            return sum(range(300))

        def feeds():
            while not over:
                for _ in range(20):
                    _thread.start_new_thread(short, ())
                time.sleep(0.0005)
        feeders = [threading.Thread(target=feeds) for _ in range(4)]
        states, before = tstates.ThreadStates(), sys.getswitchinterval()
        self.assertTrue(states.available)
        self.addCleanup(sys.setswitchinterval, before)
        sys.setswitchinterval(1e-5)
        for one in feeders:
            one.start()
        try:
            for _ in range(300):
                for ident, function in states.traces().items():
                    if ident != threading.get_ident() and not function:
                        states.set_trace(ident, enter)
        finally:
            over.append(True)
            for one in feeders:
                one.join()
        self.assertTrue(gc.isenabled())
        self.assertIsNone(sys.gettrace())


if __name__ == "__main__":
    unittest.main()
