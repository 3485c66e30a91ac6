"""breakpoint() in the program."""
import unittest

from harness import Target


class BreakpointCall(unittest.TestCase):
    def test_it_stops_at_the_next_line(self):
        program = "def f(x):\n    breakpoint()\n    y = x + 1  # @next\n    return y\nprint(f(1))\nprint(f(2))\n"
        with Target(program) as target:
            target.run()
            for number in (1, 2):
                stopped = target.wait_stopped("breakpoint")
                self.assertEqual(target.line("next"), target.where()[1])
                self.assertEqual(str(number), target.locals()["x"])
                target.request("continue", threadId=stopped["threadId"])
            self.assertEqual((0, "2\n3\n", ""), target.finish())

    def test_as_the_last_line_it_stops_in_the_caller(self):
        program = "def f():\n    breakpoint()\nf()  # @call\nprint('end')\n"
        with Target(program) as target:
            target.run()
            target.wait_stopped("breakpoint")
            self.assertIn(target.where()[1], (target.line("call"), target.line("call") + 1))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_in_a_thread(self):
        program = (
            "import threading\ndef work():\n    breakpoint()\n    print('work')  # @next\n"
            "t = threading.Thread(target=work)\nt.start()\nt.join()\n")
        with Target(program) as target:
            target.run()
            stopped = target.wait_stopped("breakpoint")
            self.assertNotEqual(1, stopped["threadId"])
            self.assertEqual(target.line("next"), target.where(stopped["threadId"])[1])
            target.request("continue", threadId=stopped["threadId"])
            self.assertEqual((0, "work\n", ""), target.finish())

    def test_the_environment_may_say_otherwise(self):
        program = "import os\nos.environ['PYTHONBREAKPOINT'] = '0'\nbreakpoint()\nprint('on')\n"
        with Target(program) as target:
            target.run()
            self.assertEqual((0, "on\n", ""), target.finish())
            self.assertEqual([], target.events("stopped"))

    def test_it_can_be_set_back(self):
        program = "import sys\nsys.breakpointhook = print\nsys.breakpointhook = sys.__breakpointhook__\nbreakpoint()\nprint()  # @next\n"
        with Target(program) as target:
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(target.line("next"), target.where()[1])
            target.request("continue", threadId=1)
            self.assertEqual((0, "\n", ""), target.finish())

    def test_a_hook_of_the_program_is_called(self):
        program = "import sys\nsys.breakpointhook = print\nbreakpoint('mine')\n"
        with Target(program) as target:
            target.run()
            self.assertEqual((0, "mine\n", ""), target.finish())


if __name__ == "__main__":
    unittest.main()
