"""The calls in the library that Python 3.8 to 3.11 need are made once and kept; what is kept and does not fit is not used."""
import glob
import marshal
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import harness
from harness import Target

PROGRAM = "import other\nprint(other.y)\n"
OTHER = {"other.py": "x = 1\ny = x + 1  # @y\n"}


class Kept(unittest.TestCase):
    name = ""

    def setUp(self):
        self.parent = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.parent)
        self.directory = os.path.join(self.parent, "agent")
        shutil.copytree(harness.SOURCES, self.directory)
        patch = mock.patch.object(harness, "unpacked", lambda: self.directory)
        patch.start()
        self.addCleanup(patch.stop)

    def kept(self):
        return glob.glob(os.path.join(self.directory, "bundle-%s-*" % self.name))

    def mends_what_does_not_fit(self, path, whole, works):
        other = compile("def f(code):\n    return code\n", "other", "exec").co_consts[0]
        for kept in (b"", whole[:len(whole) // 2], marshal.dumps([(other, other)]), marshal.dumps(5)):
            with open(path, "wb") as file:
                file.write(kept)
            works()
            with open(path, "rb") as file:
                self.assertEqual(marshal.loads(whole), marshal.loads(file.read()), "mended")


@unittest.skipUnless(sys.version_info < (3, 12), "later ones need no call in the library")
class Threads(Kept):
    """The call that tells of exceptions that leave a thread, or before 3.11 that threading was loaded."""

    name = "threads"
    program = "import threading\ndef dies():\n    raise ValueError(5)\nthread = threading.Thread(target=dies)\nthread.start()\nthread.join()\n"

    def stops_where_the_thread_dies(self, loaded=sys.version_info >= (3, 11)):
        """`loaded`: threading is, before the agent starts."""
        place = os.path.join(self.parent, "site")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "sitecustomize.py"), "w") as file:
            file.write("import threading\n" if loaded else "")
        with Target(self.program, env={"PYTHONPATH": place}) as target:
            target.request("setExceptionBreakpoints", filters=["uncaught"])
            target.run()
            stop = target.wait_stopped("exception")
            self.assertEqual(3, target.where(stop["threadId"])[1])
            target.request("continue", threadId=stop["threadId"])
            status, output, errors = target.finish()
            self.assertEqual((0, ""), (status, output))
            self.assertIn("ValueError: 5", errors)
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_made_once_and_what_does_not_fit_is_not_used(self):
        self.stops_where_the_thread_dies()
        path, = self.kept()
        with open(path, "rb") as file:
            whole = file.read()
        written = os.stat(path).st_mtime_ns
        self.stops_where_the_thread_dies()
        self.assertEqual([written], [os.stat(one).st_mtime_ns for one in self.kept()])
        self.mends_what_does_not_fit(path, whole, self.stops_where_the_thread_dies)

    def test_nothing_is_written_once_the_program_runs(self):
        for _ in range(2):
            self.stops_where_the_thread_dies(loaded=False)
        names = []
        for path in self.kept():
            with open(path, "rb") as file:
                names += [original.co_name for original, _ in marshal.loads(file.read())]
        loaded = subprocess.run([sys.executable, "-c", "import sys\nprint('threading' in sys.modules)"], stdout=subprocess.PIPE, check=True)
        if loaded.stdout.strip() == b"True":  # by a .pth file of this Python
            self.assertEqual(["_bootstrap_inner"], names)
        else:  # not the call in threading, which the program loads
            self.assertEqual([] if sys.version_info >= (3, 11) else ["exec_module"], names)


@unittest.skipUnless(sys.version_info[:2] == (3, 11), "only 3.11 needs them")
class Loaders(Kept):
    name = "loaders"

    def stops_in_the_module(self, program=PROGRAM, kind="program", files=OTHER):
        with Target(program, kind=kind, files=files) as target:
            path = os.path.join(target.directory, "other.py")
            answer = target.request("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2}])
            self.assertTrue(answer["breakpoints"][0]["verified"])
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(2, target.where()[1])
            target.request("continue", threadId=1)
            self.assertEqual((0, "2\n", ""), target.finish())
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_made_once(self):
        self.stops_in_the_module()
        self.assertEqual(1, len(self.kept()))
        with open(self.kept()[0], "rb") as file:
            before = file.read()
        self.assertEqual(["exec_module"], [original.co_name for original, _ in marshal.loads(before)])
        with open(self.kept()[0], "wb") as file:
            file.write(marshal.dumps([(original, made.replace(co_name="kept")) for original, made in marshal.loads(before)]))
        with Target("import importlib._bootstrap_external as b\nprint(b._LoaderBasics.exec_module.__code__.co_name)\n") as target:
            target.run()
            self.assertEqual((0, "kept\n", ""), target.finish())
        self.stops_in_the_module()

    def test_a_kept_one_has_the_name_of_the_file_that_this_start_has(self):
        program = "import importlib._bootstrap_external as b\nprint(b._LoaderBasics.exec_module.__code__.co_filename)\n"
        names = []
        for options in ((), ("-X", "frozen_modules=off"), ()):
            with Target(program, python_args=options) as target:
                target.run()
                names.append(target.finish())
        self.assertEqual((0, "<frozen importlib._bootstrap_external>\n", ""), names[0])
        self.assertEqual(names[0], names[2])

    def test_a_module_as_the_program_needs_runpy_too(self):
        for _ in range(2):
            self.stops_in_the_module("first", "module", dict(OTHER, **{"first.py": PROGRAM}))
        with open(self.kept()[0], "rb") as file:
            self.assertEqual(["exec_module", "_run_code"], [original.co_name for original, _ in marshal.loads(file.read())])

    def test_what_does_not_fit_is_not_used(self):
        self.stops_in_the_module()
        path = self.kept()[0]
        with open(path, "rb") as file:
            whole = file.read()
        self.mends_what_does_not_fit(path, whole, self.stops_in_the_module)

    def test_nothing_is_kept_beside_the_sources_themselves(self):
        self.directory = os.path.join(self.parent, "gantry_agent")
        shutil.copytree(harness.SOURCES, self.directory)
        self.stops_in_the_module()
        self.assertEqual([], glob.glob(os.path.join(self.directory, "bundle-*")))


if __name__ == "__main__":
    unittest.main()
