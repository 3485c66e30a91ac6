"""Locks that a stopped thread holds: the agent never waits for one of them."""
import _thread
import gc
import os
import threading
import unittest

from gantry_agent import calm, core, locks
from harness import Ended, Target

IMPORTS = """\
import sys
for number in range(3):
    sys.modules.pop("colorsys", None)
    import colorsys
    try:
        {}["missing"]  # @user
    except KeyError:
        pass
print("end")
"""


class Stops:
    def __init__(self, stopped):
        self.stopped = stopped

    def anybody(self):
        return self.stopped


# A finalizer that waits for another thread, as soon as it runs on a thread that holds the agent's lock; until then it leaves itself behind.
FINALIZER = """\
import _thread
import gc
import sys
import threading

asked, done, over = [_thread.allocate_lock() for _ in range(3)]
for lock in asked, done, over:
    lock.acquire()
met = []
with open(sys.argv[1]) as file:
    text = file.read()


def work():
    asked.acquire()
    space = {}
    exec(compile(text, sys.argv[1], "exec"), space)
    space["new"]()
    done.release()


def holds_a_lock():
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<gantry_agent"):
            lock = getattr(frame.f_locals.get("self"), "_lock", None)
            if hasattr(lock, "is_mine") and lock.is_mine():
                return True
        frame = frame.f_back
    return False


class Waits:
    def __init__(self):
        self.me = self

    def __del__(self):
        if met:
            return
        if not holds_a_lock():
            Waits()
            return
        met.append(True)
        asked.release()
        print("let through" if done.acquire(True, 15) else "stuck")
        over.release()


worker = threading.Thread(target=work)
worker.start()
gc.set_threshold(1)
Waits()
print("ready")
over.acquire()
worker.join()
"""

OTHER = """\
def new():
    return 1  # @new
"""


class LocksTest(unittest.TestCase):

    def agent(self, stopped):
        made = core.Agent.__new__(core.Agent)
        made.stops, made.working, made.calm = Stops(stopped), _thread.allocate_lock(), calm.Calm(made)
        return made

    def collects(self, agent):
        """Whether garbage is collected while the agent works."""
        def work():
            for _ in range(3):
                kept = [[] for _ in range(gc.get_threshold()[0] % 100000 + 100)]
                del kept
        seen = []

        def collected(phase, info):
            seen.append(phase)
        gc.collect()
        gc.callbacks.append(collected)
        try:
            agent.calmly(work)
        finally:
            gc.callbacks.remove(collected)
        return bool(seen)

    def test_the_child_of_a_fork_need_not_wait_for_the_agents_thread(self):
        before, made = gc.get_threshold(), calm.Calm(None)
        made.over()
        self.assertEqual(before, gc.get_threshold())
        with made:
            self.assertNotEqual(before, gc.get_threshold())
            made.over()
            self.assertEqual(before, gc.get_threshold())
        self.assertEqual(before, gc.get_threshold())

    def test_no_finalizer_of_the_target_runs_on_the_agents_thread_while_it_is_stopped(self):
        before = gc.get_threshold()
        self.assertTrue(gc.isenabled())
        self.assertFalse(self.collects(self.agent(True)))
        self.assertEqual(before, gc.get_threshold())
        with self.assertRaises(ZeroDivisionError):
            self.agent(True).calmly(lambda: 1 / 0)
        self.assertEqual(before, gc.get_threshold())

    def test_a_target_that_runs_is_left_alone(self):
        self.assertTrue(self.collects(self.agent(False)))

    def test_what_the_target_makes_of_collection_meanwhile_stays(self):
        agent, before = self.agent(True), gc.get_threshold()
        try:
            agent.calmly(gc.disable)
            self.assertFalse(gc.isenabled())
            agent.calmly(gc.enable)
            self.assertTrue(gc.isenabled())
            agent.calmly(lambda: gc.set_threshold(601, 7, 8))
            self.assertEqual((601, 7), gc.get_threshold()[:2])
        finally:
            gc.enable()
            gc.set_threshold(*before)

    def test_thresholds_that_the_target_has_read_meanwhile_and_puts_back_are_its_own_again(self):
        agent, before, read = self.agent(True), gc.get_threshold(), []
        try:
            agent.calmly(lambda: read.append(gc.get_threshold()))
            gc.set_threshold(*read[0])
            agent.calmly(lambda: agent.calm.__enter__() or agent.calm.__exit__())
            self.assertEqual(before, gc.get_threshold())
        finally:
            gc.set_threshold(*before)

    def other(self, work):
        """A thread that has ended before the test does."""
        thread = threading.Thread(target=work)
        thread.start()
        self.addCleanup(lambda: self.assertFalse(thread.is_alive()))
        self.addCleanup(thread.join, 20)
        return thread

    def holder(self, lock, name):
        """(a thread that has the lock and waits, in code of a file of that name; what it waits for)"""
        taken, go = threading.Event(), _thread.allocate_lock()
        go.acquire()
        space = {"lock": lock, "taken": taken, "go": go}
        exec(compile("def hold():\n with lock:\n  taken.set()\n  go.acquire()\n", name, "exec"), space)
        thread = self.other(space["hold"])
        self.assertTrue(taken.wait(20))
        return thread, go

    def test_nobody_waits_for_a_lock_whose_owner_waits_in_code_of_the_target(self):
        lock = locks.Lock()
        before, go = self.holder(lock, "target.py")
        with lock:
            go.release()  # the old owner gives back what is not its own any more
            before.join(20)
            self.assertFalse(before.is_alive())
            self.assertTrue(lock.is_mine())
        self.assertFalse(lock.is_mine())
        _, go = self.holder(lock, "target.py")
        go.release()

    def test_an_owner_that_works_is_waited_for(self):
        lock = locks.Lock()
        _, go = self.holder(lock, "<gantry_agent/engine.py>")
        taken = []
        thread = self.other(lambda: lock.__enter__() and taken.append(lock.__exit__()))
        thread.join(0.5)
        self.assertEqual([], taken)
        go.release()
        thread.join(20)
        self.assertEqual([None], taken)

    def test_a_finalizer_on_the_agents_thread_may_wait_for_a_thread_that_needs_the_agents_lock(self):
        with Target(FINALIZER, files={"other.py": OTHER}, args=["other.py"]) as target:
            other = os.path.join(target.directory, "other.py")
            target.set_breakpoints({"line": "new", "condition": "False"}, path=other)
            target.run()
            target.wait_output("ready")
            for number in range(200):
                if "let" in target.stdout() or "stuck" in target.stdout():
                    break
                try:
                    target.set_breakpoints({"line": "new", "condition": "%d < 0" % number}, path=other)
                except (Ended, BrokenPipeError):
                    break  # the finalizer was let through, and the program is over
            self.assertEqual((0, "ready\nlet through\n", ""), target.finish())

    def test_nobody_is_stopped_where_the_lock_of_all_imports_is_held(self):
        with Target(IMPORTS, configure={"justMyCode": False}) as target:
            target.request("setExceptionBreakpoints", filters=["raised"])
            target.run()
            seen = []
            while len(seen) < 3:
                target.wait_stopped("exception")
                frames = target.stack()
                self.assertFalse(frames[0]["source"]["name"].startswith("_bootstrap"), frames[0])
                if frames[0]["line"] == target.line("user"):
                    seen.append(frames[0]["name"])
                if len(seen) == 3:
                    target.request("setExceptionBreakpoints", filters=[])
                target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_a_step_into_an_import_does_not_end_in_the_interpreters_own_code(self):
        with Target("x = 1  # @here\nimport colorsys  # @import\ny = 2  # @after\n", configure={"justMyCode": False},
                    python_args=("-S",)) as target:         # without the finders of site-packages
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            target.go("next")
            self.assertEqual("<module>", target.go("stepIn")[0])
            self.assertEqual("colorsys.py", target.stack()[0]["source"]["name"])
            self.assertIn(target.go("stepOut"), [("<module>", target.line("import")), ("<module>", target.line("after"))])
            target.request("continue", threadId=1)
            self.assertEqual((0, "", ""), target.finish())


if __name__ == "__main__":
    unittest.main()
