"""Who is stopped and who runs: several threads, holding, single threads, stops at the same moment, the registry of threads."""
import queue
import sys
import threading
import types
import unittest

from gantry_agent.settings import Settings
from gantry_agent.stops import Stops
from gantry_agent.threads import ThreadState
from harness import RequestFailed, Target

WORKERS = """\
import threading, time
over = False
counts = [0] * 4
def work(n):
    while not over:
        counts[n] += 1
        time.sleep(0)
threads = [threading.Thread(target=work, args=(n,), name='worker %d' % n, daemon=n == 3) for n in range(4)]
for t in threads:
    t.start()
x = 1  # @stop
y = 2  # @next
z = 3  # @last
over = True
for t in threads:
    t.join()
print('end')
"""
SPIN = """\
import threading, time
over = False
rounds = [0, 0]
def spin(n):
    while not over:
        rounds[n] += 1
def hit():
    for i in range(3):
        time.sleep(0.001)
        a = i  # @hit
t = [threading.Thread(target=spin, args=(0,)), threading.Thread(target=hit)]
for one in t: one.start()
t[1].join()
over = True
t[0].join()
print('end')  # @end
"""


def stands_still(target, expression, thread):
    """Whether a value comes to rest: the first looks may be before the other thread has reached its next line."""
    seen = []
    for _ in range(2000):
        seen.append(target.evaluate(expression, thread))
        if len(seen) >= 20 and len(set(seen[-20:])) == 1:
            return True
    return False


class Threads(unittest.TestCase):

    def test_names_and_numbers(self):
        with Target(WORKERS) as target:
            target.set_breakpoints("stop", "last")
            target.run()
            target.wait_stopped("breakpoint")
            threads = target.request("threads")["threads"]
            self.assertEqual(1, threads[0]["id"])
            self.assertEqual(["MainThread", "worker 0", "worker 1", "worker 2", "worker 3"],
                             [one["name"].replace(" (running native code)", "") for one in threads])
            self.assertEqual([1, 2, 3, 4, 5], [one["id"] for one in threads])
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual([1, 2, 3, 4, 5], [one["id"] for one in target.request("threads")["threads"]])
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_started_and_exited(self):
        program = ("import threading\ndef work():\n    x = 1\nfor i in range(3):\n    t = threading.Thread(target=work)\n    t.start()\n    t.join()\n"
                   "print('end')  # @end\n")
        with Target(program) as target:
            target.set_breakpoints("end")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual([1], [one["id"] for one in target.request("threads")["threads"]])
            told = [(one["reason"], one["threadId"]) for one in target.events("thread")]
            for number in {number for _, number in told}:
                self.assertEqual(["started", "exited"], [reason for reason, one in told if one == number])
            if sys.version_info >= (3, 12):
                self.assertEqual(3, len({number for _, number in told}))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    @unittest.skipIf(sys.version_info < (3, 11), "before 3.11 a thread that threading does not know is traced a moment after its start only")
    def test_threads_of_the_raw_module(self):
        program = ("import _thread, time\ndone = []\ndef work():\n    x = 1  # @work\n    done.append(x)\n_thread.start_new_thread(work, ())\n"
                   "while not done:\n    time.sleep(0.001)\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints("work")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            self.assertNotEqual(1, stopped["threadId"])
            self.assertIn(stopped["threadId"], [one["id"] for one in target.request("threads")["threads"]])
            self.assertEqual("work", target.where(stopped["threadId"])[0])
            target.request("continue", threadId=stopped["threadId"])
            self.assertEqual((0, "end\n", ""), target.finish())


class Holding(unittest.TestCase):

    def test_the_world_stands_still(self):
        with Target(SPIN) as target:
            target.set_breakpoints("hit")
            target.run()
            for _ in range(3):
                stopped = target.wait_stopped("breakpoint")
                self.assertTrue(stopped["allThreadsStopped"])
                thread = stopped["threadId"]
                spinner = [one["id"] for one in target.request("threads")["threads"] if one["id"] not in (1, thread)][0]
                self.assertTrue(stands_still(target, "rounds[0]", thread))
                self.assertEqual("spin", target.where(spinner)[0])
                target.request("continue", threadId=thread)
            self.assertEqual((0, "end\n", ""), target.finish())
            self.assertEqual(3, len(target.events("stopped")))

    def test_held_threads_can_be_looked_at_and_stepped(self):
        with Target(SPIN) as target:
            target.set_breakpoints("hit")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            target.set_breakpoints()
            spinner = [one["id"] for one in target.request("threads")["threads"] if one["id"] not in (1, stopped["threadId"])][0]
            frames = [frame["name"] for frame in target.stack(spinner)]
            self.assertEqual("spin", frames[0])
            self.assertEqual("0", target.evaluate("n", spinner))
            lines = set()
            for _ in range(4):
                target.request("next", threadId=spinner, singleThread=True)
                self.assertEqual(spinner, target.wait_stopped("step")["threadId"])
                lines.add(target.where(spinner))
            self.assertEqual({("spin", 5), ("spin", 6)}, lines)
            target.request("continue", threadId=spinner)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_threads_in_native_code_are_shown_where_they_are(self):
        program = ("import threading\ngo = threading.Event()\ndef wait():\n    go.wait()\n    x = 1  # @after\n    return x\n"
                   "t = threading.Thread(target=wait)\nt.start()\nimport time\ntime.sleep(0.02)\na = 1  # @stop\ngo.set()\nt.join()\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            threads = target.request("threads")["threads"]
            self.assertEqual([("MainThread", False), (threads[1]["name"], True)],
                             [(one["name"], one["name"].endswith(" (running native code)")) for one in threads])
            waiting = threads[1]["id"]
            self.assertIn("wait", [frame["name"].rpartition(".")[2] for frame in target.stack(waiting)])
            frame = [one for one in target.stack(waiting) if one["name"] == "wait"][0]
            self.assertTrue(target.request("scopes", frameId=frame["id"])["scopes"])
            self.assertEqual("4", target.request("evaluate", expression="2 + 2", frameId=frame["id"])["result"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_a_lock_that_a_held_thread_has(self):
        """An evaluation waits for a lock whose owner is held: it is told, and goes on when the world does."""
        program = ("import threading, time\nlock = threading.Lock()\nhave = threading.Event()\nover = False\ndef owner():\n    with lock:\n        have.set()\n"
                   "        while not over:\n            time.sleep(0.001)\nt = threading.Thread(target=owner)\nt.start()\nhave.wait()\n"
                   "def ask():\n    with lock:\n        return 5\na = 1  # @stop\nover = True\nt.join()\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            frame = target.stack()[0]["id"]
            asked = target.send("evaluate", expression="ask()", frameId=frame, context="repl")
            told = target.expect_event("output", where=lambda body: body.get("category") == "important")
            self.assertIn("evaluate", told["output"])
            self.assertFalse(target.answered(asked))
            owner = [one["id"] for one in target.request("threads")["threads"] if one["id"] != 1][0]
            top = target.stack(owner)[0]["id"]
            target.request("evaluate", expression="globals().__setitem__('over', True)", frameId=top, context="repl")
            target.request("continue", threadId=owner)
            self.assertEqual("5", target.answer(asked)["body"]["result"])
            self.assertEqual((0, "end\n", ""), target.finish())


class AtTheSameMoment(unittest.TestCase):
    PROGRAM = """\
import threading
barrier = threading.Barrier(8)
def work(n):
    barrier.wait()
    x = n  # @hit
    return x
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print('end')
"""

    def test_each_hit_is_told_once_and_one_at_a_time(self):
        with Target(self.PROGRAM) as target:
            target.set_breakpoints("hit")
            target.run()
            seen = []
            for _ in range(8):
                stopped = target.wait_stopped("breakpoint")
                self.assertEqual([], target.pending("stopped"))
                seen.append(target.evaluate("n", stopped["threadId"]))
                target.request("continue", threadId=stopped["threadId"])
            self.assertEqual([str(n) for n in range(8)], sorted(seen))
            self.assertEqual((0, "end\n", ""), target.finish())
            self.assertEqual(8, len(target.events("stopped")))


class Single(unittest.TestCase):

    def test_continue_of_one_thread(self):
        with Target(SPIN) as target:
            target.set_breakpoints("hit")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            thread = stopped["threadId"]
            body = target.request("continue", threadId=thread, singleThread=True)
            self.assertFalse(body["allThreadsContinued"])
            stopped = target.wait_stopped("breakpoint")
            self.assertEqual(thread, stopped["threadId"])
            self.assertTrue(stands_still(target, "rounds[0]", thread))
            self.assertTrue(target.request("continue", threadId=thread)["allThreadsContinued"])
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=thread)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_step_of_one_thread(self):
        with Target(SPIN, configure={"steppingResumesAllThreads": False}) as target:
            target.set_breakpoints("hit")
            target.run()
            thread = target.wait_stopped("breakpoint")["threadId"]
            self.assertTrue(stands_still(target, "rounds[0]", thread))
            first = target.evaluate("rounds[0]", thread)
            self.assertEqual(("hit", 8), target.go("next", thread))
            self.assertEqual(first, target.evaluate("rounds[0]", thread))
            target.set_breakpoints()
            target.request("continue", threadId=thread)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_threads_that_stop_alone(self):
        with Target(SPIN, configure={"stopAllThreadsOnSuspend": False}) as target:
            target.set_breakpoints("hit", "end")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            thread = stopped["threadId"]
            self.assertFalse(stopped["allThreadsStopped"])
            seen = {target.evaluate("rounds[0]", thread) for _ in range(40)}
            self.assertGreater(len(seen), 1)
            for _ in range(2):
                target.request("continue", threadId=thread)
                target.wait_stopped("breakpoint")
            target.request("continue", threadId=thread)
            self.assertEqual(1, target.wait_stopped("breakpoint")["threadId"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())


class Ending(unittest.TestCase):

    def test_a_thread_is_ended(self):
        program = ("import threading, time\nended = []\ndef work():\n    try:\n        while True:\n            time.sleep(0.001)  # @loop\n"
                   "    finally:\n        ended.append(1)\nt = threading.Thread(target=work)\nt.start()\nt.join()\nprint('end', ended)\n")
        with Target(program) as target:
            target.set_breakpoints("loop")
            target.run()
            thread = target.wait_stopped("breakpoint")["threadId"]
            target.set_breakpoints()
            with self.assertRaises(RequestFailed):
                target.request("terminateThreads", threadIds=[1])
            target.request("terminateThreads", threadIds=[thread])
            target.request("continue", threadId=1)
            self.assertEqual((0, "end [1]\n", ""), target.finish())

    def test_main_thread_ends_while_another_is_stopped(self):
        program = ("import sys, threading\ndef work():\n    x = 1  # @hit\n    sys.stdout.write('work\\n')\nthreading.Thread(target=work).start()\nsys.stdout.write('main\\n')\n")
        with Target(program) as target:
            target.set_breakpoints("hit")
            target.run()
            thread = target.wait_stopped("breakpoint")["threadId"]
            target.request("continue", threadId=thread)
            code, out, err = target.finish()
            self.assertEqual((0, ["main", "work"], ""), (code, sorted(out.split()), err))

    def test_daemon_thread_that_is_stopped_at_the_end(self):
        program = ("import threading, time\ndef work():\n    while True:\n        x = 1  # @hit\n        time.sleep(0.001)\n"
                   "threading.Thread(target=work, daemon=True).start()\ntime.sleep(0.05)\nprint('main')\n")
        with Target(program, configure={"stopAllThreadsOnSuspend": False}) as target:
            target.set_breakpoints("hit")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual((0, "main\n", ""), target.finish())


@unittest.skipUnless(hasattr(sys, "monitoring"), "events of single calls can be asked for from 3.12 on")
class StepsThatAreOver(unittest.TestCase):
    """A step that nobody ends any more must not leave the program slow."""

    PROGRAM = """\
import sys, threading, time
def calls_are_told():
    monitoring = sys.monitoring
    return any(monitoring.get_events(tool) & monitoring.events.PY_RESUME for tool in range(6) if monitoring.get_tool(tool))
threading.excepthook = lambda *_: None
sys.path.insert(0, 'site-packages')
import spinning
def work():
    spinning.spin()  # @work
thread = threading.Thread(target=work)
thread.start()
while not spinning.started:
    time.sleep(0.001)
x = 1  # @held
spinning.over.append(1)
thread.join()
print(calls_are_told())
"""
    SPIN = "started, over = [], []\ndef spin():\n    started.append(1)\n    while not over:\n        pass\n    raise ValueError\n"

    def stepping(self, *marks):
        target = Target(self.PROGRAM, files={"site-packages/spinning.py": self.SPIN})
        target.set_breakpoints("work", *marks)
        target.run()
        stopped = target.wait_stopped("breakpoint")
        target.request("stepIn", threadId=stopped["threadId"])
        return target, stopped["threadId"]

    def test_a_thread_ends_in_the_middle_of_a_step(self):
        target, _ = self.stepping()
        with target:
            self.assertEqual((0, "False\n", ""), target.finish())

    def test_another_thread_stops_in_the_middle_of_a_step(self):
        target, stepping = self.stepping("held")
        with target:
            stopped = target.wait_stopped("breakpoint")
            self.assertNotEqual(stepping, stopped["threadId"])
            names = lambda: [one["name"] for one in target.request("threads")["threads"] if one["id"] == stepping]
            while "native" in names()[0]:
                pass
            target.request("continue", threadId=stopped["threadId"])
            self.assertEqual((0, "False\n", ""), target.finish())


class Interrupted(unittest.TestCase):

    def test_a_signal_in_the_moment_of_a_stop_is_raised_when_the_program_goes_on(self):
        nothing = lambda *_: None
        thread, told, raised = ThreadState(1, 0), queue.Queue(), []
        agent = types.SimpleNamespace(
            settings=Settings(), trouble=told.put, send_event=lambda name, body: told.put(name),
            threads=types.SimpleNamespace(refreshed=lambda: thread, all=nothing, keep=nothing, states=lambda: [thread], hidden=()),
            engine=types.SimpleNamespace(can_jump_now=True, hold=nothing, release=nothing, arm_step=nothing),
            looking=types.SimpleNamespace(going=nothing, resumed=nothing), watches=types.SimpleNamespace(resumed=nothing),
            files=types.SimpleNamespace(catalog=types.SimpleNamespace(stopped=nothing)))
        stops = Stops(agent)
        enter, signals = stops._enter, [KeyboardInterrupt]

        def interrupted(*given):
            result = enter(*given)
            if signals:
                raise signals.pop()
            return result
        stops._enter = interrupted

        def work():
            try:
                stops.stop(sys._getframe(), "breakpoint")
            except KeyboardInterrupt:
                raised.append(thread.stopped)
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        self.assertEqual("stopped", told.get(timeout=10))
        stops.resume(thread)
        worker.join(10)
        self.assertEqual([None], raised)
        self.assertFalse(stops.held or thread.inside)


if __name__ == "__main__":
    unittest.main()
