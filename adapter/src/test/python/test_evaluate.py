"""evaluate in a frame: expressions, statements, writes to locals, await, private names, limits."""
import asyncio
import sys
import time
import unittest
import warnings

from gantry_agent.values import Refused
from looked import View

COUNTER = 10


class Owner:
    def __init__(self):
        self.__x = 1

    def method(self, arg):
        def inner():
            return View(), self
        self.__x += arg
        return inner()[0]

    @property
    def effect(self):
        self.seen = True
        return 7


def refusal(view, expression, context='watch', **more):
    try:
        view.evaluate(expression, context, **more)
    except Refused as refused:
        return str(refused)
    raise AssertionError('not refused: ' + expression)


class ExpressionTest(unittest.TestCase):
    def test_result_has_type_reference_and_counts(self):
        value = [1, 2, 3]
        found = View().evaluate('value')
        self.assertEqual(('[1, 2, 3]', 'list', 3), (found['result'], found['type'], found['indexedVariables']))
        self.assertGreater(found['variablesReference'], 0)
        view = View()
        self.assertEqual('value[0]', view.children(view.evaluate('value'))[0]['evaluateName'])
        self.assertTrue(value)

    def test_an_expression_of_operators_is_put_in_brackets(self):
        one, two = [1], [2]
        view = View()
        inner = view.children(view.evaluate('one + two'))[1]
        self.assertEqual('(one + two)[1]', inner['evaluateName'])
        self.assertEqual('2', view.value(inner['evaluateName']))
        self.assertTrue(one and two)

    def test_comprehensions_lambdas_and_generators_see_locals(self):
        base, items = 10, [1, 2]
        view = View()
        self.assertEqual('[11, 12]', view.value('[base + i for i in items]'))
        self.assertEqual('{1: 10, 2: 10}', view.value('{i: base for i in items}'))
        self.assertEqual('23', view.value('sum(base + i for i in items)'))
        self.assertEqual('12', view.value('(lambda k: base + k)(2)'))
        self.assertEqual('[[10], [10]]', view.value('[[base for _ in "a"] for _ in items]'))
        self.assertEqual('True', view.value('all(i in items for i in items)'))
        self.assertTrue(base and items)

    def test_globals_and_builtins(self):
        view = View()
        self.assertEqual('10', view.value('COUNTER'))
        self.assertEqual('[10, 10]', view.value('[COUNTER for _ in range(2)]'))
        self.assertEqual('3', view.value('len("abc")'))

    def test_closure_variables(self):
        free = 4

        def inner():
            return free, View()
        view = inner()[1]
        self.assertEqual('4', view.value('free'))
        view.evaluate('free = 5', 'repl')
        self.assertEqual(5, free)

    def test_private_names(self):
        view = Owner().method(4)
        self.assertEqual('5', view.value('self.__x'))
        self.assertEqual('[5]', view.value('[self.__x for _ in "a"]'))
        view.evaluate('self.__x = 9', 'repl')
        self.assertEqual('9', view.value('self._Owner__x'))

    def test_errors_are_type_and_message(self):
        view = View()
        self.assertEqual('ZeroDivisionError: division by zero', refusal(view, '1/0'))
        self.assertEqual("NameError: name 'missing' is not defined", refusal(view, 'missing'))
        self.assertTrue(refusal(view, '1 +').startswith('SyntaxError: '))
        self.assertTrue(refusal(view, 'x = 1').startswith('SyntaxError: '))
        self.assertIn('nothing to evaluate', refusal(view, '  '))
        if sys.version_info >= (3, 9):      # the parser of 3.8 writes to stderr by itself
            self.assertTrue(refusal(view, '(' * 500, 'repl'))
        self.assertTrue(refusal(view, 'a\0b'))

    def test_console_errors_have_the_users_frames(self):
        def failing(value):
            return value.missing
        view = View()
        text = refusal(view, 'failing(3)', 'repl')
        self.assertIn('test_evaluate.py', text)
        self.assertIn('in failing', text)
        self.assertTrue(text.endswith("AttributeError: 'int' object has no attribute 'missing'"), text)
        self.assertNotIn('evaluate.py", line', text.replace('test_evaluate.py"', ''))
        self.assertEqual('ZeroDivisionError: division by zero', refusal(view, '1/0', 'repl'))
        self.assertIn('SyntaxError', refusal(view, 'a b', 'repl'))

    def test_multi_line_and_indented_expressions(self):
        value = 3
        view = View()
        self.assertEqual('4', view.value('   value\n   + 1'))
        self.assertEqual('4', view.value('  value + 1  '))
        self.assertEqual('[3]', view.value('\n[\n value\n]\n'))
        self.assertTrue(value)

    def test_hexadecimal(self):
        self.assertEqual('0xff', View().value('255', format={'hex': True}))

    def test_nothing_warns(self):
        value = 1
        view = View()
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter('always')
            self.assertEqual('True', view.value('value is 1'))
            self.assertEqual('True', view.value('[value is 1 for _ in "a"][0]'))
        self.assertEqual([], seen)
        with warnings.catch_warnings():
            warnings.simplefilter('error')
            self.assertEqual('True', view.value('value is 1', 'repl'))
        self.assertTrue(value)

    def test_underscore_is_not_set(self):
        import builtins
        View().evaluate('41 + 1', 'repl')
        self.assertFalse(hasattr(builtins, '_'))

    def test_nothing_is_left_in_sys_modules(self):
        before = sorted(sys.modules)
        view = View()
        view.evaluate('[x for x in (1, 2)]', 'repl')
        refusal(view, '1/0', 'repl')
        added = [name for name in sys.modules if name not in before and not name.startswith('gantry_agent')]
        self.assertEqual([], added)


class HoverTest(unittest.TestCase):
    def test_names_attributes_and_items(self):
        value = {'a': [1, 2]}
        owner = Owner()
        view = View()
        self.assertEqual('2', view.value("value['a'][-1]", 'hover'))
        self.assertEqual('[1]', view.value("value['a'][0:1]", 'hover'))
        self.assertEqual('7', view.value('owner.effect', 'hover'))
        self.assertTrue(value and owner)

    def test_calls_and_statements_are_refused(self):
        view = View()
        for text in ('print(1)', 'x = 1', '[i for i in "a"]', '(x := 1)', 'lambda: 1', 'f"{1}"', '1 +', 'await x'):
            self.assertIn('while hovering', refusal(view, text, 'hover'))


class ConsoleTest(unittest.TestCase):
    def test_statements_and_the_value_of_the_last_expression(self):
        view = View()
        self.assertEqual('', view.value('import os.path\nx = 3', 'repl'))
        self.assertEqual('6', view.value('x * 2', 'repl'))
        self.assertEqual('7', view.value('y = 4; y + x', 'repl'))
        self.assertEqual('8', view.value('def double(n):\n    return n * 2\ndouble(y)', 'repl'))
        self.assertEqual('10', view.value('total = 0\nfor i in range(5):\n    total += i\ntotal', 'repl'))
        self.assertEqual("'/a'", view.value('os.path.join("/", "a")', 'repl'))
        self.assertEqual('5', view.value('class K:\n    v = x + 2\nK.v', 'repl'))

    def test_a_call_that_returns_none_shows_nothing(self):
        nothing = None
        view = View()
        self.assertEqual('', view.value('[].append(1)', 'repl'))
        self.assertEqual('None', view.value('nothing', 'repl'))
        self.assertEqual('None', view.value('[].append(1)', 'watch'))
        self.assertIsNone(nothing)

    def test_locals_are_written(self):
        number, text = 1, 'a'

        def reads():
            return text
        view = View()
        view.evaluate('number = 5; text = "b"', 'repl')
        self.assertEqual((5, 'b', 'b'), (number, text, reads()))
        view.evaluate('number += 1', 'repl')
        self.assertEqual(6, number)
        view.evaluate('[number := i for i in range(3)]', 'repl')
        self.assertEqual(2, number)
        view.evaluate('(number := 77)')
        self.assertEqual(77, number)
        view.evaluate('number, *text = [i for i in range(4)]', 'repl')
        self.assertEqual((0, [1, 2, 3]), (number, text))

    def test_what_was_bound_before_an_error_stays(self):
        number = 1
        view = View()
        refusal(view, 'number = 2\n1/0', 'repl')
        self.assertEqual(2, number)
        refusal(view, 'number = [i for i in "ab"]\n1/0', 'repl')
        self.assertEqual(['a', 'b'], number)

    def test_locals_of_an_outer_frame(self):
        def called():
            view = View()
            view.frame = view.stack()[1]['id']
            view.evaluate('outer = 2', 'repl')
        outer = 1
        called()
        self.assertEqual(2, outer)

    def test_a_suspended_generator(self):
        def made():
            inner = 1
            yield View()
            yield inner
        generator = made()
        view = next(generator)
        view.stop_at(generator.gi_frame)
        view.evaluate('inner = 8', 'repl')
        self.assertEqual(8, next(generator))

    def test_new_names_are_seen_later_and_end_with_the_frame(self):
        def called():
            view = View()
            view.evaluate('fresh = 3', 'repl')
            view.evaluate('more = [fresh for _ in "ab"]', 'repl')
            self.assertEqual('[3, 3]', view.value('more'))
            self.assertIn('fresh', view.locals())
        called()

        def called():
            return View()
        self.assertIn('NameError', refusal(called(), 'fresh'))

    def test_del(self):
        number = 1
        view = View()
        view.evaluate('fresh = 3\ndel fresh', 'repl')
        self.assertIn('NameError', refusal(view, 'fresh'))
        if sys.version_info < (3, 11):
            view.evaluate('del number', 'repl')
            with self.assertRaises(UnboundLocalError):
                number
        else:
            self.assertIn('assign None', refusal(view, 'del number', 'repl'))
            self.assertEqual(1, number)

    def test_global_statement(self):
        global COUNTER
        view = View()
        view.evaluate('global COUNTER\nCOUNTER = 11', 'repl')
        self.assertEqual(11, COUNTER)
        view.evaluate('global COUNTER\nCOUNTER = max(12 for _ in "a")', 'repl')
        self.assertEqual(12, COUNTER)
        COUNTER = 10

    def test_module_and_class_frames(self):
        found = []
        space = {'found': found, 'View': View, 'sys': sys}
        exec(compile('x = 1\nfound.append(View())\nclass C:\n    y = 2\n    found.append(View())\n', 'module.py',
                     'exec'), space)
        module, body = found
        self.assertEqual('1', module.value('x'))
        module.evaluate('x = 5; z = [x for _ in "ab"]', 'repl')
        self.assertEqual((5, [5, 5]), (space['x'], space['z']))
        self.assertEqual('[2, 2]', body.value('[y for _ in "ab"]'))
        body.evaluate('w = y + 1', 'repl')
        self.assertEqual('3', body.value('w'))

    def test_globals_without_builtins_stay_so(self):
        space = {'View': View, 'found': []}
        exec('def f():\n    n = 1\n    found.append(View())\nf()', space)
        self.assertEqual('2', space['found'][0].value('n + len("a")'))
        del space['__builtins__']
        try:
            self.assertEqual('2', space['found'][0].value('n + len("a")'))
            self.assertNotIn('__builtins__', space)
        finally:
            space['__builtins__'] = __builtins__

    def test_values_are_whole_for_the_clipboard(self):
        value, text = list(range(5000)), 'line\nline'
        view = View()
        self.assertEqual(repr(value), view.value('value', 'clipboard'))
        self.assertEqual(text, view.value('text', 'clipboard'))
        self.assertIn('... ', view.value('value', 'watch'))
        self.assertEqual(repr(value), view.value('value', 'repl'))

    def test_print_goes_to_the_programs_stdout(self):
        import io
        import contextlib
        view = View()
        with contextlib.redirect_stdout(io.StringIO()) as out:
            view.evaluate('print("here")', 'repl')
        self.assertEqual('here\n', out.getvalue())

    def test_exceptions_that_are_not_errors(self):
        view = View()
        self.assertEqual('SystemExit: 3', refusal(view, 'raise SystemExit(3)', 'repl'))
        self.assertTrue(refusal(view, 'raise KeyboardInterrupt', 'repl').startswith('KeyboardInterrupt'))
        self.assertTrue(refusal(view, 'return 1', 'repl'))
        self.assertTrue(refusal(view, 'yield 1', 'repl'))


class LimitTest(unittest.TestCase):
    def test_a_watch_that_does_not_end_is_interrupted(self):
        from gantry_agent import evaluate
        before = dict(evaluate.SECONDS)
        evaluate.SECONDS['watch'] = 0.2
        try:
            started = time.monotonic()
            text = refusal(View(), 'all(True for _ in iter(int, 1))')
            self.assertIn('Stopped after', text)
            self.assertLess(time.monotonic() - started, 4)
        finally:
            evaluate.SECONDS.update(before)

    def test_except_exception_does_not_catch_the_interrupt(self):
        from gantry_agent import evaluate
        before = dict(evaluate.SECONDS)
        evaluate.SECONDS['watch'] = 0.2

        def stubborn():
            while True:
                try:
                    while True:
                        pass
                except Exception:
                    pass
        try:
            self.assertIn('Stopped after', refusal(View(), 'stubborn()'))
        finally:
            evaluate.SECONDS.update(before)


async def answer(value):
    await asyncio.sleep(0)
    return value


class AwaitTest(unittest.TestCase):
    def test_await_without_a_running_loop(self):
        number = 5
        view = View()
        self.assertEqual('5', view.value('await answer(number)', 'repl'))
        self.assertEqual('[5, 5]', view.value('[await answer(number) for _ in "ab"]', 'repl'))
        view.evaluate('number = await answer(8)', 'repl')
        self.assertEqual(8, number)
        self.assertEqual('8', view.value('async def f():\n    return await answer(number)\nawait f()', 'repl'))

    def test_await_while_a_loop_runs_here(self):
        found = []

        async def main():
            view = View()
            found.append(view.value('await answer(6)', 'repl'))
            mine = asyncio.get_running_loop().create_future()
            found.append(refusal(view, 'await mine', 'repl'))
            await asyncio.sleep(0)
            return mine
        mine = asyncio.run(main())
        self.assertEqual('6', found[0])
        self.assertIn('event loop that is stopped here', found[1])
        self.assertFalse(mine.done() and not mine.cancelled())

    def test_errors_of_the_awaited(self):
        async def failing():
            await asyncio.sleep(0)
            raise KeyError('k')
        view = View()
        self.assertIn("KeyError: 'k'", refusal(view, 'await failing()', 'repl'))


if __name__ == '__main__':
    unittest.main()
