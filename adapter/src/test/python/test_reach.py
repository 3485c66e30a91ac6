"""Breakpoints reach code whatever it is doing when they are set: on every engine."""
import os
import signal
import sys
import unittest

from harness import Target

OWN_TRACE = sys.version_info < (3, 11)
INSERTED = sys.version_info[:2] == (3, 11)


RECURSIONS = """\
import functools
def sorts():
    sorted([1], key=lambda _: sorts())
def maps():
    list(map(lambda _: maps(), [1]))
class Gets:
    def __getattr__(self, name):
        return getattr(self, name + "x")
def gets():
    Gets().x
def yields():
    yield from yields()
class Formats:
    def __repr__(self):
        return "%r" % [self]
def formats():
    repr(Formats())
def tries():
    try:
        tries()
    finally:
        len("x")
def wraps():
    functools.partial(wraps)()
def after(name):
    pass  # @after
x = 1  # @start
for name in "sorts", "maps", "gets", "yields", "formats", "tries", "wraps":
    try:
        list(globals()[name]() or ())
    except RecursionError:
        after(name)
"""


class Reach(unittest.TestCase):

    def hit(self, target, mark, reason="breakpoint", function=None):
        stopped = target.wait_stopped(reason)
        name, line = target.where(stopped["threadId"])
        self.assertEqual(target.line(mark), line)
        if function is not None:
            self.assertEqual(function, name.rpartition(".")[2])  # qualified from 3.11 on
        return stopped["threadId"]

    def go(self, target, thread=1):
        target.request("continue", threadId=thread)

    def ends(self, target, out, thread=1):
        self.go(target, thread)
        self.assertEqual((0, out, ""), target.finish())
        self.assertEqual([], target.events("gantryAgent/trouble"))

    def live(self, body, marks, before=""):
        """A program that waits in its last lines until told; then breakpoints are set and it goes on."""
        program = before + "import time\nprint('up', flush=True)\nwhile not globals().get('over'):\n    time.sleep(0.005)\n" + body
        target = Target(program)
        self.addCleanup(target.__exit__, None, None, None)
        target.run()
        target.wait_output("up")
        target.set_breakpoints(*marks)
        target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
        return target

    def test_a_function_that_was_made_before(self):
        target = self.live("f(1)\nprint('end')\n", ["f"], "def f(a):\n    b = a\n    return b  # @f\n")
        self.hit(target, "f", function="f")
        self.assertEqual("1", target.evaluate("b"))
        self.ends(target, "up\nend\n")

    def test_a_frame_that_runs(self):
        target = self.live("a = 1\nb = 2  # @b\nfor i in range(3):\n    c = i  # @c\nprint('end')  # @end\n", ["b", "c", "end"])
        self.hit(target, "b", function="<module>")
        for _ in range(3):
            self.go(target)
            self.hit(target, "c")
        self.go(target)
        self.hit(target, "end")
        self.ends(target, "up\nend\n")

    def test_a_caller_that_runs(self):
        body = "def wait():\n    while not globals().get('over'):\n        time.sleep(0.005)\ndef f():\n    wait()\n    x = 1  # @x\n    return x\n"
        program = "import time\nprint('up', flush=True)\n" + body + "f()\nf()  # @again\nprint('end')\n"
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.set_breakpoints("x")
            target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
            self.hit(target, "x", function="f")
            self.go(target)
            self.hit(target, "x", function="f")
            self.ends(target, "up\nend\n")

    def test_functions_made_while_breakpoints_are_set(self):
        program = ("import time\nhits, made = [], []\nprint('up', flush=True)\nwhile not globals().get('over'):\n    for _ in range(200):\n"
                   "        def f():\n            return 1  # @f\n        made.append(f)\n    time.sleep(0.0005)\n"
                   "for f in made:\n    f()\nprint(len(made) - len(hits))\n")
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.set_breakpoints({"line": "f", "condition": "hits.append(1)"})
            target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
            self.assertEqual((0, "up\n0\n", ""), target.finish())

    def test_generators_and_coroutines_that_wait(self):
        before = ("def numbers():\n    yield 1\n    yield 2  # @second\n    yield 3\n"
                  "class Later:\n    def __await__(self):\n        yield\n"
                  "async def work():\n    await Later()\n    return 5  # @after\n"
                  "async def items():\n    yield 1\n    yield 2  # @item\n"
                  "g, w, i = numbers(), work(), items()\nnext(g)\nw.send(None)\n"
                  "try:\n    i.__anext__().send(None)\nexcept StopIteration:\n    pass\nfresh = numbers()\n")
        body = ("print(list(g))\ntry:\n    w.send(None)\nexcept StopIteration as stop:\n    print(stop.value)\n"
                "try:\n    i.__anext__().send(None)\nexcept StopIteration as stop:\n    print(stop.value)\nprint(sum(fresh), sum(numbers()))\n")
        target = self.live(body, ["second", "after", "item"], before)
        for mark, name in (("second", "numbers"), ("after", "work"), ("item", "items"), ("second", "numbers"), ("second", "numbers")):
            self.hit(target, mark, function=name)
            self.go(target)
        self.assertEqual((0, "up\n[2, 3]\n5\n2\n6 6\n", ""), target.finish())

    def test_nested_functions_of_one_that_runs(self):
        body = ("def outer(n):\n    while not globals().get('over'):\n        time.sleep(0.005)\n    def inner(a):\n        return a + n  # @inner\n"
                "    class Local:\n        def method(self):\n            return n  # @method\n"
                "    return inner(1), Local().method(), [k for k in (1, 2) if k > n], (lambda v: v)(3)\n")
        with Target("import time\nprint('up', flush=True)\n" + body + "print(outer(1))\n") as target:
            target.run()
            target.wait_output("up")
            target.set_breakpoints("inner", "method")
            target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
            self.hit(target, "inner", function="inner")
            self.go(target)
            self.hit(target, "method")
            self.ends(target, "up\n(2, 1, [2], 3)\n")

    def test_bound_methods_closures_decorators_and_properties(self):
        before = ("import functools\ndef deco(f):\n    @functools.wraps(f)\n    def wrapper(*a):\n        return f(*a)  # @wrapper\n    return wrapper\n"
                  "class A:\n    @deco\n    def m(self):\n        return 1  # @m\n    @staticmethod\n    def s():\n        return 2  # @s\n"
                  "    @classmethod\n    def c(cls):\n        return 3  # @c\n    @property\n    def p(self):\n        return 4  # @p\n"
                  "a = A()\nm, s, c = a.m, A.s, A.c\ndef make(n):\n    def closure():\n        return n  # @closure\n    return closure\n"
                  "made = make(5)\npartial = functools.partial(A.s)\n")
        target = self.live("print(m(), s(), c(), a.p, made(), make(6)(), partial())\n", ["wrapper", "m", "s", "c", "p", "closure"], before)
        for mark in ("wrapper", "m", "s", "c", "p", "closure", "closure", "s"):
            self.hit(target, mark)
            self.go(target)
        self.assertEqual((0, "up\n1 2 3 4 5 6 2\n", ""), target.finish())

    def test_other_threads(self):
        before = ("import threading\ndef work():\n    while not globals().get('over'):\n        pass\n    x = 1  # @x\n    return x\n"
                  "t = threading.Thread(target=work)\nt.start()\n")
        target = self.live("t.join()\nu = threading.Thread(target=work)\nu.start()\nu.join()\nprint('end')\n", ["x"], before)
        for _ in range(2):
            thread = self.hit(target, "x", function="work")
            self.assertNotEqual(1, thread)
            self.go(target, thread)
        self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_cleared_and_set_again(self):
        program = ("def f(i):\n    a = i  # @a\n    b = a  # @b\n    return b\nfor i in range(6):\n    f(i)  # @call\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints("a")
            target.run()
            self.hit(target, "a")
            target.set_breakpoints("b")
            self.go(target)
            self.hit(target, "b")
            self.assertEqual("0", target.evaluate("i"))
            target.set_breakpoints("a", "b")
            self.go(target)
            self.hit(target, "a")
            target.set_breakpoints("call")
            self.go(target)
            self.hit(target, "call")
            target.set_breakpoints("b")
            self.go(target)
            self.hit(target, "b")
            self.assertEqual("2", target.evaluate("i"))
            target.set_breakpoints()
            self.ends(target, "end\n")

    def test_modules_loaded_later(self):
        helper = "top = 1  # @top\ndef f():\n    return 2  # @f\nclass C:\n    def m(self):\n        return 3  # @m\n"
        with Target("import helper\nprint(helper.f(), helper.C().m())\n", files={"helper.py": helper}) as target:
            path = os.path.join(target.directory, "helper.py")
            target.set_breakpoints("top", "f", "m", path=path)
            target.run()
            for line in (1, 3, 6):
                self.assertEqual(line, self.where(target)[1])
                self.go(target)
            self.assertEqual((0, "2 3\n", ""), target.finish())

    def where(self, target):
        return target.where(target.wait_stopped("breakpoint")["threadId"])

    def test_code_that_the_program_executes_itself(self):
        helper = "top = 1\nfor k in range(2):\n    top += k  # @loop\ndef f():\n    return top  # @f\n"
        program = ("import sys\nwith open(sys.argv[1]) as file:\n    code = compile(file.read(), sys.argv[1], 'exec')\n"
                   "space = {}\nexec(code, space)\nprint(space['f']())\n"
                   "import importlib.util\nclass Loader:\n    def create_module(self, spec): return None\n    def exec_module(self, module): exec(code, module.__dict__)\n"
                   "spec = importlib.util.spec_from_loader('own', Loader())\nown = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(own)\nprint(own.f())\n")
        with Target(program, files={"helper.py": helper}, args=["helper.py"]) as target:
            path = os.path.join(target.directory, "helper.py")
            target.set_breakpoints("loop", "f", path=path)
            target.run()
            for line in (3, 3, 5) * 2:
                self.assertEqual(line, self.where(target)[1])
                self.go(target)
            self.assertEqual((0, "2\n2\n", ""), target.finish())

    def test_run_as_a_module(self):
        text = "import sys\nx = 1  # @x\ndef f():\n    return x  # @f\nprint(f(), __name__)\n"
        with Target("inner", kind="module", files={"inner.py": text}) as target:
            target.set_breakpoints({"line": 2}, {"line": 4}, path=os.path.join(target.directory, "inner.py"))
            target.run()
            for line in (2, 4):
                self.assertEqual(line, self.where(target)[1])
                self.go(target)
            self.assertEqual((0, "1 __main__\n", ""), target.finish())

    def test_steps_between_breakpoints_tell_both_once(self):
        program = "def f():\n    a = 1  # @a\n    b = 2  # @b\n    return a + b  # @r\nprint(f())  # @call\n"
        with Target(program) as target:
            ids = [one["id"] for one in target.set_breakpoints("a", "b", "call")]
            target.run()
            self.hit(target, "call")
            target.request("stepIn", threadId=1)
            self.assertEqual([ids[0]], target.wait_stopped("breakpoint")["hitBreakpointIds"])
            target.request("next", threadId=1)
            self.assertEqual([ids[1]], target.wait_stopped("breakpoint")["hitBreakpointIds"])
            self.assertEqual(("f", target.line("r")), target.go("next"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "3\n", ""), target.finish())
            self.assertEqual(4, len(target.events("stopped")))

    def test_every_round_of_a_loop_header(self):
        program = "n = 0\nfor i in range(3):  # @for\n    n += i\nwhile n:  # @while\n    n -= 1\nprint(n)\n"
        with Target(program) as target:
            target.set_breakpoints("for", "while")
            target.run()
            for mark, count in (("for", 4), ("while", 4)):
                for _ in range(count):
                    self.hit(target, mark)
                    self.go(target)
            self.assertEqual((0, "0\n", ""), target.finish())

    @unittest.skipIf(OWN_TRACE, "a condition cannot be evaluated where there is no stack left, and stops")
    def test_the_recursion_limit_is_as_without_us(self):
        program = ("depth = 0\ndef f():\n    global depth\n    depth += 1  # @d\n    f()\ntry:\n    f()\nexcept RecursionError as error:\n"
                   "    last = error.__traceback__\n    while last.tb_next:\n        last = last.tb_next\n    print(last.tb_lineno)\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints({"line": "d", "condition": "depth == 100"})
            target.run()
            self.hit(target, "d")
            self.go(target)
            code, out, err = target.finish()
            self.assertEqual((0, ""), (code, err))
            self.assertIn("end\n", out)
            if INSERTED:  # a callback needs a frame of its own, on the last line that there is room for
                self.assertEqual("5\nend\n", out)

    def test_what_follows_a_recursion_that_hit_the_limit_is_reached(self):
        program = ("import sys\ndef deep(n):\n    return deep(n + 1)\ndef after(n):\n    return n  # @after\n"
                   "def caught():\n    try:\n        deep(0)\n    except RecursionError:\n        str(1)\n        return 2  # @handler\n"
                   "x = 1  # @start\nfor n in range(3):\n    try:\n        deep(0)\n    except RecursionError:\n        after(n)\n"
                   "x = caught()\nprint(x)  # @end\n")
        with Target(program) as target:
            target.set_breakpoints("start", "after", "handler", "end")
            target.run()
            self.hit(target, "start")
            for n in range(3):
                self.go(target)
                self.hit(target, "after")
                self.assertEqual(str(n), target.evaluate("n"))
            self.go(target)
            self.hit(target, "handler")
            self.go(target)
            self.hit(target, "end")
            self.ends(target, "2\n")

    def test_every_kind_of_recursion_ends_as_it_would_and_what_follows_is_reached(self):
        with Target(RECURSIONS) as target:
            target.set_breakpoints("start", "after")
            target.run()
            self.hit(target, "start")
            for name in ("sorts", "maps", "gets", "yields", "formats", "tries", "wraps"):
                self.go(target)
                self.hit(target, "after")
                self.assertEqual(repr(name), target.evaluate("name"))
            self.ends(target, "")

    def test_an_interrupt_in_a_condition_is_the_programs_own(self):
        program = ("import sys\ndef f():\n    i = 0\n    try:\n        print('up', flush=True)\n        while True:\n            i += 1  # @loop\n"
                   "    except KeyboardInterrupt as error:\n        trace = error.__traceback__\n        return trace.tb_frame.f_code.co_name\n"
                   "print(f())\nf.__code__.co_name  # @after\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints({"line": "loop", "condition": "i < 0"})
            target.run()
            target.wait_output("up\n")
            os.kill(target.pid, signal.SIGINT)
            code, out, err = target.finish()
            self.assertEqual((0, "up\nf\nend\n", ""), (code, out, err))

    def test_breakpoints_survive_an_interrupt(self):
        program = ("import time\ndef f(i):\n    return i  # @f\ntry:\n    print('up', flush=True)\n    while True:\n        f(-1)\nexcept KeyboardInterrupt:\n"
                   "    print('caught', flush=True)\nover = False\nwhile not over:\n    f(1)\n    time.sleep(0.005)\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints({"line": "f", "condition": "i > 0"})
            target.run()
            target.wait_output("up\n")
            os.kill(target.pid, signal.SIGINT)
            self.hit(target, "f")
            target.wait_output("up\ncaught\n")
            target.request("evaluate", expression="globals().__setitem__('over', True)", frameId=target.stack()[0]["id"], context="repl")
            target.set_breakpoints()
            self.ends(target, "up\ncaught\nend\n")

    @unittest.skipUnless(INSERTED, "where a stop borrows the trace function")
    def test_the_trace_function_of_the_program_comes_back(self):
        program = ("import sys\nseen = []\ndef trace(frame, event, arg):\n    seen.append((event, frame.f_code.co_name))\n    return trace\ndef f():\n    x = 1  # @x\n    return x\n"
                   "sys.settrace(trace)\nf()\nf()\nprint(sys.gettrace() is trace)\nsys.settrace(None)\nprint(seen.count(('call', 'f')))\n")
        with Target(program) as target:
            target.set_breakpoints({"line": "x", "hitCondition": "1"})
            target.run()
            self.hit(target, "x")
            self.assertEqual(("f", 8), target.go("next"))
            self.ends(target, "True\n2\n")

    @unittest.skipUnless(OWN_TRACE, "where breakpoints need the trace function")
    def test_a_target_that_traces_itself_is_told_so(self):
        program = ("import sys, time\ndef f():\n    return 1  # @f\nsys.settrace(lambda *a: None)\nprint('up', flush=True)\n"
                   "while not globals().get('over'):\n    time.sleep(0.005)\nf()\nprint('end')\n")
        with Target(program) as target:
            target.set_breakpoints("f")
            target.run()
            told = target.expect_event("output", where=lambda body: body.get("category") == "important")
            self.assertIn("sys.settrace", told["output"])
            target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
            self.assertEqual((0, "up\nend\n", ""), target.finish())
            self.assertEqual([], target.events("stopped"))

    def test_nothing_is_traced_while_there_is_nothing_to_trace(self):
        program = "import sys, threading\nprint(sys.gettrace())\ndef f():\n    return sys.gettrace()  # @f\nprint(f())  # @call\nprint(sys.gettrace())\nprint('end')  # @end\n"
        with Target(program) as target:
            target.set_breakpoints("call")
            target.run()
            self.hit(target, "call")
            target.set_breakpoints()
            self.assertEqual(("<module>", 6), target.go("next"))
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, ""), (code, err))
            lines = out.split("\n")
            if not OWN_TRACE:
                self.assertEqual("None", lines[0])
            self.assertEqual(["None", "end"], lines[2:4])


if __name__ == "__main__":
    unittest.main()
