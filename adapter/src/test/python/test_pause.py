"""pause always stops: loops on one line, sleeping and blocked threads, native code."""
import contextlib
import subprocess
import time
import unittest

from harness import Target


class Pause(unittest.TestCase):

    def paused(self, program, marks, ready="up", after=None):
        """Runs until the program says it is up, pauses and looks; `after(target)` before it is let go."""
        with Target(program) as target:
            target.run()
            target.wait_output(ready)
            target.request("pause", threadId=1)
            stopped = target.wait_stopped("pause", timeout=5)
            self.assertEqual(1, stopped["threadId"])
            self.assertTrue(stopped["allThreadsStopped"])
            frames = target.stack()
            self.assertIn(frames[0]["line"] if len(frames) == 1 else [one for one in frames if one["source"].get("path") == target.program][0]["line"],
                          [target.line(mark) for mark in marks])
            if after is not None:
                after(target)
            self.assertEqual(1, len(target.events("stopped")) if after is None else 1)
            target.request("continue", threadId=1)
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_loop_with_a_body(self):
        self.paused("i = 0\nprint('up')  # @p\nwhile True:  # @w\n    i += 1  # @b\n", ("p", "w", "b"))

    def test_module_level_loop_on_one_line(self):
        self.paused("print('up')  # @p\nwhile True: pass  # @w\n", ("p", "w"))

    def test_loop_on_one_line_in_a_function(self):
        self.paused("def f():\n    print('up')  # @p\n    while 1: pass  # @w\nf()\n", ("p", "w"))

    def test_sleeping_loop_on_one_line(self):
        self.paused("import time\nprint('up')  # @p\nwhile True: time.sleep(0.01)  # @w\n", ("p", "w"))

    def test_one_line_loop_that_calls(self):
        self.paused("def f(): pass  # @f\nprint('up')  # @p\nwhile True: f()  # @w\n", ("p", "w", "f"))

    def test_comprehension_that_never_ends(self):
        self.paused("import itertools\nprint('up')  # @p\nfor x in (i for i in itertools.count() if i < 0): pass  # @w\n", ("p", "w"))

    def test_sleep_is_shown_at_once_and_held_when_it_returns(self):
        def after(target):
            self.assertEqual("2", target.evaluate("1 + 1"))
            # It stays where it is: nothing is printed before continue.
            self.assertEqual("up\n", target.stdout())
        self.paused("import time\nprint('up')\ntime.sleep(60)  # @s\nprint('after')\n", ("s",), after=after)

    @contextlib.contextmanager
    def paused_in_native_code(self, program):
        """A Target that is paused in a read of its standard input, or right before that."""
        lines = ("import os\n" + program).split("\n")
        with Target("\n".join(lines), stdin=subprocess.PIPE) as target:
            target.run()
            target.wait_output("up")
            self.pause(target)
            while "os.read" not in lines[target.where()[1] - 1]:  # print has written, and not returned yet
                target.request("continue", threadId=1)
                self.pause(target)
            yield target

    def pause(self, target):
        target.request("pause", threadId=1)
        target.wait_stopped("pause")

    def step(self, target, command):
        target.request(command, threadId=1)
        target.request("threads")  # now it goes: the answer to a step comes before that
        target.type(b"x")
        target.wait_stopped("step")
        return target.where()

    def test_step_after_a_pause_in_native_code(self):
        with self.paused_in_native_code("print('up')\nos.read(0, 1)  # @s\na = 1  # @a\nb = 2  # @b\nprint('end')\n") as target:
            self.assertEqual(target.line("s"), target.where()[1])
            self.assertEqual(("<module>", target.line("a")), self.step(target, "next"))
            self.assertEqual(("<module>", target.line("b")), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_step_out_after_a_pause_in_native_code(self):
        program = ("def f():\n    print('up')\n    os.read(0, 1)\n    x = 1\n    return x\n"
                   "a = f()  # @a\nb = 2  # @b\nprint('end')\n")
        with self.paused_in_native_code(program) as target:
            self.assertEqual(("<module>", target.line("a")), self.step(target, "stepOut"))
            self.assertEqual(("<module>", target.line("b")), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_continue_while_still_in_native_code(self):
        with self.paused_in_native_code("print('up')\nos.read(0, 1)\nprint('end')\n") as target:
            for _ in range(2):
                target.request("continue", threadId=1)
                target.request("pause", threadId=1)
                target.wait_stopped("pause")
            target.request("continue", threadId=1)
            target.type(b"x")
            self.assertEqual((0, "up\nend\n", ""), target.finish())
            self.assertEqual(3, len(target.events("stopped")))

    def test_blocked_in_join_and_others_run(self):
        program = ("import sys, threading\nover = False\nmain = threading.get_ident()\n"
                   "def joins(frame):\n    above = frame\n"
                   "    while frame.f_code.co_filename != __file__: frame, above = frame.f_back, frame\n"
                   "    return above.f_code.co_name == 'join'\ndef spin():\n"
                   "    while not joins(sys._current_frames()[main]): pass\n    print('up')\n"
                   "    while not over: pass  # @spin\nt = threading.Thread(target=spin)\nt.start()\nt.join()  # @join\nprint('end')\n")
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.request("pause", threadId=1)
            target.wait_stopped("pause")
            spinner = [one["id"] for one in target.request("threads")["threads"] if one["id"] != 1][0]
            self.assertEqual("spin", target.where(spinner)[0])
            self.assertIn(target.line("join"), [frame["line"] for frame in target.stack(1)])
            top = target.stack(spinner)[0]["id"]
            target.request("evaluate", expression="globals().__setitem__('over', True)", frameId=top, context="repl")
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_a_call_that_keeps_the_interpreter(self):
        """The answer comes when the call returns: then the thread is stopped or shown."""
        program = "print('up')  # @p\nx = sum(range(30000000))  # @sum\nwhile 'go' not in globals(): y = 1  # @y\nprint('end')\n"
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.request("pause", threadId=1)
            target.wait_stopped("pause")
            self.assertIn(target.where()[1], (target.line("p"), target.line("sum"), target.line("y")))
            target.evaluate("globals().__setitem__('go', 1)", context="repl")
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_pause_of_one_thread_alone(self):
        program = ("import threading, time\nover = False\ncount = [0]\ndef spin():\n    while not over:\n        count[0] += 1\n"
                   "t = threading.Thread(target=spin)\nt.start()\nprint('up')\nwhile not over:\n    time.sleep(0.001)\nprint('end')\n")
        with Target(program, configure={"stopAllThreadsOnSuspend": False}) as target:
            target.run()
            target.wait_output("up")
            target.request("pause", threadId=1)
            stopped = target.wait_stopped("pause")
            self.assertFalse(stopped["allThreadsStopped"])
            count = target.evaluate("count[0]")
            deadline = time.monotonic() + 10
            while target.evaluate("count[0]") == count:
                self.assertLess(time.monotonic(), deadline, "the other thread does not run")
            target.evaluate("globals().__setitem__('over', True)", context="repl")
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_pause_twice_is_one_stop(self):
        with Target("print('up')\nwhile True:\n    x = 1\n") as target:
            target.run()
            target.wait_output("up")
            target.request("pause", threadId=1)
            target.wait_stopped("pause")
            target.request("pause", threadId=1)
            target.request("threads")
            self.assertEqual(1, len(target.events("stopped")))

    def test_twenty_pauses_of_many_threads(self):
        program = ("import threading, time\ndef spin():\n    while True:\n        x = 1\ndef doze():\n    while True:\n        time.sleep(0.001)\n"
                   "for f in (spin, doze, doze, spin):\n    threading.Thread(target=f, daemon=True).start()\nprint('up')\n"
                   "while True:\n    y = 1\n    time.sleep(0.0001)\n")
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            numbers = [one["id"] for one in target.request("threads")["threads"]]
            self.assertEqual(5, len(numbers))
            for turn in range(20):
                number = numbers[turn % 5]
                target.request("pause", threadId=number)
                self.assertEqual(number, target.wait_stopped("pause")["threadId"])
                for each in numbers:
                    self.assertTrue(target.stack(each))
                target.request("continue", threadId=number)
            self.assertEqual([], target.events("gantryAgent/trouble"))


if __name__ == "__main__":
    unittest.main()
