"""Conditions, hit counts and log messages."""
import io
import os
import sys
import time
import unittest

from gantry_agent import expressions, logpoints
from small_engine import Case, run


def here(**names):
    """A frame whose locals are the names."""
    space = {'sys': sys}
    exec('def f(%s):\n    return sys._getframe()' % ', '.join(names), space)
    return space['f'](**names)


def said(template, **names):
    return logpoints.Template(template).render(here(**names))


class Conditions(unittest.TestCase):
    def value(self, text, frame, class_name=None):
        expression = expressions.Expression(text)
        return expression.value(expression.code_for(class_name), frame)

    def test_names_of_locals_and_globals(self):
        self.assertEqual(3, self.value(' a + b ', here(a=1, b=2)))
        self.assertIs(sys, self.value('sys', here(a=1)))

    def test_scopes_within_the_expression_see_the_locals(self):
        frame = here(a=2, b=[1, 2])
        self.assertTrue(self.value('any(each == a for each in b)', frame))
        self.assertEqual(4, self.value('(lambda: a * 2)()', frame))

    def test_private_names_of_a_class(self):
        class Thing:
            def __init__(self):
                self.__x = 5
        frame = here(self=Thing())
        self.assertEqual(5, self.value('self.__x', frame, 'Thing'))
        self.assertEqual('Thing', self.value('self.__class__.__name__', frame, '_Thing'))
        with self.assertRaises(AttributeError):
            self.value('self.__x', frame)

    def test_the_class_of_a_code_object(self):
        if sys.version_info < (3, 11):
            self.skipTest('code does not know its qualified name')
        space = {}
        exec('class A:\n  class B:\n    def m(self):\n      def g(): pass\n      return g\ndef f():\n  class C:\n    m = lambda s: 1\n  return C.m\n', space)
        self.assertEqual('B', expressions.class_of(space['A'].B.m.__code__))
        self.assertEqual('B', expressions.class_of(space['A'].B().m().__code__))
        self.assertEqual('C', expressions.class_of(space['f']().__code__))
        self.assertIsNone(expressions.class_of(space['f'].__code__))

    def test_what_is_no_expression_is_refused(self):
        for text in ('a =', 'a = 1', 'for', 'a\0', '(' * 300, 'yield 1'):
            with self.assertRaises(expressions.Invalid) as caught:
                expressions.Expression(text)
            self.assertIn('is not a Python expression', str(caught.exception))

    def test_a_failure_has_text_whatever_its_str_does(self):
        class Bad(Exception):
            def __str__(self):
                raise ValueError
        self.assertEqual('Bad: <its text failed>', expressions.failure_text(Bad()))
        self.assertEqual('KeyError: 1', expressions.failure_text(KeyError(1)))
        self.assertEqual('ValueError', expressions.failure_text(ValueError()))

    def test_hit_tests(self):
        for text, wanted in (('2', [2]), ('== 2', [2]), ('=2', [2]), ('>2', [3, 4, 5]), ('>=2', [2, 3, 4, 5]), ('<2', [1]), ('<=2', [1, 2]),
                             ('%2', [2, 4]), ('>0', [1, 2, 3, 4, 5])):
            test = expressions.hit_test(text)
            self.assertEqual(wanted, [count for count in range(1, 6) if test(count)], text)
        for text in ('', 'x', '-1', '1.5', '0', '==0', '%0', '<0', '>', '> 1 2', '\u0663', '9' * 30):
            with self.assertRaises(expressions.Invalid):
                expressions.hit_test(text)


class LogMessages(unittest.TestCase):
    def test_expressions_conversions_and_formats(self):
        names = {'a': 5, 's': "it's", 'f': 3.14159, 'w': 8}
        for template, wanted in (
                ('plain', 'plain'), ('a={a} s={s}', "a=5 s=it's"), ('{s!r:>8}|', '  "it\'s"|'), ('{f:.2f}', '3.14'), ('{f:{w}.1f}|', '     3.1|'),
                ('{a=}', 'a=5'), ('{ a = }', ' a = 5'), ('{s=}', 's="it\'s"'), ('{s=!s}', "s=it's"), ('{f=:.1f}', 'f=3.1'),
                ('{{a}} {{', '{a} {'), ('100% %s %d {a}%', '100% %s %d 5%'), ('{a == 5} {a!=5} {a >= 5}', 'True False True'),
                ('{ {"k": a}["k"] }', '5'), ("{'}' + \"{\"}", '}{'), ("{'a:b'}", 'a:b'), ('{[1, 2][0:1]}', '[1]'), ('{(lambda: a)()}', '5'),
                ('{sum(i for i in range(a))}', '10'), ('}', '}'), ('', ''), ('{a!s:>{w - 5}}', '  5'), ("{'''q'q'''}", "q'q"), ('{f"{a}"}', '5')):
            self.assertEqual(wanted, said(template, **names), template)

    def test_a_failing_part_is_shown_in_place(self):
        self.assertEqual("1 {b: NameError: name 'b' is not defined} 1", said('{a} {b} {a}', a=1))
        self.assertEqual('{a / 0: ZeroDivisionError: division by zero}!', said('{a / 0:>5}!', a=1))
        self.assertIn('{a: ValueError: ', said('{a:nonsense}', a=1))

    def test_a_bad_message_is_refused_with_the_reason(self):
        for template, text in (('{a', 'not closed'), ('x {', 'not closed'), ('{}', 'without an expression'), ('{ }', 'without'), ('{a b}', 'not a Python expression'),
                               ('{a!x}', 'conversion'), ('{a:{b}', 'not closed'), ("{'a}", 'not closed')):
            with self.assertRaises(expressions.Invalid) as caught:
                logpoints.Template(template)
            self.assertIn(text, str(caught.exception), template)

    def test_a_very_long_message_is_cut(self):
        self.assertEqual(logpoints.LIMIT + 3, len(said('{a * 1000000}', a='x')))


class InTheProgram(Case):
    def test_a_log_message_does_not_stop_and_comes_after_what_was_printed(self):
        path = self.write('p.py', 'for i in range(4):\n    print("printed", i)\n    x = i\n')
        found = self.set(path, {'line': 3, 'logMessage': 'i is {i}, {bad}', 'hitCondition': '>=3'})
        self.assertTrue(found[0]['verified'])
        order, agent, out = [], self.agent, io.TextIOWrapper(Recording([]), 'utf-8')
        out.buffer.raw_order = order
        send = agent.send_event
        agent.send_event = lambda name, body: (order.append(body['output']), send(name, body))
        before = sys.stdout, sys.__stdout__
        sys.stdout = sys.__stdout__ = out
        try:
            stops = self.run_file(path)
            out.flush()
        finally:
            sys.stdout, sys.__stdout__ = before
        self.assertEqual([], stops)
        text = "i is %d, {bad: NameError: name 'bad' is not defined}\n"
        self.assertEqual(['printed 0\nprinted 1\nprinted 2\n', text % 2, 'printed 3\n', text % 3], [each for each in order if each])
        event = agent.named('output')[0]
        self.assertEqual(('stdout', 3, path), (event['category'], event['line'], event['source']['path']))

    def test_private_names_in_methods(self):
        path = self.write('p.py', 'class A:\n    def __init__(self):\n        self.__x = 5\n\n    def m(self):\n        return 1\n\nA().m()\n')
        self.set(path, {'line': 6, 'condition': 'self.__x == 5'}, {'line': 6, 'logMessage': '{self.__x}'})
        self.assertEqual(1, len(self.run_file(path)))
        self.assertEqual('5\n', self.agent.named('output')[0]['output'])

    def test_conditions_in_comprehensions_and_closures(self):
        path = self.write('p.py', 'def f(n):\n    def g():\n        return n\n    return [\n        n + i\n        for i in range(4)\n    ] + [g()]\nf(1)\n')
        self.set(path, {'line': 5, 'condition': 'i == 2'}, {'line': 3, 'condition': 'n == 1'})
        self.assertEqual([5, 3], [line for line, _ in self.run_file(path)])

    def test_a_local_without_a_value(self):
        path = self.write('p.py', 'def f(n):\n    if n:\n        i = n\n    n = 0\n    return 1\nf(0)\nf(1)\n')
        self.set(path, {'line': 4, 'condition': 'i == 1'})
        with open(path) as stream:
            code = compile(stream.read(), path, 'exec')
        stops = run(self.agent, code, {})
        self.assertEqual(2, len(stops))
        self.assertIn("NameError: name 'i' is not defined", stops[0][1].text)
        self.assertIsNone(stops[1][1].text)

    def test_the_price_of_a_false_condition(self):
        path = self.write('p.py', 'def f():\n    i = 0\n    x = 1\n    return sys._getframe()\nimport sys\nr = f()\n')
        self.set(path, {'line': 3, 'condition': 'i == -1'})
        space = {}
        with open(path) as stream:
            exec(compile(stream.read(), path, 'exec'), space)
        frame = space['r']
        hit, rounds = self.table.spots_for(frame.f_code).lines[3].hit, 200000
        best = 99
        for _ in range(3):
            begun = time.perf_counter()
            for _ in range(rounds // 3):
                hit(frame)
            best = min(best, (time.perf_counter() - begun) / (rounds // 3) * 1e6)
        self.assertLess(best, 3)
        with open(os.environ.get('GANTRY_TEST_FIGURES', os.devnull), 'a') as stream:
            stream.write('%d.%d false condition: %.3f us\n' % (sys.version_info[:2] + (best,)))


class Recording(io.BufferedIOBase):
    """A binary stream that writes into a list, with the order of other events."""

    def __init__(self, order):
        self.raw_order = order

    def writable(self):
        return True

    def write(self, data):
        self.raw_order.append(bytes(data).decode())
        return len(data)


if __name__ == '__main__':
    unittest.main()
