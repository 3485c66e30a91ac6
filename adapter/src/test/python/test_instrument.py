"""instrument.py alone: what is inserted changes nothing but the calls (CPython 3.11 only)."""
import collections
import dis
import json
import os
import random
import subprocess
import sys
import types
import unittest
import unittest.mock

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(HERE, "..", "..", "main", "python")
EDGES = os.path.join(HERE, "targets", "edges.py")
ONLY = "for CPython 3.11"
FITS = sys.implementation.name == "cpython" and sys.version_info[:2] == (3, 11)

if FITS:
    sys.path.insert(0, SOURCES)
    from gantry_agent import bytecode, instrument, positions, stretches


def mend():
    error = sys.exc_info()[1]
    error.__traceback__ = None
    return error


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def everywhere(code, make_hook):
    """`code` and all in it with a hook made by make_hook(code, line) on every line."""
    consts = tuple(everywhere(part, make_hook) if isinstance(part, types.CodeType) else part for part in code.co_consts)
    lines = {}
    for _, _, line in code.co_lines():
        if line is not None and line not in lines:
            lines[line] = make_hook(code, line)
    return instrument.instrument(code, lines, {}, mend, consts)[0]


def compiled(text, name="<text>"):
    return compile(text, name, "exec")


def function(text, name="f"):
    """The function `name` of the program `text`, and its code."""
    space = {}
    exec(compiled(text), space)
    return space[name]


def raised(kind, call, *args):
    """The traceback of the exception that call(*args) raises."""
    try:
        call(*args)
    except kind as error:
        return error.__traceback__
    raise AssertionError("nothing raised")


def traced(call, wanted):
    """The events of sys.settrace in frames of file `wanted`, as (event, function, line)."""
    events = []

    def trace(frame, event, arg):
        if frame.f_code.co_filename != wanted:
            return None
        events.append((event, frame.f_code.co_qualname, frame.f_lineno))
        return trace
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return events


@unittest.skipUnless(FITS, ONLY)
class EdgesTest(unittest.TestCase):
    def setUp(self):
        with open(EDGES) as file:
            self.code = compiled(file.read(), EDGES)

    def test_hooks_run_where_settrace_has_line_events(self):
        plain, hits = {}, collections.Counter()
        exec(self.code, plain)
        expected = plain["main"]()
        lines = collections.Counter((name, line) for event, name, line in traced(plain["main"], EDGES) if event == "line")

        def make(code, line):
            def hook():
                hits[code.co_qualname, line] += 1
            return hook
        hooked = {}
        exec(everywhere(self.code, make), hooked)
        hits.clear()
        self.assertEqual(repr(expected), repr(hooked["main"]()))
        self.assertEqual(lines, hits)
        self.assertGreater(len(hits), 100)

    def test_a_trace_function_sees_the_same_events(self):
        plain, hooked = {}, {}
        exec(self.code, plain)
        exec(everywhere(self.code, lambda code, line: lambda: None), hooked)
        self.assertEqual(traced(plain["main"], EDGES), traced(hooked["main"], EDGES))

    def test_a_true_result_is_followed_by_the_line_event(self):
        seen, wanted = [], []

        def trace(frame, event, arg):
            if event == "line":
                seen.append((frame.f_code.co_qualname, frame.f_lineno))
                frame.f_trace = None
                sys.settrace(None)
            return trace

        def make(code, line):
            def hook():
                wanted.append((code.co_qualname, line))
                sys._getframe(1).f_trace = trace
                sys.settrace(trace)
                return True
            return hook
        space = {}
        exec(everywhere(self.code, make), space)
        space["main"]()
        self.assertEqual(wanted, seen)
        self.assertGreater(len(seen), 300)

    def test_the_frame_tells_its_line_inside_the_hook(self):
        wrong = []

        def make(code, line):
            def hook():
                if sys._getframe(1).f_lineno != line:
                    wrong.append((code.co_qualname, line))
            return hook
        space = {}
        exec(everywhere(self.code, make), space)
        space["main"]()
        self.assertEqual([], wrong)

    def test_before_single_instructions(self):
        f = function("def f(a, b):\n    return [a + 1, b + 2] + [x for x in (a, b)]\n")
        plain = f(1, 2)
        for instruction in dis.get_instructions(f.__code__):
            if instruction.opname in ("RESUME", "EXTENDED_ARG"):
                continue
            hits = []
            made, begins = instrument.instrument(f.__code__, {}, {instruction.offset: lambda: hits.append(1)}, mend)
            hooked = types.FunctionType(made, f.__globals__)
            self.assertEqual(plain, hooked(1, 2))
            self.assertEqual([1], hits, instruction)
            self.assertEqual(1, len(begins))


@unittest.skipUnless(FITS, ONLY)
class DetailsTest(unittest.TestCase):
    def hooked(self, f, hook, *lines):
        first = f.__code__.co_firstlineno
        made, self.begins = instrument.instrument(f.__code__, {first + line: hook for line in lines}, {}, mend)
        return types.FunctionType(made, f.__globals__, f.__name__, f.__defaults__, f.__closure__)

    def test_nothing_wanted_is_the_same_code(self):
        code = compiled("a = 1\nb = 2\n")
        self.assertIs(code, instrument.instrument(code, {7: len}, {}, mend)[0])

    def test_long_jumps_and_many_constants(self):
        body = "".join("        x = x + %d.5 if x else 0\n" % i for i in range(3000))
        f = function("def f(n):\n    x = 1\n    for i in range(n):\n" + body + "        if i == 1: continue\n        x = i\n    return x\n")
        hits = []
        every = self.hooked(f, lambda: hits.append(1), *range(1, 3006))
        self.assertEqual(f(4), every(4))
        self.assertGreater(len(hits), 12000)
        one = self.hooked(f, lambda: hits.append(1), 2)
        del hits[:]
        self.assertEqual(f(4), one(4))
        self.assertEqual(5, len(hits))

    def test_the_recursion_limit_is_not_reached_earlier(self):
        text = "depth = 0\ndef f():\n    global depth\n    depth += 1\n    f()\n"
        depths = []
        for change in (False, True):
            f = function(text)
            if change:
                f.__code__ = self.hooked(f, lambda: None, 1, 2, 3).__code__
            trace = raised(RecursionError, f)
            depths.append(f.__globals__["depth"])
            while trace.tb_next is not None:
                trace = trace.tb_next
            self.assertEqual(("f", 5), (trace.tb_frame.f_code.co_name, trace.tb_lineno))
        self.assertEqual(depths[0], depths[1])

    def test_an_interrupt_in_the_hook_looks_like_one_of_the_line(self):
        f = function("def f(log):\n    try:\n        x = 1\n        y = 2\n    except KeyboardInterrupt as e:\n"
                     "        log.append(e)\n    return [v for v in log]\n")

        def interrupted():
            raise KeyboardInterrupt
        error, = self.hooked(f, interrupted, 3)([])
        self.assertEqual(4, error.__traceback__.tb_lineno)
        self.assertIsNone(error.__traceback__.tb_next)
        self.assertIsNone(error.__context__)

    def test_errors_of_the_target_keep_their_places(self):
        text = "def f(a):\n    b = (a +\n         a.missing)\n    return b\n"
        places = []
        for change in (False, True):
            f = function(text)
            if change:
                f = self.hooked(f, lambda: None, 1, 2, 3)
            trace = raised(AttributeError, f, 1).tb_next
            places.append((trace.tb_lineno, list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]))
        self.assertEqual(places[0], places[1])

    def test_jumps_from_the_line_event(self):
        f = function("def f(log):\n    log.append(1)\n    log.append(2)\n    for i in (1, 2):\n        log.append(i + 10)\n    return log\n")

        def trace(frame, event, arg):
            if event == "line":
                frame.f_lineno = jumps.pop()
                sys.settrace(None)
            return trace

        def hook():
            if jumps:
                sys._getframe(1).f_trace = trace
                sys.settrace(trace)
                return True
        first = f.__code__.co_firstlineno
        jumps = [first + 5]
        self.assertEqual([], self.hooked(f, hook, 1)([]))
        jumps = [first + 5]
        self.assertEqual([1, 2], self.hooked(f, hook, 4)([]))
        jumps = [first + 1]
        self.assertEqual([1, 1, 2, 11, 12], self.hooked(f, hook, 2)([]))

    def test_generators_know_what_they_wait_for(self):
        f = function("def g():\n    yield 1\n    yield 2\ndef f():\n    yield 0\n    yield from g()\n")
        made = self.hooked(f, lambda: None, 1, 2)()
        next(made)
        self.assertIsNone(made.gi_yieldfrom)
        next(made)
        self.assertEqual("g", made.gi_yieldfrom.__name__)
        self.assertRaises(KeyError, made.throw, KeyError)

    def test_begins_are_where_the_line_event_is(self):
        f = function("def f():\n    a = 1\n    return a\n")
        hook = lambda: None
        hooked = self.hooked(f, hook, 1, 2)
        seen = []

        def trace(frame, event, arg):
            if frame.f_code is not hooked.__code__:
                return None
            if event == "line":
                seen.append(self.begins.get(frame.f_lasti))
            return trace
        sys.settrace(trace)
        hooked()
        sys.settrace(None)
        self.assertEqual([hook, hook], seen)


@unittest.skipUnless(FITS, ONLY)
class StandardLibraryTest(unittest.TestCase):
    """Real code, seeded: the same instructions in the same order at the same places, and the same results of its tests."""

    def test_instructions_and_places_survive(self):
        library = os.path.dirname(os.__file__)
        names = sorted(name for name in os.listdir(library) if name.endswith(".py"))
        count = 0
        for name in random.Random(311).sample(names, 25) + ["typing.py", "asyncio/base_events.py"]:
            with open(os.path.join(library, name), "rb") as file:
                module = compile(file.read(), name, "exec", dont_inherit=True)
            for code in codes(module):
                lines = {line: len for _, _, line in code.co_lines() if line is not None}
                self.check(code, instrument.instrument(code, lines, {}, mend)[0])
                count += 1
        self.assertGreater(count, 500)

    def check(self, code, made):
        old = [i for i in dis.get_instructions(code) if i.opcode != dis.EXTENDED_ARG]
        new = iter([i for i in dis.get_instructions(made) if i.opcode != dis.EXTENDED_ARG])
        for wanted in old:
            for found in new:
                if (found.opname, found.positions) == (wanted.opname, wanted.positions) and (
                        wanted.opcode in dis.hasjrel or wanted.opcode in dis.hasconst or found.arg == wanted.arg):
                    break
            else:
                self.fail("%r lost in %r" % (wanted, code))
        for field in ("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags", "co_qualname", "co_firstlineno"):
            self.assertEqual(getattr(code, field), getattr(made, field))

    def test_code_whose_stretches_are_kept_together_becomes_the_same(self):
        """As if each instruction had been taken apart: for hooks at lines, at instructions, at starts and at the call."""
        library, seeded, kept = os.path.dirname(os.__file__), random.Random(11), 0
        hooks = collections.defaultdict(lambda: lambda: False)
        for name in ("argparse", "ast", "difflib", "locale", "random", "shutil", "tarfile", "typing", "asyncio/base_events"):
            with open(os.path.join(library, name + ".py"), "rb") as file:
                module = compile(file.read(), name, "exec", dont_inherit=True)
            for code in codes(module):
                rows = [row for row in positions.line_runs(code) if row[2] and row[0]]
                picked = seeded.sample(rows, min(3, len(rows)))
                starts = {row[2]: frozenset((row[0],)) for row in picked[:1]} if seeded.random() < 0.3 else {}
                offsets = {row[0]: hooks[row] for row in picked[1:]} if seeded.random() < 0.3 else {}
                entry = (lambda line: hooks["entry"]) if seeded.random() < 0.2 else None
                lines = {row[2]: hooks[row[2]] for row in picked}
                kept += self.compare(code, lines, offsets, starts, entry)
        self.assertGreater(kept, 1000)

    def compare(self, code, lines, offsets, starts, entry):
        """Whether there were stretches."""
        found = []
        for long in (0, 1 << 40):
            with unittest.mock.patch.object(instrument, "LONG", long):
                made, begins = instrument.instrument(code, lines, offsets, mend, None, starts, entry)
            found.append((made.co_code, made.co_consts, made.co_exceptiontable, made.co_stacksize, list(made.co_positions()), begins))
        self.assertEqual(found[1], found[0], (code, lines.keys(), offsets.keys(), starts))
        listing = stretches.decode(code, bytecode.table(), lines, offsets, starts)
        return listing is not None and any(type(each) is stretches.Stretch for each in listing)

    def test_a_hook_behind_a_literal_of_ten_thousand_lines(self):
        body = "".join("    (%d, len('x'), {'k': [%d]}),\n" % (at, at) for at in range(10000))
        code = compile("try:\n    x = [\n%s    ]\nfinally:\n    y = 2\nz = len(x) + y\n" % body, "literal", "exec")
        for line in (2, 10005, 10006):
            seen = []
            made = instrument.instrument(code, {line: lambda: seen.append(sys._getframe(1).f_lineno)}, {}, mend, None,
                                         {2: frozenset((next(start for start, _, at in positions.line_runs(code) if at == 2),))})[0]
            space = {}
            exec(made, space)
            self.assertEqual(([line], 10002), (seen, space["z"]))
            self.compare(code, {line: len}, {}, {2: frozenset()}, None)

    def test_the_tests_of_the_standard_library_have_the_same_results(self):
        choice = ("test_grammar", "test_generators", "test_coroutines", "test_patma", "test_contextlib", "test_with", "test_except_star",
                  "test_dataclasses", "test_fstring", "test_asyncgen", "test_raise", "test_json", "test_textwrap")
        tests = os.path.join(os.path.dirname(os.__file__), "test")
        choice = [name for name in choice if os.path.exists(os.path.join(tests, name)) or os.path.exists(os.path.join(tests, name + ".py"))]
        if not choice:
            self.skipTest("this Python was installed without the tests of its library")
        results = []
        for mode in ("plain", "hooked"):
            environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=SOURCES + os.pathsep + HERE)
            done = subprocess.run([sys.executable, os.path.join(HERE, "targets", "instrumented.py"), mode] + list(choice),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, timeout=120)
            self.assertEqual(0, done.returncode, done.stderr.decode())
            results.append(json.loads(done.stdout))
        hits = results[1].pop("hits")
        results[0].pop("hits")
        self.assertEqual(results[0], results[1])
        self.assertGreater(hits, 500000)


if __name__ == "__main__":
    unittest.main()
