"""Audit hooks that refuse what the agent asks of sys.monitoring: the program's own ones, and those of what runs before it."""
import contextlib
import os
import sys
import tempfile
import unittest
from unittest import mock

from harness import Target

HOOK = """\
import sys
def refuse(event, arguments):
    if event == %r:
        raise RuntimeError("refused")
sys.addaudithook(refuse)
"""


@unittest.skipUnless(hasattr(sys, "monitoring"), "needs sys.monitoring")
class Refused(unittest.TestCase):

    def test_the_program_runs_whatever_is_refused_before_it(self):
        for event in ("sys.monitoring.register_callback", "sys._getframe", "sys.settrace"):
            with tempfile.TemporaryDirectory() as site:
                with open(os.path.join(site, "sitecustomize.py"), "w") as file:
                    file.write(HOOK % event)
                for kind, program in (("program", "print(__name__)\n"), ("code", "print(__name__)")):
                    with Target(program, kind=kind, env={"PYTHONPATH": site}) as target:
                        target.run()
                        self.assertEqual((0, "__main__\n", ""), target.finish(), (event, kind))

    def test_a_breakpoint_stops_whatever_the_program_refuses(self):
        program = HOOK % "sys.monitoring.register_callback" + "def f():\n    return 1  # @here\nprint(f())\n"
        with Target(program) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=1)
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_a_breakpoint_that_comes_later_stops_too(self):
        program = (HOOK % "sys.monitoring.register_callback"
                   + "import time\ndef f():\n    return 1  # @here\nprint('up', flush=True)\nwhile f():\n    time.sleep(0.01)\n")
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.set_breakpoints("here")
            target.wait_stopped("breakpoint")

    def test_nothing_is_left_of_what_does_not_start(self):
        from gantry_agent import engine_monitoring
        before = [sys.monitoring.get_tool(number) for number in range(6)]
        for refused in (False, True):
            engine, caught, scope = engine_monitoring.MonitoringEngine(mock.MagicMock()), [], {}
            patch = mock.patch.object(sys.monitoring, "register_callback", side_effect=RuntimeError("refused"))
            with patch if refused else contextlib.nullcontext():
                self.assertEqual(not refused, engine.catch_start(scope, caught.append))
                if not refused:
                    exec("1", scope)
                    engine.catch_no_more(True)
                    self.assertEqual([1, "<string>"], [len(caught), caught[0].co_filename])
                    self.assertNotEqual(before, [sys.monitoring.get_tool(number) for number in range(6)])
                engine.not_started()
            self.assertEqual(before, [sys.monitoring.get_tool(number) for number in range(6)])


if __name__ == "__main__":
    unittest.main()
