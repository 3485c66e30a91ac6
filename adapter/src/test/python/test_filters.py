"""Exception filters: what stops, where, how often; conditions, globs, options; the end of threads and of the program."""
import gc
import sys
import types
import unittest

from gantry_agent import filters
from gantry_agent.matching import Condition, Invalid, Path, Types, glob
from harness import Target


class Pure(unittest.TestCase):

    def test_globs(self):
        for pattern, text, expected in (("json.*", "json.decoder.JSONDecodeError", True), ("KeyError", "KeyError", True), ("Key", "KeyError", False),
                                        ("*Error", "KeyError", True), ("K?yError", "KeyError", True), ("*", "", True), ("a*b*c", "aXXbYYc", True),
                                        ("a*b*c", "aXXcYYb", False), ("", "", True), ("?", "", False)):
            self.assertEqual(expected, glob(pattern, text), (pattern, text))

    def test_what_is_a_list_of_types_and_what_an_expression(self):
        for text in ("KeyError", "json.*", "!KeyError", "KeyError, ValueError", "!KeyError, !json.*", "socket.timeout", "struct.error", "json.decoder.JSONDecodeError"):
            self.assertTrue(Types.looks_like(text), text)
        for text in ("x", "exc.errno", "x > 1", "exc.args[0] == 'a'", "isinstance(exc, OSError)", "not x", "True", "self.debug", "a and B"):
            self.assertFalse(Types.looks_like(text), text)

    def test_types(self):
        self.assertTrue(Types("LookupError").matches(KeyError))
        self.assertFalse(Types("!LookupError").matches(KeyError))
        self.assertTrue(Types("!KeyError").matches(ValueError))
        self.assertTrue(Types("OSError, !FileNotFoundError").matches(PermissionError))
        self.assertFalse(Types("OSError, !FileNotFoundError").matches(FileNotFoundError))

    def test_conditions(self):
        with self.assertRaises(Invalid):
            Condition("x ==")
        self.assertEqual((True, None), Condition("exc.args[0] == 3").holds(sys._getframe(), ValueError(3)))
        bad = Condition("nothing_here")
        wanted, text = bad.holds(sys._getframe(), ValueError(3))
        self.assertTrue(wanted)
        self.assertIn("NameError", text)
        self.assertEqual((False, None), bad.holds(sys._getframe(), ValueError(3)))

    def test_paths(self):
        category = {"names": ["Python Exceptions"]}
        self.assertTrue(Path([]).matches(KeyError))
        self.assertTrue(Path([category]).matches(KeyError))
        self.assertTrue(Path([category, {"names": ["KeyError", "ValueError"]}]).matches(KeyError))
        self.assertFalse(Path([category, {"names": ["KeyError"], "negate": True}]).matches(KeyError))
        self.assertTrue(Path([category, {"names": ["KeyError"], "negate": True}]).matches(ValueError))
        self.assertTrue(Path([{"names": ["KeyError"]}]).matches(KeyError))


class Passing(unittest.TestCase):
    """What the engines need not ask about."""

    def setUp(self):
        self.stopped = []
        thread = types.SimpleNamespace(id=1)
        nothing = lambda *_: None
        self.filters = filters.Filters(types.SimpleNamespace(
            threads=types.SimpleNamespace(current=lambda: thread, refreshed=lambda: thread),
            engine=types.SimpleNamespace(drop_step=nothing), settings=types.SimpleNamespace(just_my_code=False),
            stops=types.SimpleNamespace(stop=lambda frame, *_, **more: self.stopped.append(type(more["exc"])))))

    def set(self, *conditions, **more):
        wanted = [{"filterId": name, "condition": condition} for name, condition in conditions]
        self.filters.set(dict(more, filterOptions=wanted))

    def raise_(self, kind):
        """Raises one; whether the next of that type is no business of the filters."""
        try:
            raise kind("text")
        except kind as error:
            self.filters.raised(sys._getframe(), error)
        return id(kind) in self.filters.passing

    def test_types_that_no_rule_names(self):
        self.set(("raised", "KeyError"))
        self.assertEqual([True, True, True, False], [self.raise_(kind) for kind in (ValueError, StopIteration, SystemExit, KeyError)])
        self.assertEqual([KeyError], self.stopped)
        self.set(("raised", "!KeyError"))
        self.assertEqual([False, True], [self.raise_(kind) for kind in (ValueError, KeyError)])
        self.assertEqual([KeyError, ValueError], self.stopped)

    def test_an_expression_may_mean_every_type(self):
        self.set(("raised", "len(str(exc)) > 9"))
        self.assertEqual([False, True], [self.raise_(kind) for kind in (ValueError, StopIteration)])
        self.assertEqual([], self.stopped)

    def test_options_decide_before_the_filters(self):
        self.set(("raised", ""), exceptionOptions=[{"path": [{"names": ["ValueError"]}], "breakMode": "never"},
                                                   {"path": [{"names": ["UnicodeError"]}], "breakMode": "always"}])
        self.assertEqual([True, False, False], [self.raise_(kind) for kind in (ValueError, UnicodeError, KeyError)])
        self.assertEqual([UnicodeError, KeyError], self.stopped)

    def test_every_type_is_looked_at_where_unwinding_matters(self):
        self.set(("raised", "KeyError"), ("userUnhandled", ""))
        self.assertFalse(self.raise_(ValueError))

    def test_a_type_that_is_gone_is_forgotten(self):
        self.set(("raised", "KeyError"))
        kind = type("Kind", (Exception,), {})
        self.assertTrue(self.raise_(kind))
        del kind
        gc.collect()
        self.assertEqual(({}, {}), (self.filters.passing, self.filters._known))

    def test_what_was_told_is_asked_about_again(self):
        self.set(("raised", "KeyError"))
        self.raise_(KeyError)
        self.assertEqual(1, len(self.filters.told))
        error = ValueError()
        self.filters.told = frozenset([id(error)])  # as if it had the address of the one that was told
        self.filters._told[1] = id(error), 0
        self.filters.raised(sys._getframe(), error)
        self.assertEqual((frozenset(), {}), (self.filters.told, self.filters._told))


class Filters(unittest.TestCase):
    CAUGHT = """\
def inner():
    raise ValueError('a')  # @raise
def middle():
    inner()
def outer():
    try:
        middle()
    except ValueError as e:
        return str(e)
print(outer())
try:
    {}['k']  # @key
except KeyError:
    pass
for x in iter([1]):
    pass
def gen():
    yield 1
list(gen())
try:
    raise SystemExit(3)
except SystemExit:
    pass
print('end')
"""

    def stops(self, program, marks, filters=(), options=(), exception_options=(), configure=None, code=0, out=None, stderr=None, verify=None):
        """Sets the filters; each stop is expected at a mark; returns the stopped events."""
        seen = []
        with Target(program, configure=configure) as target:
            arguments = {"filters": list(filters)}
            if options:
                arguments["filterOptions"] = [{"filterId": name, "condition": condition} for name, condition in options]
            if exception_options:
                arguments["exceptionOptions"] = exception_options
            answers = target.request("setExceptionBreakpoints", **arguments)["breakpoints"]
            self.assertEqual(len(filters) + len(options) + len(exception_options), len(answers))
            if verify is None:
                self.assertTrue(all(one["verified"] for one in answers), answers)
            else:
                verify(answers)
            target.run()
            for mark in marks:
                stopped = target.wait_stopped("exception")
                seen.append(stopped)
                frames = target.stack(stopped["threadId"])
                mine = [one for one in frames if (one.get("source") or {}).get("path") == target.program]
                self.assertEqual(target.line(mark), mine[0]["line"], (mark, frames))
                info = target.request("exceptionInfo", threadId=stopped["threadId"])
                self.assertTrue(info["exceptionId"])
                target.request("continue", threadId=stopped["threadId"])
            result = target.finish()
            self.assertEqual(code, result[0], result)
            if out is not None:
                self.assertEqual(out, result[1])
            if stderr is not None:
                self.assertIn(stderr, result[2])
            self.assertEqual(len(marks), len(target.events("stopped")))
            self.assertEqual([], target.events("gantryAgent/trouble"))
        return seen

    def test_raised_is_told_once_and_not_for_what_is_no_news(self):
        seen = self.stops(self.CAUGHT, ["raise", "key"], ["raised"], out="a\nend\n")
        self.assertEqual("ValueError", seen[0]["text"])
        self.assertEqual("a", seen[0]["description"])

    def test_uncaught_is_not_told_of_what_is_caught(self):
        self.stops(self.CAUGHT, [], ["uncaught"], out="a\nend\n")

    def test_no_filter_no_stop(self):
        self.stops(self.CAUGHT, [], [], out="a\nend\n")

    def test_globs_and_conditions(self):
        self.stops(self.CAUGHT, ["key"], options=[("raised", "KeyError")])
        self.stops(self.CAUGHT, ["raise"], options=[("raised", "!KeyError")])
        self.stops(self.CAUGHT, ["raise"], options=[("raised", "exc.args == ('a',)")])
        self.stops(self.CAUGHT, ["key"], options=[("raised", "'CAUGHT' in globals() or isinstance(exc, LookupError)")])

    def test_bad_conditions_are_refused_in_the_answer(self):
        def verify(answers):
            self.assertEqual([False, False, True], [one["verified"] for one in answers])
            self.assertIn("x ==", answers[0]["message"])
            self.assertIn("nosuch", answers[1]["message"])
        self.stops(self.CAUGHT, ["key"], options=[("raised", "x =="), ("nosuch", ""), ("raised", "KeyError")], verify=verify)

    def test_a_condition_that_fails_stops_once(self):
        seen = self.stops(self.CAUGHT, ["raise"], options=[("raised", "no_such_name > 1")])
        self.assertIn("no_such_name", seen[0]["description"])

    def test_exception_options(self):
        category = {"names": ["Python Exceptions"]}
        self.stops(self.CAUGHT, ["key"], exception_options=[{"path": [category, {"names": ["KeyError"]}], "breakMode": "always"}])
        self.stops(self.CAUGHT, ["raise"], ["raised"], exception_options=[{"path": [category, {"names": ["KeyError"]}], "breakMode": "never"}])
        self.stops(self.CAUGHT, ["raise"], exception_options=[{"path": [category, {"names": ["KeyError"], "negate": True}], "breakMode": "always"}])

    def test_raised_in_the_library_is_told_where_it_comes_to_the_user(self):
        program = "import json\ntry:\n    json.loads('{')  # @call\nexcept ValueError:\n    pass\n"
        seen = self.stops(program, ["call"], ["raised"])
        self.assertEqual("json.decoder.JSONDecodeError", seen[0]["text"])
        self.stops(program, ["call"], options=[("raised", "json.*")])
        self.stops(program, [], options=[("raised", "!json.*")])

    def test_the_same_exception_again_is_no_news(self):
        self.stops("""\
def f():
    raise ValueError(1)  # @raise
def g():
    try:
        f()
    except ValueError as e:
        raise e
def h():
    try:
        g()
    except ValueError:
        raise
try:
    h()
except ValueError:
    pass
try:
    try:
        1 / 0  # @zero
    finally:
        x = 1
except ZeroDivisionError as e:
    try:
        raise KeyError from e  # @from
    except KeyError:
        pass
""", ["raise", "zero", "from"], ["raised"])

    def test_exceptions_in_a_loop_are_each_told(self):
        self.stops("for i in range(3):\n    try:\n        int('x')  # @int\n    except ValueError:\n        pass\n", ["int"] * 3, ["raised"])

    def test_uncaught_in_the_main_thread(self):
        program = "def f(a):\n    b = a\n    return b / 0  # @div\nf(1)\n"
        seen = self.stops(program, ["div"], ["uncaught"], code=1, stderr="ZeroDivisionError: division by zero")
        self.assertEqual("ZeroDivisionError", seen[0]["text"])

    def test_uncaught_shows_the_locals_of_the_frames(self):
        with Target("def f(a):\n    b = a\n    return b / 0  # @div\nf(7)  # @call\n") as target:
            target.request("setExceptionBreakpoints", filters=["uncaught"])
            target.run()
            target.wait_stopped("exception")
            self.assertEqual([("f", 3), ("<module>", 4)], [(one["name"], one["line"]) for one in target.stack()])
            self.assertEqual("7", target.evaluate("b"))
            self.assertEqual(1, len(target.request("threads")["threads"]))
            target.request("next", threadId=1)
            self.assertEqual(1, target.finish()[0])
            self.assertEqual(1, len(target.events("stopped")))

    def test_raised_and_uncaught_are_one(self):
        self.stops("def f():\n    raise OSError(2)  # @raise\nf()\n", ["raise"], ["raised", "uncaught"], code=1)

    def test_uncaught_in_a_thread(self):
        program = ("import threading\ndef work():\n    raise ValueError(5)  # @raise\nt = threading.Thread(target=work)\nt.start()\nt.join()\n"
                   "t = threading.Thread(target=exit)\nt.start()\nt.join()\nprint('end')\n")
        self.stops(program, ["raise"], ["uncaught"], out="end\n", stderr="ValueError: 5")
        self.stops(program, [], [], out="end\n", stderr="ValueError: 5")

    def test_user_unhandled(self):
        program = """\
import functools
def bad(a, b):
    raise KeyError(a)  # @bad
try:
    functools.reduce(bad, [1, 2])
except KeyError:
    pass
def key(x):
    raise ValueError  # @key
import bisect, contextlib, textwrap, string
class Look(dict):
    def __missing__(self, key):
        raise LookupError  # @missing
try:
    string.Template('$x').substitute(Look())
except LookupError:
    pass
def fine():
    try:
        raise OSError
    except OSError:
        pass
fine()
print('end')
"""
        # reduce is a C function: its caller is the user's own frame; Template.substitute is Python of the library.
        self.stops(program, ["missing"], ["userUnhandled"], out="end\n")

    def test_lines_and_functions_stop_beside_every_filter(self):
        program = "def f(n):\n    m = n  # @line\n    return m\ndef g():\n    return f(7)\nfor n in range(2):\n    f(n)\ng()\n"
        for name in ("raised", "userUnhandled", "uncaught"):
            with self.subTest(name), Target(program) as target:
                target.request("setExceptionBreakpoints", filters=[name])
                target.set_breakpoints({"line": "line", "condition": "n != 0"})
                target.request("setFunctionBreakpoints", breakpoints=[{"name": "g"}])
                target.run()
                for reason, line in (("breakpoint", 2), ("function breakpoint", 5), ("breakpoint", 2)):
                    stopped = target.wait_stopped(reason)
                    self.assertEqual(line, target.stack()[0]["line"])
                    target.request("continue", threadId=stopped["threadId"])
                self.assertEqual(0, target.finish()[0])
                self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_user_unhandled_in_a_loop_is_told_each_time(self):
        self.stops("""\
import traceback
class Bad(Exception):
    def __str__(self):
        raise LookupError  # @missing
bad = Bad()
for i in range(5):
    traceback.format_exception_only(Bad, bad)
""", ["missing"] * 5, ["userUnhandled"])

    def test_filters_take_nothing_from_breakpoints_and_steps(self):
        program = """\
def f():
    x = 1  # @f
    return x  # @x
def g():
    y = f()  # @g
    return y  # @y
def h():
    breakpoint()
    return g()  # @h
h()
h()  # @again
"""
        for filters in ([], ["uncaught"], ["raised"], ["userUnhandled"]):
            with self.subTest(filters=filters), Target(program) as target:
                at = target.line
                target.request("setExceptionBreakpoints", filters=filters)
                target.request("setFunctionBreakpoints", breakpoints=[{"name": "g"}])
                target.set_breakpoints("x")
                target.run()
                target.wait_stopped("breakpoint")
                self.assertEqual(("h", at("h")), target.where())
                self.assertEqual(("g", at("g")), target.go("continue", reason="function breakpoint"))
                self.assertEqual(("f", at("f")), target.go("stepIn"))
                self.assertEqual(("f", at("x")), target.go("continue", reason="breakpoint"))
                self.assertEqual(("g", at("g")), target.go("stepOut"))
                self.assertEqual(("g", at("y")), target.go("next"))
                for _ in range(3):
                    name, line = target.go("next")
                self.assertEqual(("<module>", at("again")), (name, line))
                target.set_breakpoints("y")
                target.request("setFunctionBreakpoints", breakpoints=[])
                self.assertEqual(("h", at("h")), target.go("continue", reason="breakpoint"))
                self.assertEqual(("g", at("y")), target.go("continue", reason="breakpoint"))
                target.request("continue", threadId=1)
                self.assertEqual((0, "", ""), target.finish())

    def test_a_condition_that_python_warns_of_is_taken_and_the_program_hears_nothing(self):
        for options in ([], ["-W", "error"]):
            with self.subTest(options=options), Target("try:\n    int('x')\nexcept ValueError:\n    print('end')\n", python_args=options) as target:
                answers = target.request("setExceptionBreakpoints", filterOptions=[{"filterId": "raised", "condition": "exc.args is 1"}])["breakpoints"]
                self.assertEqual([True], [one["verified"] for one in answers], answers)
                target.run()
                self.assertEqual((0, "end\n", ""), target.finish())

    def test_system_exit(self):
        program = "import sys\ndef f(n):\n    sys.exit(n)  # @exit\nf(%d)\n"
        self.stops(program % 3, [], ["uncaught", "raised"], code=3)
        self.stops(program % 0, [], ["uncaught"], code=0)
        self.stops(program % 3, ["exit"], configure={"breakOnSystemExit": [3, 4]}, code=3)
        self.stops(program % 5, [], ["uncaught"], configure={"breakOnSystemExit": [3, 4]}, code=5)
        self.stops(program % 5, ["exit"], configure={"breakOnSystemExit": [{"from": 4, "to": 6}]}, code=5)
        self.stops(program % 0, ["exit"], configure={"breakOnSystemExitZero": True}, code=0)
        self.stops(program % 0, [], configure={"breakOnSystemExit": [3]}, code=0)

    def test_in_generators_and_coroutines(self):
        self.stops("""\
import asyncio
async def deep():
    await asyncio.sleep(0)
    raise ValueError(1)  # @deep
async def main():
    try:
        await deep()
    except ValueError:
        pass
asyncio.run(main())
def gen():
    try:
        yield 1
    finally:
        x = 1
g = gen()
next(g)
g.close()
try:
    next(iter([]))
except StopIteration:
    pass
print('end')
""", ["deep"], ["raised"], out="end\n")

    def test_an_exception_that_a_str_breaks(self):
        program = "class Odd(Exception):\n    def __str__(self):\n        raise KeyError\ntry:\n    raise Odd  # @odd\nexcept Odd:\n    pass\nprint('end')\n"
        seen = self.stops(program, ["odd"], ["raised"], out="end\n")
        self.assertEqual("Odd", seen[0]["text"])

    def test_filters_set_while_the_program_runs(self):
        program = ("import time\nprint('up', flush=True)\nwhile True:\n    time.sleep(0.001)\n    try:\n        int('x')  # @int\n"
                   "    except ValueError:\n        pass\n")
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            target.request("setExceptionBreakpoints", filters=["raised"])
            target.wait_stopped("exception")
            self.assertEqual(target.line("int"), target.where()[1])
            target.request("setExceptionBreakpoints", filters=[])
            target.request("continue", threadId=1)
            for _ in range(20):
                target.request("threads")
            self.assertEqual(1, len(target.events("stopped")))

    def test_step_after_an_exception(self):
        with Target(self.CAUGHT) as target:
            target.request("setExceptionBreakpoints", filters=["raised"])
            target.run()
            target.wait_stopped("exception")
            self.assertEqual(("outer", 8), target.go("next"))
            self.assertEqual(("outer", 9), target.go("next"))
            target.request("setExceptionBreakpoints", filters=[])
            target.request("continue", threadId=1)
            self.assertEqual(0, target.finish()[0])


if __name__ == "__main__":
    unittest.main()
