"""stackTrace: names, positions, pages, formats, chained exceptions."""
import sys
import time
import unittest

from looked import Stop, View

HAS_COLUMNS = sys.version_info >= (3, 11)


class Outer:
    class Inner:
        def method(self):
            return View()

        @classmethod
        def made(cls):
            return View()

        @property
        def seen(self):
            return View()

        @staticmethod
        def static():
            return View()


def timed(work):
    started = time.thread_time()
    work()
    return time.thread_time() - started


class StackTest(unittest.TestCase):
    def test_a_frame(self):
        view = View()
        top = view.stack()[0]
        self.assertEqual(__name__, top['moduleId'])
        self.assertEqual(__file__, top['source']['path'])
        self.assertTrue(top['canRestart'])
        self.assertFalse(view.stack()[1]['canRestart'])

    def test_names_are_qualified(self):
        inner = Outer.Inner()
        for view, name in ((inner.method(), 'method'), (inner.made(), 'made'), (inner.seen, 'seen')):
            self.assertEqual('Outer.Inner.' + name, view.stack()[0]['name'])
        self.assertEqual('Outer.Inner.static' if HAS_COLUMNS else 'static', inner.static().stack()[0]['name'])

    def test_pages(self):
        view = View()
        whole = view.ask('stack_trace', threadId=1)
        self.assertEqual(len(whole['stackFrames']), whole['totalFrames'])
        page = view.ask('stack_trace', threadId=1, startFrame=1, levels=2)
        self.assertEqual([one['id'] for one in whole['stackFrames'][1:3]], [one['id'] for one in page['stackFrames']])
        self.assertEqual(whole['totalFrames'], page['totalFrames'])
        self.assertEqual(whole['totalFrames'] - 1, len(view.stack(startFrame=1, levels=0)))
        self.assertEqual([], view.stack(startFrame=5000, levels=20))

    def test_deep_recursion_is_quick(self):
        def deep(count):
            return deep(count - 1) if count else View()
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(5000)
        try:
            view = deep(1000)
            started = time.thread_time()
            self.assertEqual(20, len(view.stack(startFrame=0, levels=20)))
            self.assertLess(time.thread_time() - started, 0.05)
            self.assertGreater(view.ask('stack_trace', threadId=1, startFrame=0, levels=1)['totalFrames'], 1000)
            numbers = [one['id'] for one in view.stack()]
            self.assertEqual(len(numbers), len(set(numbers)))
        finally:
            sys.setrecursionlimit(limit)

    def test_a_stack_in_a_huge_function_is_quick(self):
        space = {'View': View}
        exec('def f(n):\n' + '    n = n + (n * 2)\n' * 10000 + '    return View()\nv = f(0)\n', space)
        view = space['v']
        view.stack()
        self.assertLess(min(timed(view.stack) for _ in range(5)), 0.01)

    def test_library_frames_are_subtle(self):
        view = View()
        found = [one for one in view.stack() if one['source']['path'].endswith('/unittest/case.py')]
        self.assertTrue(found)
        for one in found:
            self.assertEqual(('subtle', 'deemphasize'), (one['presentationHint'], one['source']['presentationHint']))
        self.assertNotIn('presentationHint', view.stack()[0])

    def test_formats(self):
        def called(a, b=2, *rest, c, **more):
            return View()
        view = called(1, 'x', 3, c=[4], d=5)

        def name(**layout):
            return view.stack(format=layout)[0]['name']
        base = name()
        self.assertTrue(base.endswith('called'))
        self.assertEqual(base + '(a, b, c, rest, more)', name(parameters=True))
        self.assertEqual(base + "(a=1, b='x', c=[4], rest=(3,), more={'d': 5})",
                         name(parameters=True, parameterNames=True, parameterValues=True))
        self.assertEqual(base + '(int, str, list, tuple, dict)',
                         name(parameters=True, parameterNames=False, parameterTypes=True))
        self.assertEqual(base + '(a: int=0x1, b: str=\'x\', c: list=[0x4], rest: tuple=(0x3,), more: dict={\'d\': 0x5})',
                         name(parameters=True, parameterTypes=True, parameterValues=True, hex=True))
        self.assertTrue(name(line=True).endswith('called : %d' % view.stack()[0]['line']))
        self.assertEqual(__name__ + '.' + base, name(module=True))

    def test_import_frames_are_hidden_unless_asked_for(self):
        space = {'View': View}
        exec(compile('def f():\n    return View()\nv = f()\n', '<frozen importlib._bootstrap>', 'exec'), space)
        view = space['v']
        names = [one['source']['path'] for one in view.stack()]
        self.assertEqual(1, names.count('<frozen importlib._bootstrap>'))    # the top frame is always shown
        everything = [one['source']['path'] for one in view.stack(format={'includeAll': True})]
        self.assertEqual(2, everything.count('<frozen importlib._bootstrap>'))

    @unittest.skipUnless(HAS_COLUMNS, 'columns are known from 3.11 on')
    def test_columns_of_a_call_count_utf16_units(self):
        def called():
            return View().stack()[1]
        frame = ('é', called())[1]
        text = "        frame = ('é', called())[1]"
        column = text.index('called()') + 1
        self.assertEqual((frame['line'], column, column + len('called()')),
                         (frame['endLine'], frame['column'], frame['endColumn']))
        frame = ('\U0001f600', '😀é', called())[2]
        text = "        frame = ('\\U0001f600', '😀é', called())[2]"
        self.assertEqual(text.index('called()') + 2, frame['column'])

    def test_frames_of_chained_exceptions(self):
        def inner():
            local = 7
            return local, 1 / 0

        def outer():
            try:
                inner()
            except ZeroDivisionError as error:
                raise KeyError('outer') from error
        try:
            outer()
        except KeyError as error:
            view = View(exc=error)
        stack = view.stack()
        labels = [one for one in stack if one.get('presentationHint') == 'label']
        self.assertEqual(['caused by ZeroDivisionError: division by zero'], [one['name'] for one in labels])
        at = stack.index(labels[0])
        self.assertTrue(stack[at + 1]['name'].endswith('inner'))
        self.assertTrue(stack[at + 2]['name'].endswith('outer'))
        self.assertEqual({'scopes': []}, view.ask('scopes', frameId=labels[0]['id']))
        view.frame = stack[at + 1]['id']
        self.assertEqual('7', view.value('local'))
        self.assertEqual(len(stack), view.ask('stack_trace', threadId=1, startFrame=0, levels=1)['totalFrames'])

    def test_labels_of_chained_exceptions_run_no_code(self):
        class Loud(Exception):
            def __str__(self):
                raise AssertionError('str was called')
        first, second = KeyError('k'), ValueError(Loud())
        first.__cause__, second.__context__ = second, Loud('x')
        names = [one['name'] for one in View(exc=first).stack() if one.get('presentationHint') == 'label']
        self.assertEqual(['caused by ValueError', 'raised while handling Loud'], names)

    def test_numbers_of_frames_stay(self):
        view = View()
        before = [one['id'] for one in view.stack()]
        view.stop_at(sys._getframe())
        self.assertEqual(before, [one['id'] for one in view.stack()])

        def called():
            view.stop_at(sys._getframe())
            return [one['id'] for one in view.stack()]
        self.assertEqual(before, called()[1:])

    def test_a_thread_that_runs_shows_no_code_of_the_target(self):
        class Loud:
            def __repr__(self):
                raise AssertionError('repr was called')

        def called(value):
            return View()
        view = called(Loud())
        Stop.native = True
        try:
            top = view.stack(format={'parameters': True, 'parameterValues': True})[0]
        finally:
            Stop.native = False
        self.assertTrue(top['name'].endswith('called(value=<Loud>)'), top['name'])
        self.assertFalse(top['canRestart'])


if __name__ == '__main__':
    unittest.main()
