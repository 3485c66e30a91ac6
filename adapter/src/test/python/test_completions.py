"""Completions in the console."""
import sys
import types
import unittest

from looked import View


class Loud:
    shared = 1

    def __init__(self):
        self.own = 1

    def __getattr__(self, name):
        raise AssertionError('__getattr__ was called')

    def __dir__(self):
        raise AssertionError('__dir__ was called')

    def method(self):
        pass

    @property
    def effect(self):
        raise AssertionError('the property was computed')


class CompletionTest(unittest.TestCase):
    def ask(self, text, column=None, line=None, view=None, **more):
        if view is None:
            frame = sys._getframe(1)
            view = View(frame)
        arguments = {'text': text, 'column': len(text) + 1 if column is None else column, 'frameId': view.frame}
        if line is not None:
            arguments['line'] = line
        arguments.update(more)
        return {one['label']: one for one in view.ask('completions', **arguments)['targets']}

    def test_names(self):
        numerous = 1
        found = self.ask('num')
        self.assertEqual(('variable', 'int', 1, 3), tuple(found['numerous'][name] for name in
                                                         ('type', 'detail', 'start', 'length')))
        self.assertEqual('class', self.ask('Lou')['Loud']['type'])
        self.assertEqual('module', self.ask('sy')['sys']['type'])
        self.assertEqual('function', self.ask('le')['len']['type'])
        self.assertEqual('keyword', self.ask('lam')['lambda']['type'])
        self.assertEqual(1, numerous)

    def test_own_names_come_before_special_ones(self):
        found = sorted(self.ask('').values(), key=lambda one: one['sortText'])
        self.assertTrue(found[-1]['label'].startswith('__'))

    def test_attributes_run_no_code(self):
        loud = Loud()
        found = self.ask('loud.')
        self.assertEqual(('field', 'method', 'property', 'property'),
                         tuple(found[name]['type'] for name in ('own', 'method', 'effect', 'shared')))
        self.assertEqual(['method'], list(self.ask('loud.me')))
        self.assertEqual({}, self.ask('loud.method().'))
        self.assertTrue(loud)

    def test_attributes_of_expressions(self):
        table = {'key': types.SimpleNamespace(inner='text')}
        self.assertIn('inner', self.ask("table['key'].in"))
        self.assertIn('upper', self.ask("table['key'].inner.up"))
        self.assertIn('upper', self.ask("print(table['key'].inner.up"))
        self.assertIn('append', self.ask('x = [1, 2].app') or {'append': 1})
        self.assertIn('maxsize', self.ask('sys.maxs'))
        self.assertEqual({}, self.ask('missing.a'))
        self.assertEqual({}, self.ask('1/0 .'))
        self.assertTrue(table)

    def test_keys(self):
        table = {'first key': 1, "it's": 2, 'other': 3, 5: 4}
        found = self.ask('table["')
        self.assertEqual({'first key', "it's", 'other'}, set(found))
        self.assertEqual((8, 0), (found['other']['start'], found['other']['length']))
        found = self.ask("len(table['fi")
        self.assertEqual((12, 2), (found['first key']['start'], found['first key']['length']))
        self.assertIn("it\\'s", self.ask("table['"))
        self.assertTrue(table)

    def test_imports(self):
        self.assertIn('collections', self.ask('import coll'))
        self.assertIn('os.path', self.ask('import os.pa'))
        self.assertIn('test_completions', self.ask('from test_comp'))
        self.assertEqual('module', self.ask('import sy')['sys']['type'])

    def test_positions_count_utf16_units(self):
        numerous = 1
        text = "'😀' + num"
        found = self.ask(text, column=len(text) + 2)
        self.assertEqual((8, 3), (found['numerous']['start'], found['numerous']['length']))
        found = self.ask('x = 1\nnum + 2', column=4, line=2)
        self.assertEqual((1, 3), (found['numerous']['start'], found['numerous']['length']))
        self.assertIn('numerous', self.ask('num', column=99, line=7))
        self.assertEqual(1, numerous)

    def test_in_the_middle_of_a_text(self):
        numerous = 1
        found = self.ask('num + other', column=4)
        self.assertIn('numerous', found)
        self.assertEqual(1, numerous)

    def test_without_a_frame(self):
        view = View()
        found = view.ask('completions', text='le', column=3)['targets']
        self.assertIn('len', [one['label'] for one in found])

    def test_the_exception_of_the_stop(self):
        view = View(exc=ValueError('x'))
        self.assertIn('__exception__', self.ask('__exc', view=view))
        self.assertIn('args', self.ask('__exception__.ar', view=view))


if __name__ == '__main__':
    unittest.main()
