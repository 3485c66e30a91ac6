"""A thousand random operations, seeded, against a program of several threads: no hang, no crash, every request answered, states that agree."""
import os
import random
import unittest

from harness import RequestFailed, Target

PROGRAM = """\
import threading, time, queue
over = False
lock = threading.Lock()
jobs = queue.Queue(maxsize=3)
totals = {}
def helper(n):
    a = n * 2  # @h1
    b = a + 1  # @h2
    return b  # @h3
def numbers(n):
    for i in range(n):
        yield helper(i)  # @yield
def consume(name):
    count = 0
    while not over:
        try:
            item = jobs.get(timeout=0.01)  # @get
        except queue.Empty:
            continue
        with lock:
            count += sum(numbers(item))  # @sum
            totals[name] = count  # @total
def produce():
    n = 0
    while not over:
        n += 1
        try:
            jobs.put(n % 5, timeout=0.01)  # @put
        except queue.Full:
            pass
        if n % 7 == 0:
            time.sleep(0.001)  # @sleep
def spin():
    x = 0
    while not over: x += 1  # @spin
def fail(n):
    try:
        raise ValueError(n)  # @raise
    except ValueError as e:
        return e.args  # @args
def short():
    return fail(3)
def main():
    threads = [threading.Thread(target=consume, args=('c%d' % i,), name='c%d' % i) for i in range(2)]
    threads += [threading.Thread(target=produce), threading.Thread(target=spin)]
    for t in threads:
        t.start()
    print('up', flush=True)
    while not over:
        fail(1)  # @fail
        t = threading.Thread(target=short)
        t.start()
        t.join()  # @join
        time.sleep(0.001)
    for t in threads:
        t.join()
    print('end')
main()
"""
MARKS = ["h1", "h2", "h3", "yield", "get", "sum", "total", "put", "sleep", "spin", "raise", "args", "fail", "join"]
CONDITIONS = [None, None, "False", "n == 2", "1 / 0", "len(totals) > 100"]
OPERATIONS = int(os.environ.get("GANTRY_RANDOM_OPERATIONS", "1000"))
SEED = int(os.environ.get("GANTRY_RANDOM_SEED", "20240229"))


class Driver:
    """Keeps what a client knows: which thread is stopped and reported, and checks it against what the agent says."""

    def __init__(self, target, random_):
        self.target, self.random = target, random_
        self.stopped = None  # the reported stop while the world stands
        self.log = []

    def note(self, text):
        self.log.append(text)

    def take(self):
        """A stopped event that has come: only while the world runs."""
        pending = self.target.pending("stopped")
        assert len(pending) <= 1, "stopped twice: %r" % (pending,)
        if pending:
            assert self.stopped is None, "stopped while stopped: %r after %r" % (pending, self.stopped)
            self.stopped = self.target.wait_stopped()
            self.note("stopped %r" % (self.stopped,))

    def step_of_the_test(self):
        self.target.request("threads")  # a round trip: what was to come has had its chance
        self.take()
        if self.stopped is None:
            self.random.choice([self.pause, self.breakpoints, self.look_at_running, self.wait, self.wait, self.filters])()
        else:
            self.random.choice([self.step, self.step, self.step, self.go_on, self.look, self.look, self.evaluate, self.breakpoints,
                                self.look_everywhere, self.filters])()

    def wait(self):
        """Up to 50 ms for the next stop."""
        try:
            self.stopped = self.target.expect_event("stopped", timeout=0.05)
            self.note("stopped %r" % (self.stopped,))
        except AssertionError:
            pass

    def pause(self):
        numbers = [one["id"] for one in self.target.request("threads")["threads"]]
        number = self.random.choice(numbers)
        self.note("pause %d" % number)
        try:
            self.target.request("pause", threadId=number)
        except RequestFailed:
            return  # the thread has ended
        try:
            self.stopped = self.target.wait_stopped(timeout=5)
        except AssertionError:
            living = [one["id"] for one in self.target.request("threads")["threads"]]
            assert number not in living, "pause of thread %d stops nothing" % number
            self.target.request("pause", threadId=1)
            self.stopped = self.target.wait_stopped(timeout=5)
        self.note("stopped %r" % (self.stopped,))

    def breakpoints(self):
        chosen = self.random.sample(MARKS, self.random.choice([0, 0, 1, 2, 4]))
        wanted = []
        for mark in chosen:
            spot = {"line": mark}
            condition = self.random.choice(CONDITIONS)
            if condition:
                spot["condition"] = condition
            if self.random.random() < 0.2:
                spot["hitCondition"] = self.random.choice(["%3", ">2", "5"])
            if self.random.random() < 0.1:
                spot["logMessage"] = "at {n}"
            wanted.append(spot)
        self.note("breakpoints %r" % (wanted,))
        answers = self.target.set_breakpoints(*wanted)
        assert len(answers) == len(wanted)

    def filters(self):
        chosen = self.random.choice([[], [], [], ["uncaught"], ["raised"], ["userUnhandled"]])
        self.note("filters %r" % (chosen,))
        self.target.request("setExceptionBreakpoints", filters=chosen)

    def look_at_running(self):
        for one in self.target.request("threads")["threads"]:
            try:
                self.target.stack(one["id"])
            except RequestFailed:
                pass  # it has ended

    def step(self):
        command = self.random.choice(["next", "next", "stepIn", "stepIn", "stepOut"])
        more = {"singleThread": True} if self.random.random() < 0.2 else {}
        number = self.stopped["threadId"]
        if self.random.random() < 0.1:
            number = self.random.choice([one["id"] for one in self.target.request("threads")["threads"]])
        self.note("%s %d %r" % (command, number, more))
        before, self.stopped = self.stopped, None
        try:
            self.target.request(command, threadId=number, **more)
            self.wait()
        except RequestFailed:
            assert number not in [one["id"] for one in self.target.request("threads")["threads"]]
            self.stopped = before

    def go_on(self):
        self.note("continue")
        number, self.stopped = self.stopped["threadId"], None
        self.target.request("continue", threadId=number)

    def look(self):
        number = self.stopped["threadId"]
        try:
            frames = self.target.stack(number)
        except RequestFailed:
            assert number not in [one["id"] for one in self.target.request("threads")["threads"]]
            return  # it was paused at its very end
        assert frames, "no frames of the stopped thread"
        frame = self.random.choice(frames)
        native = self.stopped.get("text") == "running native code"  # it comes to its next line when it returns
        for scope in self.target.request("scopes", frameId=frame["id"])["scopes"][:2]:
            if not scope.get("expensive") and not native:
                self.target.request("variables", variablesReference=scope["variablesReference"])
        if native:
            return
        again = self.target.stack(number)
        assert [(one["id"], one["line"]) for one in again] == [(one["id"], one["line"]) for one in frames], "a stopped thread moves"

    def look_everywhere(self):
        for one in self.target.request("threads")["threads"]:
            assert self.target.stack(one["id"]) or one["id"] != self.stopped["threadId"]

    def evaluate(self):
        if self.stopped["threadId"] not in [one["id"] for one in self.target.request("threads")["threads"]]:
            return
        mine = [one for one in self.target.stack(self.stopped["threadId"]) if (one.get("source") or {}).get("path") == self.target.program]
        if not mine:
            return
        frame = mine[0]["id"]
        text = self.random.choice(["1 + 1", "sorted(totals)", "nothing", "over", "[helper(i) for i in range(3)]"])
        try:
            self.target.request("evaluate", expression=text, frameId=frame, context="watch")
        except RequestFailed as failed:
            assert text == "nothing" or self.stopped.get("text") == "running native code", failed

    def end(self):
        """Everything is taken away: the program ends by itself."""
        self.target.set_breakpoints()
        self.target.request("setExceptionBreakpoints", filters=[])
        self.target.request("threads")
        self.take()
        if self.stopped is None:
            self.target.request("continue", threadId=1)  # a step of one thread alone may wait for one that is held
        for _ in range(100):
            self.take()
            if self.stopped is None:
                try:
                    self.stopped = self.target.expect_event("stopped", timeout=0.3)
                except AssertionError:
                    break
            self.go_on()
        self.target.request("evaluate", expression="globals().__setitem__('over', True)", context="repl")
        while True:
            try:
                self.stopped = self.target.expect_event("stopped", timeout=0.2)
            except Exception:
                break
            self.go_on()


class RandomOperations(unittest.TestCase):

    def test_a_thousand_operations(self):
        with Target(PROGRAM) as target:
            driver = Driver(target, random.Random(SEED))
            try:
                target.run()
                target.wait_output("up")
                for _ in range(OPERATIONS):
                    driver.step_of_the_test()
                driver.end()
                code, out, err = target.finish()
                self.assertEqual((0, "up\nend\n", ""), (code, out, err))
                self.assertEqual([], target.events("gantryAgent/trouble"))
            except Exception as error:
                raise AssertionError("seed %d: %s: %s\n%s\n%s" % (SEED, type(error).__name__, error, "\n".join(driver.log[-25:]),
                                                                  target.describe())) from error


if __name__ == "__main__":
    unittest.main()
