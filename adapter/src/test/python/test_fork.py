"""Forks of the target: the child runs undebugged, the parent is debugged as before."""
import os
import sys
import unittest

from harness import Target

MANY = """\
import os
for n in range(100):
    pid = os.fork()
    if pid == 0:
        x = n  # @child
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
print("forked")
y = 1  # @parent
"""

THREADS = """\
import os
import threading
def work(event):
    event.set()
    z = 1  # @worker
    return z
event = threading.Event()
thread = threading.Thread(target=work, args=(event,))
thread.start()
event.wait()
thread.join(0.3)
pid = os.fork()
if pid == 0:
    print("child", flush=True)
    os._exit(3)
print(os.waitpid(pid, 0)[1] >> 8, flush=True)
thread.join()
"""

ASKED = """\
import os
pid = None
x = 1  # @here
if pid == 0:
    print("child goes on", flush=True)
    os._exit(4)
print(os.waitpid(pid, 0)[1] >> 8)
"""

CALM = """\
import gc
import os
before = gc.get_threshold()
x = 1  # @here
print(gc.get_threshold() == before)
"""

SERVED = """\
import os
import subprocess
import sys
print(subprocess.run([sys.executable, "-c", "print(5)"], preexec_fn=lambda: None, stdout=subprocess.PIPE).stdout)
x = 1  # @after
"""


@unittest.skipUnless(hasattr(os, "fork"), "no fork here")
class Forks(unittest.TestCase):

    def test_the_child_of_a_stopped_program_collects_garbage(self):
        code = "pid = os.fork()\nif not pid:\n    os.write(1, str(gc.get_threshold() == before).encode())\n    os._exit(0)\nos.waitpid(pid, 0)"
        with Target(CALM) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            target.evaluate(code, context="repl")
            target.request("continue", threadId=1)
            self.assertEqual((0, "TrueTrue\n"), target.finish()[:2])
    def test_a_hundred_children_stop_nowhere_and_the_parent_does(self):
        with Target(MANY, python_args=["-W", "error"]) as target:
            target.set_breakpoints("child", "parent")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(("<module>", target.line("parent")), target.where())
            self.assertEqual("99", target.evaluate("n"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "forked\n", ""), target.finish())
            self.assertEqual(1, len(target.events("stopped")))

    def test_a_child_loads_nothing_of_the_agents(self):
        with Target("""\
import gc, os
def loaded():
    return {each.__name__ for each in gc.get_objects() if type(each) is type(os) and each.__name__.startswith("gantry_agent")}
before = loaded()
pid = os.fork()
if pid == 0:
    print(sorted(loaded() - before), bool(before), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
""") as target:
            target.run()
            self.assertEqual((0, "[] True\n", ""), target.finish())

    def test_a_fork_beside_a_stopped_thread(self):
        with Target(THREADS, configure={"stopAllThreadsOnSuspend": False}) as target:
            target.set_breakpoints("worker")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            target.wait_output("3\n")
            target.request("continue", threadId=stopped["threadId"])
            self.assertEqual((0, "child\n3\n"), target.finish()[:2])

    def test_a_fork_from_the_debug_console(self):
        with Target(ASKED) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("evaluate", expression="pid = os.fork()", frameId=target.stack()[0]["id"], context="repl")
            target.wait_output("child goes on\n")
            self.assertEqual(("<module>", target.line("here")), target.where())
            target.request("continue", threadId=1)
            self.assertEqual((0, "child goes on\n4\n"), target.finish()[:2])

    def test_a_function_run_between_fork_and_exec(self):
        with Target(SERVED) as target:
            target.set_breakpoints("after")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=1)
            self.assertEqual((0, "b'5\\n'\n"), target.finish()[:2])


if __name__ == "__main__":
    unittest.main()
