"""Locks that a stopped thread holds: the agent never waits for one of them."""
import _thread
import gc
import unittest

from gantry_agent import core
from harness import Target

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


class LocksTest(unittest.TestCase):

    def agent(self, stopped):
        made = core.Agent.__new__(core.Agent)
        made.stops, made.working = Stops(stopped), _thread.allocate_lock()
        return made

    def collects(self, agent):
        """Whether garbage is collected while the agent works."""
        seen = []
        agent.calmly(lambda: seen.append(gc.isenabled()))
        return seen[0]

    def test_no_finalizer_of_the_target_runs_on_the_agents_thread_while_it_is_stopped(self):
        self.assertTrue(gc.isenabled())
        self.assertFalse(self.collects(self.agent(True)))
        self.assertTrue(gc.isenabled())
        with self.assertRaises(ZeroDivisionError):
            self.agent(True).calmly(lambda: 1 / 0)
        self.assertTrue(gc.isenabled())

    def test_a_target_that_runs_or_has_no_collection_is_left_alone(self):
        self.assertTrue(self.collects(self.agent(False)))
        gc.disable()
        try:
            self.assertFalse(self.collects(self.agent(True)))
            self.assertFalse(gc.isenabled())
        finally:
            gc.enable()

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
