"""What calls return that were stepped over: shown beside the locals, by name, the last one last."""
import contextlib
import sys
import unittest

from gantry_agent.stepping import Step
from harness import Target

NO_ROOM = "a trace function has no room at the end of the stack"
CALLS = """\
import os
class Box:
    def __init__(self):
        self.n = 1
    def double(self, n):
        return n * 2
def add(n):
    return n + 1
def wrapped(function):
    def inner(*given):
        return function(*given) * 100
    return inner
@wrapped
def decorated(n):
    return n
def numbers():
    yield 1
def bad():
    raise ValueError('x')
def outer():
    x = add(1)  # @outer
    return add(x) * 10  # @leave
first = add(1) + Box().double(5)  # @first
again = add(1), add(2)  # @again
both = add(decorated(1))  # @both
path = os.path.join('a', 'b')  # @path
some = list(numbers())  # @some
class Body:  # @body
    pass
other = (lambda: 'l')()  # @lambda
try:
    bad()  # @bad
except ValueError:  # @except
    pass
last = outer()  # @last
print('end')  # @end
"""


class Returned(unittest.TestCase):

    @contextlib.contextmanager
    def stopped(self, program, *marks, **more):
        """A Target at its first stop."""
        with Target(program, **more) as target:
            target.set_breakpoints(*marks)
            target.run()
            target.wait_stopped("breakpoint")
            yield target
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def shown(self, target):
        """[(name, value)] of what was returned, at the stop."""
        scopes = target.request("scopes", frameId=target.stack()[0]["id"])["scopes"]
        self.assertEqual("Locals", scopes[0]["name"], "what a client expands")
        scope = scopes[min(1, len(scopes) - 1)]
        if scope.get("presentationHint") != "returnValue":
            return []
        found = target.request("variables", variablesReference=scope["variablesReference"])["variables"]
        self.assertEqual(scope["namedVariables"], len(found))
        for one in found:
            self.assertEqual(one["value"], target.evaluate(one["evaluateName"]))
        self.assertEqual("__return__", found[-1]["evaluateName"])
        return [(one["name"].replace("(return) ", ""), one["value"]) for one in found]

    def over(self, target):
        target.go("next")
        return self.shown(target)

    def test_by_name_the_last_one_last(self):
        with self.stopped(CALLS, "first") as target:
            self.assertEqual([], self.shown(target))
            self.assertEqual([("add", "2"), ("double", "10")], self.over(target))
            self.assertEqual([("add", "3")], self.over(target), "of two with one name the later")
            self.assertEqual([("inner", "100"), ("add", "101")], self.over(target))
            self.assertEqual([], self.over(target), "not the user's code")
            self.assertEqual([], self.over(target), "a generator's end")
            for _ in range(3):  # a class is two lines, of which 3.8 and later see different ones
                if target.where()[1] < target.line("lambda"):
                    self.assertEqual([], self.over(target), "a class's body")
            self.assertEqual([("<lambda>", "'l'")], self.over(target))
            while target.where()[1] < target.line("last"):
                self.assertEqual([], self.over(target), "a call that raised")
            self.assertEqual([("outer", "30")], self.over(target))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_with_the_call_that_is_left(self):
        with self.stopped(CALLS, "outer") as target:
            self.assertEqual([("add", "2")], self.over(target))
            self.assertEqual([("add", "3"), ("outer", "30")], self.over(target))
            self.assertEqual([], self.over(target), "of the step before")

    def test_not_when_it_is_not_wanted(self):
        with self.stopped(CALLS, "first", configure={"showReturnValue": False}) as target:
            self.assertEqual([], self.over(target))

    def test_a_stop_within_the_call(self):
        with self.stopped(CALLS, "last", "outer") as target:
            target.request("next", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual([], self.shown(target))
            target.go("stepOut")
            self.assertEqual([("outer", "30")], self.shown(target))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_what_coroutines_return(self):
        program = ("import asyncio\nasync def work(n):\n    await asyncio.sleep(0)\n    return n * 2\n"
                   "async def main():\n    a = await work(4)  # @a\n    b = 1  # @b\n    return a\nprint(asyncio.run(main()))\n")
        with self.stopped(program, "a") as target:
            self.assertEqual([("work", "8")], self.over(target))
            self.assertEqual(target.line("b"), target.where()[1])
            target.request("continue", threadId=1)
            self.assertEqual((0, "8\n", ""), target.finish())

    def test_other_threads_and_deep_calls_are_not_shown(self):
        program = ("import threading\nover = False\ndef spin():\n    while not over:\n        work(0)\n"
                   "def work(n):\n    return work(n - 1) + work(n - 2) + 1 if n > 1 else 1\n"
                   "t = threading.Thread(target=spin)\nt.start()\nx = work(20)  # @x\ny = work(3)  # @y\nover = True  # @over\nt.join()\nprint('end')\n")
        with self.stopped(program, "x") as target:
            self.assertIn(self.over(target), ([("work", "21891")], []), "too many calls")
            self.assertEqual([("work", "5")], self.over(target))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    @unittest.skipIf(sys.version_info < (3, 12), NO_ROOM)
    def test_a_recursion_has_as_much_room_as_without(self):
        program = ("def rec(n):\n    return rec(n - 1) + 1 if n else 0\ndef most():\n    n = 900\n    while True:\n        try:\n"
                   "            rec(n)\n        except RecursionError:\n            return n - 1\n        n += 1\n"
                   "limit = most()  # @most\nnear = rec(limit)  # @near\nfew = rec(40)  # @few\nprint(near == limit)  # @end\n")
        with self.stopped(program, "most") as target:
            self.assertEqual(["most"], [name for name, _ in self.over(target)])
            self.assertEqual([], self.over(target), "told of at the end of the stack")
            self.assertEqual([("rec", "40")], self.over(target))
            target.request("continue", threadId=1)
            self.assertEqual((0, "True\n", ""), target.finish())

    @unittest.skipIf(sys.version_info < (3, 12), NO_ROOM)
    def test_where_the_stack_is_nearly_full(self):
        program = ("import sys\ndef tail(n):\n    return tail(n - 1) + 1 if n else 0\nfound = [0, 0]\ndef down(n):\n    if n:\n"
                   "        return down(n - 1)\n    for i in (0, 1):\n        try:\n            found[i] = tail(DEEP[i])  # @tail\n"
                   "        except RecursionError:\n            found[i] = 'full'\n    return found  # @return\n"
                   "def used(frame):\n    return 1 + used(frame.f_back) if frame else 0\n"
                   "DEEP = [20, 45]\nLEFT = sys.getrecursionlimit() - used(sys._getframe())\ndown(LEFT - 40)\nprint(found)\n")
        with self.stopped(program, "tail") as target:
            target.set_breakpoints()
            self.over(target)
            target.request("continue", threadId=1)
            self.assertEqual((0, "[20, 'full']\n", ""), target.finish())

    def test_a_line_of_many_calls_shows_none_and_is_not_slowed(self):
        program = ("def add(n):\n    return n + 1\nx = sum(map(add, range(6000)))  # @x\ny = [add(n) for n in range(6000)]  # @y\n"
                   "z = add(1)  # @z\nprint('end')\n")
        with self.stopped(program, "x") as target:
            self.assertEqual([], self.over(target))
            self.assertEqual([], self.over(target))
            self.assertEqual([("add", "2")], self.over(target))

    def test_a_breakpoint_in_what_is_suspended(self):
        program = ("import asyncio\nasync def work(n):\n    await asyncio.sleep(0.05)\n    n += 1  # @later\n    return n\n"
                   "async def other():\n    return 1  # @other\nasync def main():\n    task = asyncio.ensure_future(other())\n"
                   "    await work(4)  # @await\n    await task\nasyncio.run(main())\nprint('end')\n")
        with self.stopped(program, "await", "other") as target:
            target.request("next", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual(target.line("other"), target.where()[1])
            target.set_breakpoints("later")
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual(("work", target.line("later")), target.where())
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_what_an_engine_tells_of_is_bounded(self):
        step = Step("next", sys._getframe(), lambda code: True)
        step.values["add"] = 1
        told = 1
        while not step.spent():
            told += 1
        self.assertEqual((5000, False, {}), (told, step.shows, step.values))


if __name__ == "__main__":
    unittest.main()
