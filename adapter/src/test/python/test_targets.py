"""stepInTargets and gotoTargets, compared with what Python itself does."""
import io
import sys
import unittest
import warnings

from gantry_agent import positions, targets
from small_engine import Case

CALLS = '''def f(*a): return a[0] if a else 1
def g(*a): return 2
class C:
    def m(self, *a, **k): return self
    n = property(m)
c = C()
r = f(g(3), c.m(g(1)).m()) + f(*[g()]); f()
r = f(
    g(),
    c
    .m(),
)
if f() and g(): r = g()
r = [g(i) for i in (f(1),)]
r = (lambda: g())() + len({f(): c.m(x=g())})
r = c.n and f("\U0001f600", g())
'''

JUMPS = '''def f(n):
    a = 1
    for i in range(2):
        b = i
        if b:
            c = 1
        else:
            c = 2
    while a < 3:
        a += 1
    with open(n) as s:
        d = 1
        e = (
            d +
            1
        )
    try:
        x = 1
        y = 2
    except ValueError:
        z = 1
        z = 2
    else:
        w = 1
    try:
        v = 1
    finally:
        u = 1
        u = 2
    for j in range(1):
        try:
            for k in range(2):
                t = k
            int("x")
        except ValueError as error:
            q = error
            p = 1
        o = 1
    def g():
        return 1
    m = [
        g()
        for i in range(2)
    ]
    m = (
        g()
    )
    return g()
'''


def at_line(code, line, then, space=None):
    """Calls then(frame) at the first line event of that line; what it returns or raised, and what the program raised."""
    found = []

    def trace(frame, event, argument):
        if event == 'line' and frame.f_lineno == line and not found and frame.f_code.co_filename == code.co_filename:
            found.append(None)
            found[0] = then(frame)
        return trace
    sys.settrace(trace)
    try:
        exec(code, space if space is not None else {'__name__': 'p'})
    finally:
        sys.settrace(None)
    return found[0] if found else None


class StepIn(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write('calls.py', CALLS)
        self.code = compile(CALLS, self.path, 'exec')

    def labels(self, line):
        found = at_line(self.code, line, lambda frame: targets.step_in_targets(self.agent, frame))
        return [each['label'] for each in found], found

    def test_nested_calls_in_the_order_of_evaluation(self):
        labels, found = self.labels(7)
        self.assertEqual(['g(3)', 'g(1)', 'c.m(g(1))', 'c.m(g(1)).m()', 'f(g(3), c.m(g(1)).m())', 'g()', 'f(*[g()])', 'f()'], labels)
        self.assertEqual((7, 7, 7, 11), tuple(found[0][each] for each in ('line', 'column', 'endLine', 'endColumn')))

    def test_a_statement_of_several_lines(self):
        labels, found = self.labels(8)
        self.assertEqual(['g()', 'c .m()', 'f( g(), c .m(), )'], labels)
        self.assertEqual((8, 5, 12, 2), tuple(found[2][each] for each in ('line', 'column', 'endLine', 'endColumn')))

    def test_statements_of_one_line_and_columns_in_utf16(self):
        self.assertEqual(['f()', 'g()', 'g()'], self.labels(13)[0])
        labels, found = self.labels(16)
        self.assertEqual((21, 24), (found[0]['column'], found[0]['endColumn']))

    def test_calls_in_nested_scopes_are_not_of_this_frame(self):
        labels, _ = self.labels(14)
        self.assertEqual(['f(1)', 'g(i)'] if sys.version_info >= (3, 12) else ['f(1)'], labels)
        self.assertEqual(['(lambda: g())()', 'f()', 'g()', 'c.m(x=g())', 'len({f(): c.m(x=g())})'], self.labels(15)[0])

    def test_the_identity_is_the_offset_of_the_call(self):
        wanted = {positions.number(name) for name in targets._CALLS}
        for line in (7, 8, 13, 14, 15, 16):
            for each in self.labels(line)[1]:
                self.assertIn(self.code.co_code[each['id']], wanted)

    def test_calls_that_are_over_are_left_out(self):
        found = []

        def trace(frame, event, argument):
            if event == 'call' and frame.f_code.co_name == 'm' and not found:
                found.append([each['label'] for each in targets.step_in_targets(self.agent, frame.f_back, False)])
        sys.settrace(trace)
        try:
            exec(self.code, {'__name__': 'p'})
        finally:
            sys.settrace(None)
        self.assertEqual(['c.m(g(1)).m()', 'f(g(3), c.m(g(1)).m())', 'g()', 'f(*[g()])', 'f()'], found[0])

    def test_the_offset_is_that_of_the_frame_during_the_call(self):
        found = at_line(self.code, 7, lambda frame: targets.step_in_targets(self.agent, frame))
        offsets = [targets.CallOffset(self.code, each['id']) for each in found]
        seen = []

        def trace(frame, event, argument):
            if event == 'call' and frame.f_back.f_code is self.code and frame.f_back.f_lineno == 7:
                seen.append([number for number, offset in enumerate(offsets) if not frame.f_back.f_lasti != offset])
        sys.settrace(trace)
        try:
            exec(self.code, {'__name__': 'p'})
        finally:
            sys.settrace(None)
        self.assertEqual([[number] for number in range(len(offsets))], seen)

    def test_nothing_for_code_without_its_source(self):
        self.write('calls.py', 'x = 1\n')
        self.assertEqual([], self.labels(7)[1])


class Goto(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write('jumps.py', JUMPS)
        self.code = compile(JUMPS, self.path, 'exec')

    def space(self):
        space = {'__name__': 'p'}
        exec(self.code, space)
        return space

    def possible(self, line):
        call = compile('f(%r)' % self.path, '<call>', 'exec')
        return at_function(self.space(), self.code, line, lambda frame: {
            number: entry for number, (_, entry) in targets.goto_lines(self.agent, frame).items()}, call)

    def jump(self, line, to):
        def then(frame):
            try:
                frame.f_lineno = to
                return None
            except ValueError as error:
                return str(error)
        call = compile('f(%r)' % self.path, '<call>', 'exec')
        with warnings.catch_warnings():
            # A file that a jump leaves open, a name that it leaves without a value.
            warnings.simplefilter('ignore')
            return at_function(self.space(), self.code, line, then, call)

    def test_no_target_is_refused_by_python(self):
        tried = 0
        for line in sorted(positions.code_lines(self.space()['f'].__code__)):
            possible = self.possible(line)
            for number, entry in (possible or {}).items():
                tried += 1
                refused = self.jump(line, entry)
                self.assertIsNone(refused, 'from %d to %d (%d): %s' % (line, number, entry, refused))
        self.assertGreater(tried, 250)

    def test_lines_of_the_same_block_and_outside_are_offered(self):
        possible = self.possible(12)
        for line in (2, 3, 9, 12, 13, 17, 24, 25, 39, 41, 45, 48):
            self.assertIn(line, possible, line)
        for line in (4, 5, 6, 18, 19, 21, 26, 28, 31, 33, 36, 40, 20, 23):
            self.assertNotIn(line, possible, line)
        self.assertIn(4, self.possible(8))

    def test_a_line_gives_at_most_one_target_with_its_range(self):
        def ask(line):
            return lambda frame: targets.goto_targets(self.agent, frame, line)
        call = compile('f(%r)' % self.path, '<call>', 'exec')
        found = at_function(self.space(), self.code, 12, ask(14), call)
        self.assertEqual([(13, 9, 16, 10, 'e = (')], [tuple(each[name] for name in ('line', 'column', 'endLine', 'endColumn', 'label')) for each in found])
        self.assertEqual([], at_function(self.space(), self.code, 12, ask(4), call))
        self.assertEqual([], at_function(self.space(), self.code, 12, ask(40), call))

    def test_lines_of_another_function_are_not_offered(self):
        self.assertNotIn(40, self.possible(2))


def at_function(space, code, line, then, call):
    found = []

    def trace(frame, event, argument):
        if frame.f_code.co_filename != code.co_filename:
            return trace
        if event == 'line' and frame.f_lineno == line and frame.f_code.co_name == 'f' and not found:
            found.append(None)
            found[0] = then(frame)
            sys.settrace(None)
            frame.f_trace = None
            return None
        return trace
    before = sys.stderr
    sys.stderr = io.StringIO()
    sys.settrace(trace)
    try:
        exec(call, space)
    except Exception:
        pass
    finally:
        sys.settrace(None)
        sys.stderr = before
    return found[0] if found else None


if __name__ == '__main__':
    unittest.main()
