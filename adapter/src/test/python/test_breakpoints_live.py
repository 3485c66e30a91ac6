"""Breakpoints, targets and sources in real programs, through the agent's channel."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

from harness import Ended, RequestFailed, Target
from test_breakpoints import VARIETY, executions, stops_at_calls_too

PROGRAM = '''import helper_module
def f(n):
    total = 0
    for i in range(n):
        total += i; helper_module.note(i)  # @body
    return total  # @return

def g(a, b=1): return a

class C:
    def method(self):
        self.__x = 5
        return self.__x  # @method

print(f(4))  # @call
r = g(g(1), b=g(2)); C().method()  # @calls
r = [g(i) for i in range(3)]  # @list
print("end")
'''
HELPER = 'def note(i):\n    pass\n'


class Live(unittest.TestCase):
    def target(self, program=PROGRAM, **options):
        options.setdefault('files', {'helper_module.py': HELPER})
        target = Target(program, **options)
        self.addCleanup(target.__exit__, None, None, None)
        if not target.hello['debugging']:
            self.skipTest('no engine here: %s' % target.hello.get('why'))
        return target

    def lines(self, target, reason='breakpoint'):
        """Where the program stops until its end, and the ids told."""
        found = []
        while True:
            body = self.next_stop(target)
            if body is None:
                return found
            self.assertEqual(reason, body['reason'])
            found.append((target.where(body['threadId'])[1], body.get('hitBreakpointIds')))
            target.request('continue', threadId=body['threadId'])

    @staticmethod
    def next_stop(target):
        try:
            return target.wait_stopped()
        except Ended:
            return None

    def test_conditions_counts_and_ids(self):
        target = self.target()
        found = target.set_breakpoints({'line': 'body', 'condition': 'i % 2', 'hitCondition': '2'}, 'return')
        self.assertTrue(all(each['verified'] for each in found))
        target.run()
        self.assertEqual([(5, [found[0]['id']]), (6, [found[1]['id']])], self.lines(target))
        self.assertEqual((0, '6\nend\n', ''), target.finish())

    def test_columns(self):
        target = self.target()
        column = PROGRAM.split('\n')[4].index('helper') + 1
        found = target.set_breakpoints({'line': 'body', 'column': column}, {'line': 'calls', 'column': 22},
                                       {'line': 'list', 'column': 6})
        self.assertEqual([column, 22, 6], [each['column'] for each in found])
        target.run()
        self.assertEqual([5] * 4 + [16] + [17] * 3, [line for line, _ in self.lines(target)])

    def test_functions(self):
        target = self.target()
        found = target.request('setFunctionBreakpoints', breakpoints=[
            {'name': 'C.method', 'condition': 'self'}, {'name': 'helper_module.note', 'hitCondition': '>=3'}, {'name': 'not here'}])['breakpoints']
        self.assertIn('not the name of a function', found[2]['message'])
        target.run()
        self.assertEqual([(2, [found[1]['id']]), (2, [found[1]['id']]), (12, [found[0]['id']])], self.lines(target, 'function breakpoint'))

    def test_log_messages_do_not_stop(self):
        target = self.target()
        target.set_breakpoints({'line': 'body', 'logMessage': '100% i={i} {bad}'}, {'line': 'method', 'logMessage': '{self.__x}'})
        target.run()
        self.assertEqual([], self.lines(target))
        said = target.events('output')
        wanted = ["100%% i=%d {bad: NameError: name 'bad' is not defined}\n" % i for i in range(4)] + ['5\n']
        self.assertEqual(wanted, [each['output'] for each in said])
        self.assertEqual([('stdout', 5, target.program)] * 4, [(each['category'], each['line'], each['source']['path']) for each in said[:4]])

    def test_a_failing_condition_stops_once_and_says_why(self):
        target = self.target()
        target.set_breakpoints({'line': 'body', 'condition': 'bad'})
        target.run()
        body = target.wait_stopped('breakpoint')
        self.assertIn("NameError: name 'bad' is not defined", body['text'])
        target.request('continue', threadId=body['threadId'])
        self.assertEqual(0, target.finish()[0])
        self.assertEqual(['important'], [each['category'] for each in target.events('output')])

    def test_a_file_that_is_written_by_the_program(self):
        target = self.target('import os\nopen("later.py", "w").write("a = 1\\n\\nb = 2\\n")\nimport later\nprint(later.b)\n')
        path = os.path.join(target.directory, 'later.py')
        answer = target.request('setBreakpoints', source={'path': path}, breakpoints=[{'line': 2}])['breakpoints'][0]
        self.assertEqual((False, 'pending'), (answer['verified'], answer['reason']))
        target.run()
        event = target.expect_event('breakpoint')
        self.assertEqual((True, 3, answer['id']), tuple(event['breakpoint'][name] for name in ('verified', 'line', 'id')))
        self.assertEqual([3], [line for line, _ in self.lines(target)])

    def test_breakpoints_set_and_cleared_while_stopped(self):
        target = self.target()
        target.set_breakpoints('call')
        target.run()
        body = target.wait_stopped('breakpoint')
        found = target.set_breakpoints('return')
        target.request('continue', threadId=body['threadId'])
        body = target.wait_stopped('breakpoint')
        self.assertEqual([found[0]['id']], body['hitBreakpointIds'])
        target.set_breakpoints()
        target.request('continue', threadId=body['threadId'])
        self.assertEqual(0, target.finish()[0])

    def test_goto(self):
        target = self.target()
        target.set_breakpoints('return')
        target.run()
        body = target.wait_stopped('breakpoint')
        source = {'path': target.program}
        self.assertEqual([], target.request('gotoTargets', source=source, line=5, threadId=1)['targets'])
        self.assertEqual([], target.request('gotoTargets', source=source, line=16)['targets'])
        found = target.request('gotoTargets', source=source, line=3)['targets']
        self.assertEqual([3], [each['line'] for each in found])
        target.request('goto', threadId=body['threadId'], targetId=found[0]['id'])
        target.wait_stopped('goto')
        self.assertEqual(('f', 3), target.where())
        with self.assertRaises(RequestFailed):
            target.request('goto', threadId=1, targetId=4711)

    def test_step_in_targets(self):
        target = self.target()
        target.set_breakpoints('calls')
        target.run()
        target.wait_stopped('breakpoint')
        frame = target.stack()[0]['id']
        found = target.request('stepInTargets', frameId=frame)['targets']
        self.assertEqual(['g(1)', 'g(2)', 'g(g(1), b=g(2))', 'C()', 'C().method()'], [each['label'] for each in found])
        self.assertEqual(('g', 8), target.go('stepIn', targetId=found[1]['id']))
        self.assertEqual('2', target.evaluate('a'))

    def test_sources_and_modules(self):
        text = 'import helper_module\ndef f():\n    return 1  # here\nf()\n'
        target = self.target(text, kind='code')
        target.request('setFunctionBreakpoints', breakpoints=[{'name': 'f'}])
        target.run()
        body = target.wait_stopped('function breakpoint')
        self.assertEqual(1, len(target.events('breakpoint')))
        source = target.stack(body['threadId'])[0]['source']
        self.assertEqual(text, target.request('source', source=source, sourceReference=source['sourceReference'])['content'])
        modules = target.request('modules')
        mine = [each for each in modules['modules'] if each['name'] == 'helper_module']
        self.assertTrue(mine[0]['isUserCode'])
        self.assertFalse([each for each in modules['modules'] if 'gantry' in each['name']])
        self.assertIn(mine[0]['path'], [each.get('path') for each in target.request('loadedSources')['sources']])
        self.assertEqual('helper_module', target.expect_event('module')['module']['name'])
        self.assertEqual(1, len(target.events('module')))

    def test_the_text_of_minus_c_is_the_users_without_a_breakpoint(self):
        target = self.target('def f(x):\n    return x\nf(1)\nf(2)\n', kind='code', configure={'stopOnEntry': True})
        target.run()
        target.wait_stopped('entry')
        self.assertEqual(('<module>', 1), target.where())
        self.assertEqual(('<module>', 3), target.go('next'))
        self.assertEqual(('f', 2), target.go('stepIn'))
        hints = [(each['name'], each.get('presentationHint')) for each in target.stack()]
        self.assertEqual([('f', None), ('<module>', None)], hints)

    def test_what_a_signal_handler_raises_meanwhile_goes_on_into_the_program(self):
        program = ('import os, signal\ndef handler(number, frame):\n    raise ValueError("signal")\nsignal.signal(signal.SIGUSR1, handler)\n'
                   'caught = 0\nfor i in range(200):\n    try:\n        for j in range(10):\n            os.kill(os.getpid(), signal.SIGUSR1)\n'
                   '            x = j  # @line\n    except ValueError:\n        caught += 1\nprint(caught)\n')
        target = self.target(program)
        target.set_breakpoints({'line': 'line', 'condition': 'j > 100'}, {'line': 6, 'hitCondition': '1000'})
        target.run()
        self.assertEqual((0, '200\n', ''), target.finish())
        self.assertEqual([], target.events('gantryAgent/trouble'))

    def test_every_statement_stops_as_often_as_it_runs(self):
        wanted = executions(VARIETY)
        for columns in (False, True):
            target = self.target(VARIETY)
            marks = [dict({'line': line, 'logMessage': 'at %d' % line}, **({'column': column} if columns else {}))
                     for line, (count, column) in wanted.items() if columns and column > 1 or not stops_at_calls_too(VARIETY, line)]
            self.assertTrue(all(each['verified'] for each in target.set_breakpoints(*marks)))
            target.run()
            self.assertEqual((0, 'x', ''), target.finish())
            said = [each['output'] for each in target.events('output')]
            for mark in marks:
                self.assertEqual(wanted[mark['line']][0], said.count(mark['logMessage'] + '\n'), mark)

    def test_a_zip_archive_and_a_relative_path(self):
        place = os.path.realpath(tempfile.mkdtemp(prefix='gantry-test-'))
        self.addCleanup(shutil.rmtree, place, True)
        archive = os.path.join(place, 'app.zip')
        with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as stream:
            stream.writestr('__main__.py', 'import pkg.mod\nprint(pkg.mod.f(2))\n')
            stream.writestr('pkg/__init__.py', '')
            stream.writestr('pkg/mod.py', 'def f(n):\n    return n\n')
        target = self.target('app.zip', cwd=place)
        main, inner = os.path.join(archive, '__main__.py'), os.path.join(archive, 'pkg', 'mod.py')
        for path, line in ((main, 2), (inner, 2)):
            self.assertTrue(target.request('setBreakpoints', source={'path': path}, breakpoints=[{'line': line}])['breakpoints'][0]['verified'])
        target.run()
        for path in (main, inner):
            body = target.wait_stopped('breakpoint')
            source = target.stack()[0]['source']
            self.assertEqual((path, 'zip app.zip'), (source['path'], source['origin']))
            self.assertIn('f(', target.request('source', source=source, sourceReference=source['sourceReference'])['content'])
            target.request('continue', threadId=body['threadId'])
        self.assertEqual((0, '2\n', ''), target.finish())

    def test_a_module_that_is_loaded_anew_after_an_edit(self):
        target = self.target('import importlib, helper_module\nopen("helper_module.py", "w").write("# new\\n\\n\\ndef note(i):\\n    return 77\\n")\n'
                             'importlib.reload(helper_module)\nprint(helper_module.note(1))\n', env={'PYTHONDONTWRITEBYTECODE': '1'})
        path = os.path.join(target.directory, 'helper_module.py')
        answer = target.request('setBreakpoints', source={'path': path}, breakpoints=[{'line': 2}])['breakpoints'][0]
        self.assertEqual(2, answer['line'])
        target.run()
        event = target.expect_event('breakpoint')
        self.assertEqual((answer['id'], 4), (event['breakpoint']['id'], event['breakpoint']['line']))
        self.assertEqual([4], [line for line, _ in self.lines(target)])

    def test_they_leave_no_trace_in_what_the_program_can_see(self):
        program = ('import sys, warnings\ndef f(x):\n    return [y for y in x]\nf([1, 2]); f([3])\n'
                   'print(sorted(sys.modules), warnings.filters, sorted(sys.path_importer_cache), len(sys.meta_path), sys.path)\n')
        target = self.target(program)
        target.set_breakpoints({'line': 3, 'condition': 'x == 7'}, {'line': 4, 'column': 12, 'logMessage': '{f}'}, {'line': 4, 'hitCondition': '7'})
        target.request('setFunctionBreakpoints', breakpoints=[{'name': 'f', 'condition': 'False'}])
        target.request('breakpointLocations', source={'path': target.program}, line=1, endLine=5)
        for command in ('modules', 'loadedSources'):
            target.request(command)
        target.request('source', source={'path': target.program})
        target.run()
        seen = target.finish()
        environment = {name: value for name, value in os.environ.items() if name not in ('PYTHONPATH', 'PYTHONDONTWRITEBYTECODE')}
        plain = subprocess.run([sys.executable, '-u', target.program], stdout=subprocess.PIPE, cwd=target.directory, env=environment, timeout=60)
        self.assertEqual((0, plain.stdout.decode(), ''), seen)

    def test_frozen_modules(self):
        target = self.target('import os.path\nprint(os.path.join("a", "b"))\n')
        path = os.path.splitext(os.path.__file__)[0] + '.py'
        with open(path, encoding='utf-8') as file:
            line = file.read().split('\n').index('def join(a, *p):') + 1
        found = target.request('setBreakpoints', source={'path': path}, breakpoints=[{'line': line + 3}])['breakpoints'][0]
        self.assertTrue(found['verified'])
        target.run()
        body = target.wait_stopped('breakpoint')
        top = target.stack()[0]
        self.assertEqual(('join', path, found['line']), (top['name'], top['source']['path'], top['line']))
        target.set_breakpoints(path=path)
        target.request('continue', threadId=body['threadId'])
        self.assertEqual(0, target.finish()[0])

    def test_breakpoint_locations(self):
        target = self.target()
        found = target.request('breakpointLocations', source={'path': target.program}, line=5, endLine=6)['breakpoints']
        self.assertEqual([(5, 9), (5, 21), (6, 5)], [(each['line'], each['column']) for each in found])


class Memory(unittest.TestCase):

    def test_code_that_holds_no_breakpoint_is_not_kept_alive(self):
        with Target("""\
import weakref
def f():
    return 1  # @f
def g(n):
    code = compile("(lambda: %d)()" % n, "<made>", "eval")
    assert eval(code) == n
    return weakref.ref(code), weakref.ref(code.co_consts[0])
f()
made = [g(n) for n in range(20)]  # some of the last ones may be
print({one() is None for pair in made[1:10] for one in pair})
""") as target:
            target.request("setExceptionBreakpoints", filters=["raised"])
            target.set_breakpoints("f")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=1)
            self.assertEqual((0, "{True}\n", ""), target.finish())

    def test_in_a_generator_that_was_suspended_while_exceptions_were_looked_for(self):
        program = ("def numbers():\n    yield 1\n    x = 2  # @later\n    yield x\nit = numbers()\nnext(it)\ny = 1  # @y\n"
                   "next(it)\nprint('end')\n")
        with Target(program) as target:
            target.request("setExceptionBreakpoints", filters=["raised"])
            target.set_breakpoints("y")
            target.run()
            target.wait_stopped("breakpoint")
            target.set_breakpoints("later")
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual(("numbers", target.line("later")), target.where())
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())


if __name__ == '__main__':
    unittest.main()
