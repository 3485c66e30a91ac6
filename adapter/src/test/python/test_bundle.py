"""The compiled agent that is kept beside its sources: what a start takes from it, what does not fit, and the garbage collector meanwhile."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import harness
from harness import Target

COLLECTOR = "import gc\nprint(gc.isenabled(), gc.get_freeze_count(), gc.get_threshold())\n"


class Bundle(unittest.TestCase):

    def setUp(self):
        self.parent = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.parent)
        self.directory = os.path.join(self.parent, "agent")
        shutil.copytree(harness.SOURCES, self.directory, ignore=shutil.ignore_patterns("__pycache__"))
        patch = mock.patch.object(harness, "unpacked", lambda: self.directory)
        patch.start()
        self.addCleanup(patch.stop)

    def path(self):
        return os.path.join(self.directory, "bundle-%s.bin" % sys.implementation.cache_tag)

    def bundle(self):
        with open(self.path(), "rb") as file:
            return file.read()

    def keep(self, data):
        with open(self.path(), "wb") as file:
            file.write(data)

    def run_it(self, program="print(1)\n", expected=(0, "1\n", ""), **more):
        with Target(program, **more) as target:
            target.run()
            self.assertEqual(expected, target.finish())
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def sections(self, data):
        """(where the second section begins, where the part ends that each start needs)."""
        second = 4 + int(data[:4])
        ends = data.index(b"\n", second) + 1
        return second, ends + 16 + int(data[ends + 8:ends + 16])

    def test_a_start_needs_nothing_of_the_later_part(self):
        self.run_it()
        data = self.bundle()
        needed = self.sections(data)[1]
        self.assertLess(needed, len(data) / 2)
        self.keep(data[:needed])
        self.run_it()
        self.assertEqual(needed, len(self.bundle()), "it was good enough, so it was not made again")

    def test_neither_does_what_every_program_may_do(self):
        """The end of a program that fails, threads and child processes: what they run of the agent has no stand-in."""
        self.run_it()
        data = self.bundle()
        self.keep(data[:self.sections(data)[1]])
        self.run_it("import sys\nsys.exit(3)\n", (3, "", ""))
        self.run_it("import threading\nthread = threading.Thread(target=print, args=(1,))\nthread.start()\nthread.join()\n")
        if hasattr(os, "fork"):
            self.run_it("import os\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\nelse:\n    print(1)\n")
        with Target("def fail():\n    1 / 0\nfail()\n") as target:
            target.run()
            status, output, errors = target.finish()
            self.assertEqual((1, "", "ZeroDivisionError: division by zero"), (status, output, errors.rstrip().rpartition("\n")[2]))
            self.assertTrue(errors.startswith("Traceback (most recent call last):\n"), errors)
            self.assertNotIn("gantry", errors.replace(target.program, ""))

    def test_the_later_part_is_read_before_the_program_can_take_it_away(self):
        self.run_it()
        program = "import shutil, sys\nshutil.rmtree(sys.argv[1])\nx = [5]  # @here\nprint(x)\n"
        with Target(program, args=[self.directory]) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertFalse(os.path.exists(self.directory))
            self.assertEqual("[0, 1]", target.request("evaluate", expression="list(range(2))", context="repl", frameId=target.stack()[0]["id"])["result"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "[5]\n", ""), target.finish())

    def test_what_does_not_fit_is_made_again(self):
        self.run_it()
        whole = self.bundle()
        second, needed = self.sections(whole)
        for kept in (b"", b"rubbish", whole[:second // 2], whole[:second + 20], whole[:needed // 2], whole.replace(b"agent\n", b"other\n", 1)):
            self.keep(kept)
            self.run_it()
            self.assertGreater(len(self.bundle()), needed + (len(whole) - needed) * 0.99, "mended")

    def test_nothing_is_open_when_the_program_begins(self):
        listing = "import os\nprint(sorted(int(one) for one in os.listdir('/proc/self/fd') if int(one) < 200))\n"
        if os.path.isdir("/proc/self/fd"):
            for _ in range(2):
                with Target(listing) as target:
                    target.run()
                    status, output, errors = target.finish()
                    self.assertEqual((0, ""), (status, errors))
                    self.assertEqual([0, 1, 2, 3], eval(output), "3 is the directory that is listed")

    def test_the_collector_is_as_it_was(self):
        plain = self.plain(COLLECTOR)
        self.assertTrue(plain.startswith("True "), plain)
        for _ in range(2):  # without the bundle, and with it
            self.run_it(COLLECTOR, (0, plain, ""))

    def test_a_collector_that_was_off_stays_off(self):
        site = self.site("import gc\ngc.disable()\n")
        plain = self.plain(COLLECTOR, site)
        self.assertTrue(plain.startswith("False "), plain)
        self.run_it(COLLECTOR, (0, plain, ""), env=site)

    def test_the_collector_is_on_where_the_program_cannot_be_read(self):
        hook = "import gc, sys\nsys.excepthook = lambda *_: print(gc.isenabled())\n"
        for _ in range(2):
            self.run_it("def broken(\n", (1, "True\n", ""), env=self.site(hook))

    def test_what_was_frozen_stays_so(self):
        program = "import gc\nprint(gc.isenabled(), gc.get_freeze_count() > 1000)\n"
        self.run_it(program, (0, "True True\n", ""), env=self.site("import gc\ngc.freeze()\n"))

    def site(self, text):
        """The environment in which an interpreter runs `text` at its start."""
        place = os.path.join(self.parent, "site")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "sitecustomize.py"), "w") as file:
            file.write(text)
        return {"PYTHONPATH": place}

    def plain(self, program, environment=()):
        return subprocess.run([sys.executable, "-c", program], env=dict(os.environ, **dict(environment)), stdout=subprocess.PIPE,
                              check=True).stdout.decode().replace("\r", "")


if __name__ == "__main__":
    unittest.main()
