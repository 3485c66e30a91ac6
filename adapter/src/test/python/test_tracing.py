"""Which threads and frames get a trace function, without a target: the engines of 3.8 to 3.11."""
import sys
import threading
import types
import unittest

from gantry_agent import tracing


def enter(frame, event, arg):
    return None


def local(frame, event, arg):
    return local


class States:
    """The thread comes to another frame right before it gets its trace function."""

    available = True

    def __init__(self, moves):
        self._moves = moves

    def trace_of(self, ident):
        return None

    def set_trace(self, ident, function):
        self._moves()
        return True


class TracingTest(unittest.TestCase):

    def setUp(self):
        self.go, self.entered, self.over = threading.Event(), threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run_until_over)
        self.thread.start()
        self.addCleanup(self.end)

    def run_until_over(self):
        self.go.wait(20)
        self.wanted()

    def wanted(self):
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

    def test_a_frame_that_begins_before_its_thread_is_traced_is_found(self):
        code = self.wanted.__func__.__code__
        others = set(sys._current_frames()) - {self.thread.ident, threading.get_ident()}
        agent = types.SimpleNamespace(threads=types.SimpleNamespace(hidden=others))
        made = tracing.Tracing(agent, enter, lambda asked: (local if asked is code else None, False), None, {enter, local})
        made._states = States(self.move)
        before = sys.gettrace()
        self.addCleanup(sys.settrace, before)
        made.everywhere()
        frame = sys._current_frames()[self.thread.ident]
        while frame.f_code is not code:
            frame = frame.f_back
        self.assertIs(local, frame.f_trace)
        frame.f_trace = None


if __name__ == "__main__":
    unittest.main()
