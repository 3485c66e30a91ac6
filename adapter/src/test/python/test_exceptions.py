"""exceptionInfo: chain, groups, traceback text."""
import sys
import traceback
import unittest

from gantry_agent.values import Refused
from looked import View


class Custom(Exception):
    pass


def raised(work):
    try:
        work()
    except BaseException as error:
        return error


def fails():
    return 1 / 0


class InfoTest(unittest.TestCase):
    def info(self, error, **settings):
        return View(exc=error, **settings).ask('exception_info', threadId=1)

    def test_type_message_and_names(self):
        error = raised(lambda: (_ for _ in ()).throw(Custom('the text')))
        found = self.info(error)
        self.assertEqual((__name__ + '.Custom', 'the text', 'always'),
                         (found['exceptionId'], found['description'], found['breakMode']))
        details = found['details']
        self.assertEqual(('Custom', __name__ + '.Custom', 'the text', '__exception__'),
                         tuple(details[name] for name in ('typeName', 'fullTypeName', 'message', 'evaluateName')))
        self.assertEqual('Custom: the text', details['formattedDescription'])
        self.assertNotIn('innerException', details)

    def test_the_traceback_is_as_python_writes_it(self):
        error = raised(fails)
        expected = ''.join(traceback.format_exception(type(error), error, error.__traceback__))
        text = self.info(error)['details']['stackTrace']
        self.assertTrue(text.endswith(''.join(expected.splitlines(True)[3:])), text)
        self.assertIn('in fails\n    return 1 / 0\n', text)
        if sys.version_info >= (3, 11):
            self.assertIn('~~^~~', text)

    def test_frames_that_called_it_are_in_the_traceback(self):
        found = []

        def catching():
            try:
                fails()
            except ZeroDivisionError as error:
                found.append(self.info(error))
        catching()
        text = found[0]['details']['stackTrace']
        self.assertLess(text.index('in test_frames_that_called_it'), text.index('in catching'))
        self.assertLess(text.index('in catching'), text.index('in fails'))
        self.assertNotIn('gantry_agent', text.replace(__file__, ''))

    def test_the_number_of_frames_is_limited(self):
        def deep(count):
            return deep(count - 1) if count else fails()
        error = raised(lambda: deep(50))
        text = self.info(error, max_exception_stack_frames=2)['details']['stackTrace']
        self.assertEqual(2, text.count('  File '))
        self.assertIn('in fails', text)
        self.assertGreater(self.info(error)['details']['stackTrace'].count('in deep'), 3)

    def test_cause_and_context(self):
        def cause():
            try:
                fails()
            except ZeroDivisionError as error:
                raise Custom('second') from error

        def context():
            try:
                cause()
            except Custom:
                raise KeyError('third')
        error = raised(context)
        view = View(exc=error)
        details = view.ask('exception_info', threadId=1)['details']
        inner, = details['innerException']
        self.assertEqual(('Custom', '__exception__.__context__'), (inner['typeName'], inner['evaluateName']))
        last, = inner['innerException']
        self.assertEqual('ZeroDivisionError', last['typeName'])
        self.assertEqual("ZeroDivisionError('division by zero')", view.value(last['evaluateName']))
        self.assertIn('direct cause', details['stackTrace'])

    def test_a_suppressed_context_is_not_shown(self):
        def work():
            try:
                fails()
            except ZeroDivisionError:
                raise Custom('alone') from None
        self.assertNotIn('innerException', self.info(raised(work))['details'])

    def test_a_chain_in_a_circle(self):
        first, second = Custom('1'), Custom('2')
        first.__cause__, second.__cause__ = second, first
        details = self.info(first)['details']
        self.assertEqual(1, len(details['innerException']))
        self.assertNotIn('innerException', details['innerException'][0])
        self.assertEqual(1, len([one for one in View(exc=first).stack() if one.get('presentationHint') == 'label']))

    @unittest.skipUnless(sys.version_info >= (3, 11), 'groups came with 3.11')
    def test_groups(self):
        error = raised(lambda: (_ for _ in ()).throw(
            ExceptionGroup('many', [ValueError('a'), ExceptionGroup('inner', [KeyError('b')])])))
        view = View(exc=error)
        details = view.ask('exception_info', threadId=1)['details']
        first, second = details['innerException']
        self.assertEqual(('ValueError', 'ExceptionGroup'), (first['typeName'], second['typeName']))
        name = second['innerException'][0]['evaluateName']
        self.assertEqual('__exception__.exceptions[1].exceptions[0]', name)
        self.assertEqual("KeyError('b')", view.value(name))

    def test_an_exception_whose_str_fails(self):
        class Bad(Exception):
            def __str__(self):
                raise RuntimeError('no')
        found = self.info(raised(lambda: (_ for _ in ()).throw(Bad())))
        self.assertIn('failed', found['description'])
        self.assertIn('Bad', found['details']['stackTrace'])

    def test_not_stopped_at_an_exception(self):
        with self.assertRaises(Refused):
            self.info(None)

    def test_syntax_errors(self):
        error = raised(lambda: compile('a b', 'typed.py', 'exec'))
        self.assertIn('typed.py', self.info(error)['details']['stackTrace'])


if __name__ == '__main__':
    unittest.main()
