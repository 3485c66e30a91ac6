"""The breakpoint table: answers, and where a program that runs under it is stopped."""
import os
import sys
import time
import unittest

from small_engine import Case, run

PROGRAM = '''import sys

def f(a,
      b=1):
    x = (
        a + g(1) +
        g(2)
    )
    y = [
        g(i)
        for i in range(3)
    ]
    g(a); g(b); g(x)
    return x

def g(v): return v

class C:
    def m(self):
        for i in range(3):
            g(i)
        return [g(j) for j in range(2)]

    @staticmethod
    def s(k=lambda v: v + 1): return k(1)

f(1)
C().m(); C.s()
'''


def lines_of(stops):
    return [line for line, _ in stops]


def ids_of(stops):
    return [hit.ids for _, hit in stops]


class Answers(Case):
    def test_answers_have_all_of_dap(self):
        path = self.write('a.py', 'a = 1\n\nb = (\n  1)\n')
        found = self.set(path, 1, 2, {'line': 4}, 9)
        self.assertEqual([True, True, True, False], [each['verified'] for each in found])
        self.assertEqual([1, 3, 3, 9], [each['line'] for each in found])
        self.assertEqual(4, len({each['id'] for each in found}))
        self.assertEqual('failed', found[3]['reason'])
        self.assertIn('after the end', found[3]['message'])
        self.assertEqual(path, found[0]['source']['path'])

    def test_ids_stay_for_the_same_place(self):
        path = self.write('a.py', 'a = 1\nb = 2\nc = 3\n')
        first = self.set(path, 1, 3, 3)
        second = self.set(path, 3, 2, 1)
        self.assertEqual(first[0]['id'], second[2]['id'])
        self.assertEqual(first[1]['id'], second[0]['id'])
        self.assertNotEqual(first[1]['id'], first[2]['id'])
        self.set(path)
        self.assertEqual(first[0]['id'], self.set(path, 1)[0]['id'])

    def test_a_column_is_answered_with_its_range(self):
        path = self.write('a.py', 'a = 1; b = 2\n')
        found = self.set(path, {'line': 1, 'column': 9})[0]
        self.assertEqual((1, 8, 1, 13), tuple(found[each] for each in ('line', 'column', 'endLine', 'endColumn')))

    def test_a_column_at_which_nothing_can_stop_is_a_breakpoint_of_the_line(self):
        path = self.write('a.py', 'def f(a): global x; x = a\nf(1)\n')
        found = self.set(path, {'line': 1, 'column': 11})[0]
        self.assertTrue(found['verified'])
        self.assertIn('for the line', found['message'])
        self.assertTrue(self.run_file(path))

    def test_bad_conditions_are_refused_with_the_reason(self):
        path = self.write('a.py', 'a = 1\n')
        for wanted, text in (({'condition': 'a ==='}, 'is not a Python expression'), ({'hitCondition': 'often'}, '>=3'),
                             ({'logMessage': 'x {a'}, 'not closed'), ({'logMessage': '{a +}'}, 'is not a Python expression'),
                             ({'hitCondition': '%0'}, 'never')):
            found = self.set(path, dict(wanted, line=1))[0]
            self.assertFalse(found['verified'])
            self.assertIn(text, found['message'])
            self.assertEqual('failed', found['reason'])
            self.assertEqual([], self.run_file(path))

    def test_a_file_that_does_not_exist_yet_is_pending_until_it_is_loaded(self):
        path = os.path.join(self.place, 'later.py')
        found = self.set(path, 2)[0]
        self.assertEqual((False, 'pending'), (found['verified'], found['reason']))
        self.write('later.py', 'a = 1\n# no\nb = 2\n')
        self.assertEqual([3], lines_of(self.run_file(path)))
        event = self.agent.named('breakpoint')[0]
        self.assertEqual(('changed', found['id'], True, 3),
                         (event['reason'], event['breakpoint']['id'], event['breakpoint']['verified'], event['breakpoint']['line']))
        self.assertNotIn('reason', event['breakpoint'])

    def test_the_loaded_code_decides_when_the_file_has_changed(self):
        path = self.write('a.py', 'a = 1\n\n\nb = 2\n')
        with open(path) as stream:
            code = compile(stream.read(), path, 'exec')
        run(self.agent, code, {})
        self.write('a.py', 'a = 1\nc = 3\n')
        found = self.set(path, 2)[0]
        self.assertEqual((True, 4), (found['verified'], found['line']))
        self.assertIn('changed', found['message'])
        self.assertEqual([4], lines_of(run(self.agent, code, {})))

    def test_a_breakpoint_moves_when_a_changed_file_is_loaded(self):
        path = self.write('a.py', 'a = 1\nb = 2\n')
        self.set(path, 2)
        self.assertEqual([], self.agent.events)
        code = compile('a = 1\n\n\nb = 2\n', path, 'exec')
        self.assertEqual([4], lines_of(run(self.agent, code, {})))
        event = self.agent.named('breakpoint')[0]
        self.assertEqual(4, event['breakpoint']['line'])
        self.assertIn('changed', event['breakpoint']['message'])

    def test_no_event_when_nothing_changes(self):
        path = self.write('a.py', PROGRAM)
        self.set(path, 5, 13)
        self.run_file(path)
        self.assertEqual([], self.agent.named('breakpoint'))

    def test_bad_input_is_refused_and_the_others_are_kept(self):
        path = self.write('a.py', 'a = 1\n')
        found = self.set(path, {'line': '1'}, {}, {'line': 1, 'condition': 5}, {'line': 1, 'column': 'x'}, {'line': -3}, {'line': 1, 'hitCondition': ['x']}, {'line': [1]}, 1)
        self.assertEqual([False, False, False, True, False, False, False, True], [each['verified'] for each in found])
        self.assertTrue(all(each['message'] for each in found if not each['verified']))
        self.assertEqual(1, len(self.run_file(path)))

    def test_what_is_no_regular_file_is_not_read(self):
        pipe = os.path.join(self.place, 'pipe.py')
        os.mkfifo(pipe)
        for path in (pipe, self.place, '/dev/zero', 'a\0b', ''):
            self.assertFalse(self.set(path, 1)[0]['verified'])

    def test_text_that_is_not_python(self):
        path = self.write('a.html', '<p>\n')
        self.assertIn('cannot be compiled', self.set(path, 1)[0]['message'])


class LongStatements(Case):
    """A module is first looked at without what is in its long statements."""

    LITERAL = 'x = 0\ndata = [\n' + "    (len('x'), {'k': 1}),\n" * 1000 + ']\ndef f(a):\n    return a  # end\nf(1)\n'

    def test_the_answers_are_those_of_the_whole_text(self):
        path = self.write('long.py', self.LITERAL)
        answers = self.set(path, 1, 2, 3, 500, 1003, 1006)
        self.assertEqual([1, 2, 2, 2, 2, 1006], [each['line'] for each in answers if each['verified']])
        self.assertFalse(self.agent.files.text(path)._compiled)
        answers = self.set(path, 1, 2, 500, 1004, 1005, 1006)
        self.assertEqual([1, 2, 2, 1004, 1005, 1006], [each['line'] for each in answers if each['verified']])
        stops = self.run_file(path, 'long')
        # Before 3.10 the first instruction of a literal is one of its first element.
        self.assertEqual([1, 2 if sys.version_info >= (3, 10) else 3, 1004, 1006, 1005], [line for line, _ in stops])
        self.assertEqual([], self.agent.named('breakpoint'))

    def test_a_changed_file_is_noticed(self):
        path = self.write('long.py', self.LITERAL)
        self.run_file(path, 'long')
        self.table.on_code(compile(self.LITERAL, path, 'exec'))
        self.write('long.py', 'new = 1\n\n' + self.LITERAL)
        self.assertIn('changed', self.set(path, 1006)[0].get('message', ''))

    def test_a_column_or_an_error_needs_all_of_it(self):
        path = self.write('long.py', self.LITERAL.replace("'k': 1", "'k': (lambda: 1)"))
        answer = self.set(path, {'line': 500, 'column': 25})[0]
        self.assertEqual((True, 500), (answer['verified'], answer['line']), answer)
        path = self.write('bad.py', self.LITERAL + 'x = = 1\n')
        self.assertIn('cannot be compiled', self.set(path, 500)[0]['message'])


class Stops(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write('p.py', PROGRAM)

    def test_lines(self):
        self.set(self.path, 1, 14)
        self.assertEqual([1, 14], lines_of(self.run_file(self.path)))

    def test_a_statement_of_several_lines_stops_once_before_anything_of_it_runs(self):
        self.set(self.path, 8)
        stops = self.run_file(self.path)
        self.assertEqual([6], lines_of(stops))

    def test_a_comprehension_body_on_its_own_line_stops_for_each_item(self):
        self.set(self.path, 10)
        self.assertEqual([10] * 3, lines_of(self.run_file(self.path)))

    def test_the_comprehension_statement_stops_once(self):
        self.set(self.path, 9)
        self.assertEqual(1, len(self.run_file(self.path)))
        self.set(self.path, 22)
        self.assertEqual(1, len(self.run_file(self.path)))

    def test_columns_of_statements(self):
        for column in (5, 11, 17):
            self.set(self.path, {'line': 13, 'column': column})
            self.assertEqual([13], lines_of(self.run_file(self.path)), column)
        self.set(self.path, *[{'line': 13, 'column': column} for column in (5, 11, 17)])
        found = ids_of(self.run_file(self.path))
        self.assertEqual(3, len(found))
        self.assertEqual(3, len({each for ids in found for each in ids}))

    def test_a_column_before_the_first_statement_is_the_line(self):
        for column in (1, 3):
            self.set(self.path, {'line': 20, 'column': column})
            self.assertEqual([20] * 4, lines_of(self.run_file(self.path)))

    def test_columns_of_a_comprehension_and_of_a_lambda(self):
        self.set(self.path, {'line': 22, 'column': 17})
        self.assertEqual([22, 22], lines_of(self.run_file(self.path)))
        self.set(self.path, {'line': 25, 'column': 23})
        self.assertEqual([25], lines_of(self.run_file(self.path)))

    def test_the_body_of_a_loop_and_its_head(self):
        self.set(self.path, 21)
        self.assertEqual([21] * 3, lines_of(self.run_file(self.path)))
        self.set(self.path, 20)
        self.assertEqual([20] * 4, lines_of(self.run_file(self.path)))

    def test_several_breakpoints_at_a_place_are_all_told(self):
        found = self.set(self.path, {'line': 14}, {'line': 14, 'condition': 'x'}, {'line': 14, 'condition': 'not x'})
        self.assertEqual([[found[0]['id'], found[1]['id']]], ids_of(self.run_file(self.path)))

    def test_cleared_breakpoints_do_not_stop(self):
        self.set(self.path, 14)
        self.set(self.path)
        self.assertEqual([], self.run_file(self.path))
        self.assertEqual({}, self.table.by_key)

    def test_every_line_that_can_stop_is_hit_when_it_runs(self):
        text = self.agent.files.text(self.path)
        for line in range(1, text.count + 1):
            found = self.set(self.path, line)[0]
            stops = self.run_file(self.path)
            self.assertTrue(stops, 'line %d -> %s' % (line, found))

    def test_a_class_line_stops_once(self):
        self.set(self.path, 18)
        self.assertEqual([18], lines_of(self.run_file(self.path)))

    def test_spellings_of_a_path(self):
        os.symlink(self.path, os.path.join(self.place, 'link.py'))
        os.mkdir(os.path.join(self.place, 'sub'))
        for spelling in ('p.py', './p.py', os.path.join(self.place, 'sub', '..', 'p.py'), os.path.join(self.place, 'link.py')):
            found = self.set(spelling, 14)[0]
            self.assertEqual(spelling, found['source']['path'])
            self.assertEqual([14], lines_of(self.run_file(self.path)))
        code = compile(PROGRAM, 'p.py', 'exec')
        self.assertEqual([14], lines_of(run(self.agent, code, {'__name__': 'p'})))
        self.assertEqual(os.path.join(self.place, 'link.py'), self.agent.files.source(code)['path'])


class Counting(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write('p.py', 'for i in range(10):\n    x = i\n')

    def stops(self, **more):
        self.set(self.path, dict(more, line=2))
        return len(self.run_file(self.path))

    def test_hit_conditions(self):
        for text, wanted in (('3', 1), ('==3', 1), ('>3', 7), ('>=3', 8), ('<3', 2), ('<=3', 3), ('%3', 3), (' >= 3 ', 8)):
            self.set(self.path)
            self.assertEqual(wanted, self.stops(hitCondition=text), text)
            self.set(self.path, {'line': 2, 'condition': 'i'})

    def test_the_hit_count_is_anded_with_the_condition(self):
        self.assertEqual(1, self.stops(condition='i % 2', hitCondition='2'))
        self.set(self.path)
        self.assertEqual(0, self.stops(condition='i > 100', hitCondition='1'))

    def test_counts_go_on_when_others_are_set(self):
        self.set(self.path, {'line': 2, 'hitCondition': '>=15'})
        self.assertEqual([], self.run_file(self.path))
        self.set(self.path, {'line': 2, 'hitCondition': '>=15'}, {'line': 1, 'condition': 'False'})
        self.assertEqual(6, len(self.run_file(self.path)))

    def test_a_failing_condition_stops_once_and_says_why(self):
        self.set(self.path, {'line': 2, 'condition': 'nothing_of_the_kind > 1'})
        stops = self.run_file(self.path)
        self.assertEqual(1, len(stops))
        self.assertIn("NameError: name 'nothing_of_the_kind' is not defined", stops[0][1].text)
        self.assertIn('condition', stops[0][1].description)
        output = self.agent.named('output')
        self.assertEqual(['important'], [each['category'] for each in output])
        self.assertEqual(9 + 1, self.table.by_key[self.path][0].failures)

    def test_a_condition_that_exits_is_a_failure(self):
        self.set(self.path, {'line': 2, 'condition': 'exit()'})
        self.assertIn('SystemExit', self.run_file(self.path)[0][1].text)

    def test_an_interrupt_in_a_condition_goes_on_into_the_program(self):
        self.set(self.path, {'line': 2, 'condition': 'interrupt()'})

        def interrupt():
            raise KeyboardInterrupt
        with open(self.path) as stream:
            code = compile(stream.read(), self.path, 'exec')
        with self.assertRaises(KeyboardInterrupt):
            run(self.agent, code, {'interrupt': interrupt})


class Functions(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write('mod.py', '''def f():
    """doc"""
    a = 1
    return a

class C:
    x = 1

    def m(self):
        def f():
            return 2
        return f()

    def gen(self):
        yield 1

def one(x): return x

f()
C().m()
list(C().gen())
one(1)
''')

    def names(self, *names):
        found = self.table.set_functions({'breakpoints': [{'name': name} for name in names]})
        return found, self.run_file(self.path, 'pkg.mod')

    def test_a_bare_name_is_any_function_of_that_name(self):
        found, stops = self.names('f')
        self.assertEqual([3, 11], lines_of(stops))
        self.assertEqual('function breakpoint', stops[0][1].reason)

    def test_qualified_names(self):
        self.agent.files.set_main(self.path)
        for name, line in (('C.m', 10), ('m', 10), ('mod:C.m', 10), ('mod.C.m', 10), ('C.m.f', 11), ('C.m.<locals>.f', 11),
                           ('__main__:f', 3), ('C.gen', 15), ('one', 17), ('mod.one', 17)):
            found, stops = self.names(name)
            wanted = [3, 11] if name == '__main__:f' else [line]
            self.assertEqual(wanted, lines_of(stops), name)
            self.assertTrue(found[0]['verified'], name)
            self.assertEqual(line, found[0]['line'])

    def test_a_function_that_begins_with_a_loop_stops_once_for_each_call(self):
        path = self.write('loops.py', 'def f(n):\n    while True:\n        n -= 1\n        if n < 0:\n            return\n'
                          'def g(n):\n    while n:\n        n -= 1\ndef h(n):\n    for i in range(n): pass\nf(3)\ng(3)\nh(3)\nf(1)\n')
        self.table.set_functions({'breakpoints': [{'name': 'f'}, {'name': 'g'}, {'name': 'h'}]})
        self.assertEqual(4, len(self.run_file(path)))

    def test_an_unknown_name_is_pending_until_it_is_seen(self):
        found, stops = self.names('C.m')
        self.assertEqual((False, 'pending'), (found[0]['verified'], found[0]['reason']))
        event = self.agent.named('breakpoint')[0]['breakpoint']
        self.assertEqual((True, 10, self.path), (event['verified'], event['line'], event['source']['path']))
        self.assertEqual(found[0]['id'], event['id'])
        found, stops = self.names('other.C.m', 'nothing')
        self.assertEqual([], stops)
        self.assertEqual(['pending'] * 2, [each['reason'] for each in found])

    def test_loaded_modules_are_looked_into(self):
        found = self.table.set_functions({'breakpoints': [{'name': 'unittest.case.TestCase.assertEqual'}, {'name': 'os.path.join'}]})
        self.assertEqual([True, True], [each['verified'] for each in found])
        self.assertTrue(found[0]['source']['path'].endswith('case.py'))

    def test_invalid_names_are_refused(self):
        for name in ('x y', '', '3f', 'a..b', 'f()'):
            found = self.table.set_functions({'breakpoints': [{'name': name}]})[0]
            self.assertEqual((False, 'failed'), (found['verified'], found['reason']))
            self.assertIn('is not the name of a function', found['message'])

    def test_conditions_and_counts(self):
        found = self.table.set_functions({'breakpoints': [{'name': 'one', 'condition': 'x == 1'}, {'name': 'f', 'hitCondition': '2'},
                                                          {'name': 'f', 'condition': 'a b'}]})
        self.assertEqual(found[2]['reason'], 'failed')
        self.assertIn('is not a Python expression', found[2]['message'])
        self.assertEqual([11, 17], lines_of(self.run_file(self.path, 'mod')))

    def test_a_line_breakpoint_at_the_same_place_is_told_too(self):
        self.agent.files.set_main(self.path)
        line = self.set(self.path, 3)[0]
        found, stops = self.names('mod:f')
        self.assertEqual({line['id'], found[0]['id']}, set(stops[0][1].ids))
        self.assertEqual('breakpoint', stops[0][1].reason)


VARIETY = '''import contextlib
@contextlib.contextmanager
def manager(n):
    yield (
        n +
        1
    )
    n = 2

def gen(n):
    for i in range(n):
        got = yield [
            i,
            i + 1,
        ]
    return 5

def deco(f): return f

class A:
    """doc"""
    x = {
        "a": 1,
        "b": max(
            2, 3),
    }
    @deco
    def m(self, a,
          b=2):
        t = (a,
             b)
        try:
            int("x" if a
                else "1")
            z = 1; y = 2
        except ValueError as e:
            z = str(
                e)
            return z
        finally:
            w = [
                a for a in range(3)
                if a
            ]
            w.append(
                1)
        v = 3
        return (
            v)

async def co(n):
    await sub(
        n)
    async with acm() as q:
        q = 2
    return n
async def sub(n):
    return n

class acm:
    async def __aenter__(self): return 1
    async def __aexit__(self, *a):
        x = 1

for k in range(3):
    with manager(k) as got:
        if (got and
                got > 1):
            continue
        got = 3
    x = [each for each in
         gen(k)]
while (k
       > 0):
    k -= \\
        1
A().m(0); A().m(1)
l = lambda a: (a,
               1)
l(
    1)
try:
    co(1).send(None)
except StopIteration as stop:
    v = stop.value
r = [
    gen(i)
    for i in range(2)
]
assert (
    r), "no"
del (
    r)
print(
    "x",
    end="")
'''


def executions(source):
    """{line: (how often the first simple statement of the line runs, its column)}, by a copy of the program that counts."""
    import ast
    counts, found, tree = {}, {}, ast.parse(source)

    def marked(body):
        made = []
        for node in body:
            for name in ('body', 'orelse', 'finalbody'):
                if isinstance(getattr(node, name, None), list):
                    setattr(node, name, marked(getattr(node, name)))
            for handler in getattr(node, 'handlers', ()):
                handler.body = marked(handler.body)
            if not hasattr(node, 'body') and not isinstance(getattr(node, 'value', None), ast.Constant):
                if node.lineno not in found:
                    found[node.lineno] = node.col_offset + 1
                    made.append(ast.copy_location(ast.parse('count_(%d)' % node.lineno).body[0], node))
            made.append(node)
        return made
    tree.body = marked(tree.body)
    exec(compile(ast.fix_missing_locations(tree), 'marked.py', 'exec'),
         {'count_': lambda line: counts.__setitem__(line, counts.get(line, 0) + 1), '__name__': 'p', 'print': lambda *a, **k: None})
    return {line: (counts.get(line, 0), column) for line, column in found.items()}


def stops_at_calls_too(source, line):
    """Whether a breakpoint of the line is one of a function or lambda on it as well."""
    return source.split('\n')[line - 1].lstrip().startswith(('def', 'async def', 'l = lambda'))


class Executions(Case):
    def test_a_simple_statement_stops_as_often_as_it_runs(self):
        path = self.write('p.py', VARIETY)
        code = compile(VARIETY, path, 'exec')
        for line, (count, column) in sorted(executions(VARIETY).items()):
            if not stops_at_calls_too(VARIETY, line):
                self.set(path, line)
                stops = run(self.agent, code, {'__name__': 'p', 'print': lambda *a, **k: None})
                self.assertEqual(count, len(stops), 'line %d' % line)
            elif column == 1:
                continue  # that is the line
            answer = self.set(path, {'line': line, 'column': column})[0]
            stops = run(self.agent, code, {'__name__': 'p', 'print': lambda *a, **k: None})
            self.assertEqual(count, len(stops), 'column of line %d: %s' % (line, answer))

    def test_what_is_verified_in_the_standard_library_can_be_hit(self):
        from gantry_agent import lines, positions, texts
        library = os.path.dirname(os.__file__)
        for name in ('bisect.py', 'contextlib.py', 'heapq.py', 'abc.py', 'asyncio/locks.py', 'asyncio/runners.py', 'reprlib.py', 'shlex.py'):
            with open(os.path.join(library, name), 'rb') as stream:
                text = texts.Text(texts.decode(stream.read()))
            codes = list(positions.walk(text.code))
            for line in range(1, text.count + 1):
                place = lines.resolve(text, line)
                if isinstance(place, lines.Place):
                    self.assertTrue(any(lines.spot_lines(code, place, text) for code in codes), (name, line))
            for where in lines.locations(text, 1, text.count)[::9]:
                place = lines.resolve(text, where['line'], where['column'])
                if text.can_stop_at(place.unit):
                    self.assertTrue(any(lines.spot_lines(code, place, text) for code in codes), (name, where))


class Speed(Case):
    def test_a_hundred_breakpoints_in_a_file_of_five_thousand_lines(self):
        source = ''.join('def f%d(a, b):\n    x = a + b\n    if x:\n        return [x, a]\n    return g(b)\n\n' % i for i in range(834))
        path = self.write('big.py', source)
        begun = time.perf_counter()
        found = self.set(path, *range(2, 5000, 50))
        taken = time.perf_counter() - begun
        self.assertTrue(all(each['verified'] for each in found))
        self.assertLess(taken, 2)
        begun = time.perf_counter()
        self.set(path, *range(2, 5000, 50))
        again = time.perf_counter() - begun
        other = compile('x = 1\n', os.path.join(self.place, 'other.py'), 'exec')
        self.table.spots_for(other)
        rounds, spots_for = 100000, self.table.spots_for
        begun = time.perf_counter()
        for _ in range(rounds):
            spots_for(other)
        miss = (time.perf_counter() - begun) / rounds * 1e6
        self.assertLess(miss, 5)
        with open(os.environ.get('GANTRY_TEST_FIGURES', os.devnull), 'a') as stream:
            stream.write('%d.%d set 100: %.1f ms, again %.1f ms, spots_for on a miss %.3f us\n' % (sys.version_info[:2] + (taken * 1e3, again * 1e3, miss)))


if __name__ == '__main__':
    unittest.main()
