"""Pythons without an engine (2.7, 3.6, 3.7) run the target undebugged and say so.

The differential test cannot run in them: this one runs here, and they run its programs.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import harness
import test_differential

ROOTS = [os.environ.get("GANTRY_OLD_PYTHONS", ""), os.path.expanduser("~/.pyenv/versions")]
# What they can run of the differential test's programs, syntax and library taken into account.
NAMES = ("argv", "as_module", "as_directory", "as_code", "chained", "del_at_exit", "excepthook_raises", "exit_text", "interrupt", "interrupt_signal",
         "missing_file", "stdin")
# Where 2.7 does not understand one of them, its error is compared.


def old_pythons():
    found = {}
    for root in ROOTS:
        for name in sorted(os.listdir(root)) if os.path.isdir(root) else ():
            path = os.path.join(root, name, "bin", "python")
            if name.startswith(("2.7", "3.6", "3.7", "pypy")) and os.path.exists(path):
                found[name] = path
    return found


class OtherImplementationTest(unittest.TestCase):
    """This Python says that it is another one, as early as the agent could ask."""

    FAKE = "import sys\nsys.implementation.name = %r\nsys.implementation.cache_tag = %r + '310'\n"

    def target(self, name, program, more=""):
        place = tempfile.mkdtemp(prefix="gantry-other-")
        self.addCleanup(shutil.rmtree, place, True)
        with open(os.path.join(place, "sitecustomize.py"), "w") as file:
            file.write(self.FAKE % (name, name) + more)
        return harness.Target(program, args=["a"], env={"PYTHONPATH": place})

    def refused(self, target, name, word):
        self.assertEqual((False, word), (target.hello["debugging"], target.hello["implementation"]))
        self.assertEqual("Gantry debugs CPython only; this is %s: the program runs without debugging." % name, target.hello["why"])
        answer, = target.set_breakpoints("here")
        self.assertEqual((False, target.hello["why"]), (answer["verified"], answer["message"]))
        with self.assertRaisesRegex(harness.RequestFailed, "this is " + name):
            target.request("threads")
        target.run()

    def test_pypy_runs_the_program_and_says_that_it_is_not_debugged(self):
        with self.target("pypy", "import sys\nprint(sys.argv[1:])  # @here\nsys.exit(3)\n", "sys.pypy_version_info = (7, 3, 12)\n") as target:
            self.refused(target, "PyPy", "pypy")
            self.assertEqual((3, "['a']\n", ""), target.finish())

    def test_a_program_that_fails_on_pypy_ends_as_it_would(self):
        with self.target("pypy", "x = 1  # @here\nraise ValueError(x)\n", "sys.pypy_version_info = (7, 3, 12)\n") as target:
            self.refused(target, "PyPy", "pypy")
            code, out, err = target.finish()
            self.assertEqual((1, ""), (code, out))
            self.assertRegex(err, r"^Traceback .*:\n  File \".*main.py\", line 2, in <module>\n(.*\n)+ValueError: 1\n$")

    def test_any_other_is_named(self):
        with self.target("graalpy", "print(1)  # @here\n") as target:
            self.refused(target, "graalpy", "graalpy")
            self.assertEqual((0, "1\n", ""), target.finish())


class OldPythonTest(unittest.TestCase):
    maxDiff = None

    def test_the_target_runs_and_the_adapter_is_told_why_not_debugged(self):
        for name, python in old_pythons().items():
            with self.subTest(python=name), harness.Target("import sys\nprint(sys.argv[1:])\nsys.exit(3)\n", python=python, args=["a"]) as target:
                self.assertFalse(target.hello["debugging"])
                self.assertIn("runs without debugging", target.hello["why"])
                answer = target.request("setBreakpoints", source={"path": target.program}, breakpoints=[{"line": 2}, {"line": 3}])
                self.assertEqual([False, False], [one["verified"] for one in answer["breakpoints"]])
                with self.assertRaises(harness.RequestFailed):
                    target.request("threads")
                target.run()
                self.assertEqual((3, "['a']\n", ""), target.finish())

    def test_a_channel_that_it_connects_to_itself(self):
        program = "import os, sys\nprint('_socket' in sys.modules or 'GANTRY_AGENT_TOKEN' in os.environ)\nimport socket\nprint(socket.socket().fileno() >= 0)\n"
        for name, python in old_pythons().items():
            for way in ("unix", "tcp"):
                with self.subTest(python=name, way=way), harness.Target(program, python=python, connects=way) as target:
                    self.assertFalse(target.hello["debugging"])
                    target.run()
                    self.assertEqual((0, "False\nTrue\n", ""), target.finish())

    def test_programs_end_as_without_the_agent(self):
        for version, python in old_pythons().items():
            for name in NAMES:
                with self.subTest(python=version, program=name):
                    self._compare(name, python)

    def _compare(self, name, python):
        results = []
        for way in ("plain", "under_agent"):
            directory = os.path.join(os.path.realpath(tempfile.gettempdir()), "gantry-old-%d" % os.getpid())
            shutil.rmtree(directory, ignore_errors=True)
            shutil.copytree(os.path.join(test_differential.PROGRAMS, "shared"), directory)
            try:
                results.append(getattr(test_differential.Case(name, directory, python), way)())
            finally:
                shutil.rmtree(directory, ignore_errors=True)
        plain, old = results
        for at in (1, 2):
            self.assertEqual(test_differential._normal(plain[at]), test_differential._normal(old[at]))
        self.assertEqual(plain[0], old[0])


if __name__ == "__main__":
    unittest.main()
