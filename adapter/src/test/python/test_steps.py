"""Steps: next, stepIn, stepOut, through everything that a frame can do; jumps."""
import os
import sys
import unittest

from harness import RequestFailed, Target


class Steps(unittest.TestCase):

    def walk(self, program, start, moves, output=None, configure=None, condition=None):
        """Stops at @start, then each move is (request, function, mark of the line); the program then runs to its end."""
        with Target(program, configure=configure) as target:
            spot = {"line": start}
            if condition:
                spot["condition"] = condition
            target.set_breakpoints(spot)
            target.run()
            target.wait_stopped("breakpoint")
            target.set_breakpoints()
            for number, (command, function, mark) in enumerate(moves):
                name, line = target.go(command)
                if mark is None:
                    self.assertEqual(function, name)
                    continue
                self.assertEqual((function, target.line(mark)), (name.rpartition(".")[2], line), "move %d: %s" % (number, command))
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, ""), (code, err))
            if output is not None:
                self.assertEqual(output, out)
            self.assertEqual([], target.events("gantryAgent/trouble"))
            self.assertEqual(1 + len(moves), len(target.events("stopped")))

    def test_next_in_and_out(self):
        self.walk("""\
def inner(x):  # @inner
    y = x * 2  # @y
    return y  # @ret
def outer(x):
    a = inner(x)  # @a
    b = inner(a)  # @b
    return a + b  # @sum
r = outer(1)  # @call
print(r)  # @print
""", "call", [("stepIn", "outer", "a"), ("next", "outer", "b"), ("stepIn", "inner", "y"), ("next", "inner", "ret"), ("next", "outer", "b"),
              ("next", "outer", "sum"), ("stepOut", "<module>", "call"), ("next", "<module>", "print")], "6\n")

    def test_step_out_at_once_and_value(self):
        with Target("def f():\n    x = 1  # @x\n    return [7]\nr = f()  # @call\nprint(r)  # @print\n") as target:
            target.set_breakpoints("x")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(("<module>", target.line("call")), target.go("stepOut"))
            scopes = target.request("scopes", frameId=target.stack()[0]["id"])["scopes"]
            self.assertTrue(any("return" in scope["name"].lower() for scope in scopes), scopes)
            self.assertEqual(("<module>", target.line("print")), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "[7]\n", ""), target.finish())

    def test_loops_and_branches(self):
        self.walk("""\
t = 0  # @t
for i in range(2):  # @for
    if i:  # @if
        t += 1  # @add
while t < 2:  # @while
    t += 1  # @inc
print(t)  # @print
""", "t", [("next", "<module>", "for"), ("next", "<module>", "if"), ("next", "<module>", "for"), ("next", "<module>", "if"), ("next", "<module>", "add"),
           ("next", "<module>", "for"), ("next", "<module>", "while"), ("next", "<module>", "inc"), ("next", "<module>", "while"),
           ("next", "<module>", "print")], "2\n")

    def test_generator_yields_to_its_caller(self):
        self.walk("""\
def gen():
    yield 1  # @one
    yield 2  # @two
g = gen()  # @g
a = next(g)  # @a
b = next(g)  # @b
print(a, b)  # @print
""", "a", [("stepIn", "gen", "one"), ("next", "<module>", "a"), ("next", "<module>", "b"), ("stepIn", "gen", "two"), ("stepOut", "<module>", "b"),
           ("next", "<module>", "print")], "1 2\n")

    def test_loop_over_a_generator(self):
        self.walk("""\
def gen():
    for i in range(2):  # @range
        yield i  # @yield
for x in gen():  # @for
    y = x  # @body
print(y)  # @print
""", "for", [("stepIn", "gen", "range"), ("next", "gen", "yield"), ("next", "<module>", "for"), ("next", "<module>", "body"), ("next", "<module>", "for"),
             ("next", "<module>", "body"), ("next", "<module>", "for"), ("next", "<module>", "print")], "1\n")

    def test_await_is_stepped_over_within_the_task(self):
        self.walk("""\
import asyncio
seen = []
async def other():
    for i in range(5):
        seen.append(i)
        await asyncio.sleep(0)
async def deep():
    await asyncio.sleep(0.01)
    return 5  # @five
async def main():
    task = asyncio.ensure_future(other())  # @task
    a = await deep()  # @a
    b = await deep()  # @b
    await task  # @wait
    return a + b  # @sum
print(asyncio.run(main()))  # @print
""", "task", [("next", "main", "a"), ("next", "main", "b"), ("next", "main", "wait"), ("next", "main", "sum")], "10\n")

    def test_step_into_and_out_of_a_coroutine(self):
        self.walk("""\
import asyncio
async def deep():
    x = 1  # @x
    await asyncio.sleep(0.01)  # @sleep
    return x  # @ret
async def main():
    a = await deep()  # @a
    return a  # @end
print(asyncio.run(main()))  # @print
""", "a", [("stepIn", "deep", "x"), ("next", "deep", "sleep"), ("next", "deep", "ret"), ("stepOut", "main", "a"), ("next", "main", "end")], "1\n")

    def test_two_tasks_in_the_same_code(self):
        program = """\
import asyncio
async def work(n):
    a = n  # @a
    await asyncio.sleep(0.01 * (3 - n))
    b = n  # @b
    await asyncio.sleep(0.001)
    return b  # @ret
async def main():
    print(sum(await asyncio.gather(work(1), work(2))))
asyncio.run(main())
"""
        with Target(program) as target:
            target.set_breakpoints({"line": "a", "condition": "n == 1"})
            target.run()
            target.wait_stopped("breakpoint")
            for _ in range(4):
                if target.go("next")[1] == target.line("ret"):
                    break
                self.assertEqual("1", target.evaluate("n"))
            self.assertEqual("1", target.evaluate("n"))
            self.assertEqual(("work", target.line("ret")), target.where())
            target.request("continue", threadId=1)
            self.assertEqual((0, "3\n", ""), target.finish())

    def test_asynchronous_generator(self):
        self.walk("""\
import asyncio
async def gen():
    await asyncio.sleep(0)  # @sleep
    yield 1  # @one
    await asyncio.sleep(0)  # @again
async def main():
    async for x in gen():  # @for
        y = x  # @body
    return y  # @ret
print(asyncio.run(main()))
""", "for", [("stepIn", "gen", "sleep"), ("next", "gen", "one"), ("next", "main", "for"), ("next", "main", "body")], "1\n")

    def test_comprehensions(self):
        self.walk("""\
def f(x):
    return x + 1  # @ret
a = [f(i) for i in range(2)]  # @comp
b = {i: i for i in range(3)}  # @dict
print(a, b)  # @print
""", "comp", [("next", "<module>", "dict"), ("next", "<module>", "print")], "[1, 2] {0: 0, 1: 1, 2: 2}\n")

    def test_step_into_a_call_within_a_comprehension(self):
        self.walk("""\
def f(x):
    return x + 1  # @ret
a = sum(f(i) for i in range(2))  # @comp
print(a)  # @print
""", "comp", [("stepIn", "<genexpr>", "comp"), ("stepIn", "f", "ret")], "3\n")

    def test_exception_leaves_the_frame(self):
        self.walk("""\
def bad():
    x = 1  # @x
    raise ValueError(x)  # @raise
def middle():
    bad()  # @bad
    return 1
try:
    middle()  # @middle
except ValueError as e:  # @except
    y = 1  # @y
print(y)  # @print
""", "x", [("next", "bad", "raise"), ("next", "<module>", "except"), ("next", "<module>", "y"), ("next", "<module>", "print")], "1\n")

    def test_exception_caught_in_the_frame_and_finally(self):
        self.walk("""\
def f():
    try:
        x = 1  # @x
        int('z')  # @int
    except ValueError:  # @except
        x = 2  # @two
    finally:
        x += 1  # @finally
    return x  # @ret
print(f())  # @print
""", "x", [("next", "f", "int"), ("next", "f", "except"), ("next", "f", "two"), ("next", "f", "finally"), ("next", "f", "ret"), ("next", "<module>", "print")], "3\n")

    def test_step_over_a_call_that_raises_and_catches_inside(self):
        self.walk("""\
def f():
    try:
        raise KeyError
    except KeyError:
        return 1
a = f()  # @a
print(a)  # @print
""", "a", [("next", "<module>", "print")], "1\n")

    def test_context_manager_and_decorator(self):
        self.walk("""\
import contextlib, functools
@contextlib.contextmanager
def cm():
    x = 1  # @enter
    yield x  # @yield
    y = 2  # @exit
def deco(f):
    @functools.wraps(f)
    def wrapper(*a):
        return f(*a)  # @wrapped
    return wrapper
@deco
def g(v):
    return v  # @v
with cm() as c:  # @with
    d = g(c)  # @d
print(d)  # @print
""", "with", [("next", "<module>", "d"), ("stepIn", "wrapper", "wrapped"), ("stepIn", "g", "v"), ("stepOut", "wrapper", "wrapped"),
              ("stepOut", "<module>", "d")] + ([("next", "<module>", "with")] if sys.version_info >= (3, 10) else []) + [
                  ("next", "<module>", "print")], "1\n")

    def test_step_into_a_context_manager_skips_the_library(self):
        self.walk("""\
import contextlib
@contextlib.contextmanager
def cm():
    x = 1  # @enter
    yield x  # @yield
with cm() as c:  # @with
    d = c  # @d
print(d)  # @print
""", "with", [("stepIn", "cm", "enter"), ("next", "cm", "yield"), ("next", "<module>", "with"), ("next", "<module>", "d")], "1\n")

    def test_call_back_from_the_library(self):
        self.walk("""\
import functools
def key(x):
    return -x  # @key
a = sorted([1, 2], key=key)  # @sorted
b = functools.reduce(lambda p, q: p + q, [1, 2])  # @reduce
print(a, b)  # @print
""", "sorted", [("stepIn", "key", "key"), ("next", "<module>", "sorted"), ("stepIn", "key", "key"), ("stepOut", "<module>", "sorted"),
                ("next", "<module>", "reduce"), ("stepIn", "<lambda>", "reduce"), ("next", "<module>", "reduce"), ("next", "<module>", "print")],
                  "[2, 1] 3\n")

    def test_library_code_is_stepped_over(self):
        program = "import textwrap\na = textwrap.dedent('  x')  # @a\nprint(a)  # @print\n"
        self.walk(program, "a", [("stepIn", "<module>", "print")], "x\n")
        with Target(program, configure={"justMyCode": False}) as target:
            target.set_breakpoints("a")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("dedent", target.go("stepIn")[0])
            self.assertEqual(("<module>", 2), target.go("stepOut"))
            target.request("continue", threadId=1)
            target.finish()

    def test_steps_in_library_code_where_the_user_chose_to_stop(self):
        program = "import library\na = library.f(1)  # @a\nprint(a)  # @print\n"
        library = "def f(x):\n    y = x  # @y\n    z = g(y)  # @z\n    return z  # @ret\ndef g(x):\n    return x  # @g\n"
        configure = {"rules": [{"path": "**/library.py", "include": False}]}
        with Target(program, files={"library.py": library}, configure=configure) as target:
            path = os.path.join(target.directory, "library.py")
            target.set_breakpoints("y", path=path)
            target.run()
            target.wait_stopped("breakpoint")
            for mark in ("z", "ret"):
                self.assertEqual(("f", target.line(mark, library)), target.go("next"))
            self.assertEqual(("<module>", target.line("a")), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_step_over_deep_recursion_is_quick(self):
        program = ("def down(n):\n    if n:\n        return down(n - 1)  # @down\n    x = 1  # @x\n    y = up(800)  # @y\n    return y  # @ret\n"
                   "def up(n):\n    return n and up(n - 1)\nprint(down(90))\n")
        self.walk(program, "x", [("next", "down", "y"), ("next", "down", "ret"), ("next", "down", "down")], "0\n")

    STATEMENTS = """\
def f(*a):
    return a  # @f
x = f(1,  # @x
      f(2),
      3)
for y in f(1,  # @for
           2):
    z = [f(i) for i in range(2)  # @z
         if
         i]
while (x and  # @while
       z):
    x = ()  # @empty
d = {
    'a': f(1),  # @d
    'b': f(2),
}
print(z)  # @print
"""

    def test_statements_of_several_lines_are_one_step(self):
        self.walk(self.STATEMENTS, "x", [("next", "<module>", mark) for mark in ("for", "z", "for", "z", "for", "while", "empty", "while", "d", "print")],
                  "[(1,)]\n")

    def test_step_into_the_calls_of_a_statement(self):
        self.walk(self.STATEMENTS, "x", [("stepIn", "f", "f"), ("stepOut", "<module>", None), ("stepIn", "f", "f"), ("stepOut", "<module>", None),
                                         ("next", "<module>", "for")])

    def test_lines_as_granularity(self):
        with Target(self.STATEMENTS) as target:
            target.set_breakpoints("x")
            target.run()
            target.wait_stopped("breakpoint")
            lines = [target.go("next", granularity="line")[1] for _ in range(3)]
            self.assertLess(len({target.line("x"), target.line("x") + 1, target.line("x") + 2} - set(lines)), 2)
            target.request("continue", threadId=1)
            self.assertEqual(0, target.finish()[0])

    def test_recursion(self):
        self.walk("""\
def f(n):
    if n == 0:  # @if
        return 0  # @zero
    r = f(n - 1)  # @r
    return r + n  # @ret
print(f(3))  # @print
""", "r", [("next", "f", "ret"), ("next", "<module>", "print")], "6\n")

    def test_recursion_next_stays_in_its_frame(self):
        with Target("def f(n):\n    if n == 0:\n        return 0\n    r = f(n - 1)  # @r\n    return r + n  # @ret\nprint(f(5))  # @print\n") as target:
            target.set_breakpoints({"line": "r", "condition": "n == 3"})
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(("f", target.line("ret")), target.go("next"))
            self.assertEqual("3", target.evaluate("n"))
            self.assertEqual(("f", target.line("r")), target.go("next"))
            self.assertEqual("4", target.evaluate("n"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "15\n", ""), target.finish())

    def test_class_body_and_property(self):
        self.walk("""\
class A:  # @class
    x = 1  # @x
    @property
    def p(self):
        return self.x  # @p
a = A()  # @a
b = a.p  # @b
print(b)  # @print
""", "a", [("next", "<module>", "b"), ("stepIn", "p", "p"), ("next", "<module>", "b"), ("next", "<module>", "print")], "1\n")

    def test_end_of_the_program(self):
        with Target("a = 1  # @a\n") as target:
            target.set_breakpoints("a")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("next", threadId=1)
            self.assertEqual((0, "", ""), target.finish())
            self.assertEqual(1, len(target.events("stopped")))

    def test_end_of_a_thread(self):
        program = "import threading\ndef work():\n    a = 1  # @a\n    return a  # @ret\nt = threading.Thread(target=work)\nt.start()\nt.join()\nprint('end')\n"
        with Target(program) as target:
            target.set_breakpoints("ret")
            target.run()
            stopped = target.wait_stopped("breakpoint")
            target.request("next", threadId=stopped["threadId"])
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_big_functions(self):
        body = "".join("    v%d = %d\n" % (i, i) for i in range(300))
        program = "def small(x):\n    return x  # @small\ndef f(a):\n%s    b = small(a)  # @b\n    for i in range(2):  # @for\n        c = i  # @c\n    return b  # @ret\nprint(f(4))  # @print\n" % body
        self.walk(program, "b", [("stepIn", "small", "small"), ("next", "f", "b"), ("next", "f", "for"), ("next", "f", "c"), ("next", "f", "for"),
                                 ("next", "f", "c"), ("next", "f", "for"), ("next", "f", "ret"), ("next", "<module>", "print")], "4\n")
        with Target(program) as target:
            target.set_breakpoints("for", "c")
            target.run()
            where = []
            for _ in range(5):
                target.wait_stopped("breakpoint")
                where.append(target.where()[1])
                target.request("continue", threadId=1)
            self.assertEqual([target.line(mark) for mark in ("for", "c", "for", "c", "for")], where)
            self.assertEqual(0, target.finish()[0])

    def test_breakpoint_during_a_step(self):
        with Target("def f():\n    x = 1  # @x\n    return x\na = f()  # @a\nprint(a)  # @print\n") as target:
            target.set_breakpoints("a", "x")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("next", threadId=1)
            self.assertEqual([2], target.wait_stopped("breakpoint")["hitBreakpointIds"])
            self.assertEqual(("f", 3), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "1\n", ""), target.finish())
            self.assertEqual(3, len(target.events("stopped")))

    def test_step_to_a_line_with_a_breakpoint_is_one_stop(self):
        with Target("a = 1  # @a\nb = 2  # @b\nprint(a + b)\n") as target:
            target.set_breakpoints("a", "b")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("next", threadId=1)
            stopped = target.wait_stopped()
            self.assertEqual([2], stopped["hitBreakpointIds"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "3\n", ""), target.finish())
            self.assertEqual(2, len(target.events("stopped")))


class Jumps(unittest.TestCase):
    PROGRAM = """\
def f(n):
    x = 1  # @x
    y = 2  # @y
    z = x + y  # @z
    return z + n  # @ret
print(f(10))  # @call
"""

    def jump(self, target, mark):
        source = {"path": target.program}
        targets = target.request("gotoTargets", source=source, line=target.line(mark))["targets"]
        self.assertTrue(targets)
        target.request("goto", threadId=1, targetId=targets[0]["id"])
        stopped = target.wait_stopped("goto")
        self.assertEqual(1, stopped["threadId"])
        return target.where()

    def test_forwards_and_backwards(self):
        with Target(self.PROGRAM) as target:
            target.set_breakpoints("y")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(("f", target.line("x")), self.jump(target, "x"))
            self.assertEqual(("f", target.line("y")), target.go("next", reason=None))
            self.assertEqual(("f", target.line("z")), target.go("next"))
            self.assertEqual(("f", target.line("ret")), self.jump(target, "ret"))
            target.evaluate("n")
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertNotEqual(0, code)  # z has no value
            self.assertIn("z", err)
            self.assertNotIn("Warning", err)

    def test_restart_frame(self):
        with Target(self.PROGRAM) as target:
            target.set_breakpoints("ret")
            target.run()
            target.wait_stopped("breakpoint")
            frames = target.stack()
            target.request("restartFrame", frameId=frames[0]["id"])
            target.wait_stopped("restart")
            self.assertEqual(("f", target.line("x")), target.where())
            with self.assertRaises(RequestFailed):
                target.request("restartFrame", frameId=target.stack()[1]["id"])
            target.set_breakpoints()
            target.request("continue", threadId=1)
            self.assertEqual((0, "13\n", ""), target.finish())

    def test_refused_where_python_cannot(self):
        with Target(self.PROGRAM) as target:
            target.set_breakpoints("y")
            target.run()
            target.wait_stopped("breakpoint")
            target.go("stepOut")
            with self.assertRaises(RequestFailed) as failed:
                targets = target.request("gotoTargets", source={"path": target.program}, line=target.line("call"))["targets"]
                target.request("goto", threadId=1, targetId=targets[0]["id"])
            self.assertIn("tep", failed.exception.message)
            target.request("continue", threadId=1)
            self.assertEqual((0, "13\n", ""), target.finish())

    @staticmethod
    def big(lines):
        return "def f(n):\n%s    x = 1  # @x\n    y = 2  # @y\n    return n  # @ret\nprint(f(1))\n" % "".join(
            "    v%d = %d\n" % (i, i) for i in range(lines))

    def test_in_a_big_function_from_a_breakpoint(self):
        with Target(self.big(500)) as target:
            target.set_breakpoints("x")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(("f", target.line("ret")), self.jump(target, "ret"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_in_a_big_function_with_all_kinds_of_breakpoints_each_is_hit_each_time(self):
        body = "".join("    x = len('k')  # @%s\n" % mark for mark in ["a"] + [str(i) for i in range(120)] + ["b"] + [str(i) for i in range(200, 260)] + ["c"])
        module = body.replace("    x", "x").replace("@a", "@ma").replace("@b", "@mb").replace("@c", "@mc").replace("@1", "@m1").replace("@2", "@m2")
        with Target("def f():\n%s    return x\nfor i in range(3):\n    f()\n%s" % (body, module)) as target:
            target.set_breakpoints("a", {"line": "b", "condition": "1 == 1"}, {"line": "c", "logMessage": "c"},
                                   "ma", {"line": "mb", "condition": "1 == 1"}, {"line": "mc", "logMessage": "mc"})
            target.run()
            for mark in ["a", "b"] * 3 + ["ma", "mb"]:
                target.wait_stopped("breakpoint")
                self.assertEqual(target.line(mark), target.where()[1])
                target.request("continue", threadId=1)
            self.assertEqual((0, "", ""), target.finish())
            told = "".join(body["output"] for body in target.events("output"))
            self.assertEqual(["c"] * 3 + ["mc"], told.split())

    def test_in_a_bigger_function_after_a_step(self):
        with Target(self.big(700)) as target:
            target.set_breakpoints("x")
            target.run()
            target.wait_stopped("breakpoint")
            try:
                self.jump(target, "ret")
            except RequestFailed as failed:
                self.assertIn("Step once", failed.message)
                self.assertEqual(("f", target.line("y")), target.go("next"))
                self.assertEqual(("f", target.line("ret")), self.jump(target, "ret"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_step_in_targets(self):
        program = "def a(x):\n    return x  # @a\ndef b(x):\n    return x + 1  # @b\nr = a(b(1)) + b(2)  # @call\nprint(r)\n"
        with Target(program) as target:
            target.set_breakpoints("call")
            target.run()
            target.wait_stopped("breakpoint")
            targets = target.request("stepInTargets", frameId=target.stack()[0]["id"])["targets"]
            self.assertEqual(3, len(targets), targets)
            chosen = [one for one in targets if one["label"].replace(" ", "").startswith("b(2")]
            target.request("stepIn", threadId=1, targetId=chosen[0]["id"])
            target.wait_stopped("step")
            self.assertEqual(("b", target.line("b")), target.where())
            self.assertEqual("2", target.evaluate("x"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "5\n", ""), target.finish())


if __name__ == "__main__":
    unittest.main()
