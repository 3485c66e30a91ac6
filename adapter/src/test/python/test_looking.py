"""Looking at a real target: what was written is what the program goes on with, and nothing of the agent shows."""
import base64
import subprocess
import sys
import unittest

from harness import RequestFailed, Target

PROGRAM = '''
import sys
class Shape:
    def __init__(self):
        self.__side = 3
        self.data = bytearray(b"abc")
    @property
    def area(self):
        return self.__side ** 2
    def grow(self, by):
        side = self.__side + by
        text = "local"
        print(side, text, self.data)  # @grow
        self.__side = side
        return side
def work(shape):
    outer = 1
    for i in range(3):
        shape.grow(i)
    print("outer", outer)  # @outer
    return outer
shape = Shape()
limit = 5
print(sorted(name for name in sys.modules if "gantry" in name or name in ("ctypes", "traceback")))  # @last
work(shape)
print(sorted(name for name in sys.modules if "gantry" in name or name in ("ctypes", "traceback")))
'''

SPINNING = '''
import time
ready = [1, 2, 3]
def hit():
    return len(ready)  # @hit
print("up", flush=True)
while ready:
    time.sleep(0.01)
print("over", ready)
'''

UNCAUGHT = '''
class Broken(Exception):
    pass
def inner(value):
    raise Broken("value %d" % value)  # @raise
def outer():
    try:
        1 / 0
    except ZeroDivisionError as error:
        inner(7)
outer()
'''

ASYNC = '''
import asyncio
async def answer(n):
    await asyncio.sleep(0)
    return n
async def main():
    local = 4
    print("in")  # @in
    print("local", local)
asyncio.run(main())
'''


BLOCKED = '''
import threading
gate = threading.Lock()
gate.acquire()
class Thing:
    def __repr__(self):
        return "thing"
def worker(number):
    own = [number]
    thing = Thing()
    print("up", flush=True)
    gate.acquire()
    print("own", own, number)
    gate.release()
thread = threading.Thread(target=worker, args=(5,))
thread.start()
while thread.is_alive():
    thread.join(0.01)
    if not gate.locked():
        pass
print("over")
'''

THREADS = '''
import threading
def worker(number):
    own = number * 10
    print("worker", number, own)  # @worker
first = threading.Thread(target=worker, args=(1,))
second = threading.Thread(target=worker, args=(2,))
first.start(); first.join()
second.start(); second.join()
'''


LATE = '''
import os, threading
gate, ready = threading.Lock(), threading.Lock()
def worker():
    own = 7
    ready.release(); os.read(0, 1)  # one line: it is not held before the second call
    own += 1
    done = True  # @worker
gate.acquire(); ready.acquire()
thread = threading.Thread(target=worker)
thread.start()
ready.acquire()
print('end')  # @main
thread.join()
'''


LOCKED = '''
import threading
lock, held = threading.Lock(), threading.Event()
go_on = False
def holder():
    with lock:
        held.set()
        while not go_on:
            pass
thread = threading.Thread(target=holder)
thread.start()
held.wait()
class Guarded:
    @property
    def value(self):
        with lock:
            return "guarded"
guarded = Guarded()
go_on = True; print("stop")  # @stop
thread.join()
print(guarded.value)
'''

FRAMES = '''
import numpy, pandas
def work():
    grid = numpy.arange(12.0).reshape(3, 4)
    table = pandas.DataFrame({"a": range(100000), "b": "x"})
    print(grid[1, 2], table["a"].iloc[3])  # @frames
work()
'''


def has_pandas():
    try:
        import numpy
        import pandas
        return bool(numpy and pandas)
    except ImportError:
        return False


class LookingTest(unittest.TestCase):
    def frame(self, target, index=0):
        return target.stack()[index]['id']

    @staticmethod
    def depth(target, thread):
        """The index of the topmost frame of the program's own."""
        names = [(one.get('source') or {}).get('path') for one in target.stack(thread)]
        return names.index(target.program)

    def scope(self, target, name='Locals', frame=0):
        scopes = target.request('scopes', frameId=self.frame(target, frame))['scopes']
        return [one for one in scopes if one['name'] == name][0]['variablesReference']

    def named(self, target, reference):
        found = target.request('variables', variablesReference=reference)['variables']
        return {one['name']: one for one in found}

    def repl(self, target, text, frame=0):
        return target.request('evaluate', expression=text, frameId=self.frame(target, frame), context='repl')['result']

    def test_the_program_goes_on_with_what_was_written(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            self.repl(target, 'side = 40; text = "by repl"')
            target.request('setVariable', variablesReference=self.scope(target, frame=1), name='outer', value='99')
            found = self.named(target, self.scope(target))
            data = self.named(target, found['self']['variablesReference'])['data']
            target.request('writeMemory', memoryReference=data['memoryReference'], offset=1,
                           data=base64.b64encode(b'Z').decode())
            self.assertEqual('3', self.repl(target, 'self.__side'))
            self.assertEqual("['by repl', 'by repl']", self.repl(target, '[text for _ in "ab"]'))
            target.request('setExpression', expression='limit', value='6', frameId=self.frame(target))
            target.set_breakpoints('outer')
            target.request('continue', threadId=1)
            target.wait_stopped('breakpoint')
            self.assertEqual('99', target.evaluate('outer'))
            self.assertEqual('6', target.evaluate('limit'))
            target.request('continue', threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, ''), (code, err))
            lines = out.splitlines()
            self.assertEqual("40 by repl bytearray(b'aZc')", lines[1])
            self.assertEqual('outer 99', lines[4])
            self.assertEqual(lines[0], lines[5], 'the agent left modules behind')
            self.assertEqual([], target.events('gantryAgent/trouble'))

    def test_statements_and_written_memory_invalidate_the_variables(self):
        with Target(PROGRAM, configure={'client': {'invalidated': True, 'variablePaging': True}}) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            self.repl(target, 'side')
            self.assertEqual([], target.events('invalidated'))
            self.repl(target, 'side = 4')
            self.assertEqual({'areas': ['variables']}, target.expect_event('invalidated'))

    def test_numbers_stay_over_steps(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            frame, scope = self.frame(target), self.scope(target)
            shape = self.named(target, scope)['self']['variablesReference']
            target.go('next')
            self.assertEqual((frame, scope), (self.frame(target), self.scope(target)))
            self.assertEqual(shape, self.named(target, scope)['self']['variablesReference'])
            lazy = self.named(target, shape)['area']
            self.assertTrue(lazy['presentationHint']['lazy'])
            self.assertEqual('9', self.named(target, lazy['variablesReference'])['area']['value'])

    def test_an_evaluation_is_cancelled(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            number = target.send('evaluate', expression='[0 for _ in iter(int, 1)]', frameId=self.frame(target),
                                 context='repl')
            target.request('threads')
            target.request('cancel', requestId=number)
            answer = target.answer(number)
            self.assertEqual((False, 'Cancelled'), (answer['success'], answer['message'].rstrip('.')))
            self.assertEqual('3', self.repl(target, 'self.__side'))
            self.assertEqual(1, len(target.request('threads')['threads']), 'a thread of the agent is shown')
            target.set_breakpoints()
            target.request('continue', threadId=1)
            self.assertEqual(0, target.finish()[0])

    def test_an_endless_evaluation_ends_when_the_program_is_to_go_on(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            target.set_breakpoints()
            number = target.send('evaluate', expression='while True: pass', frameId=self.frame(target), context='repl')
            target.request('continue', threadId=1)
            self.assertFalse(target.answer(number)['success'])
            self.assertEqual(0, target.finish()[0])

    def test_an_evaluation_before_a_continue_is_not_hurt(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            target.set_breakpoints()
            number = target.send('evaluate', expression='sum(range(10 ** 6))', frameId=self.frame(target), context='repl')
            target.request('continue', threadId=1)
            self.assertEqual('499999500000', target.answer(number)['body']['result'])
            self.assertEqual(0, target.finish()[0])

    def test_while_the_program_runs(self):
        with Target(SPINNING) as target:
            target.set_breakpoints('hit')
            target.run()
            target.wait_output('up')
            found = target.request('evaluate', expression='ready', context='repl')
            self.assertEqual('[1, 2, 3]', found['result'])
            page = target.request('variables', variablesReference=found['variablesReference'])['variables']
            self.assertEqual(['1', '2', '3'], [one['value'] for one in page])
            labels = [one['label'] for one in target.request('completions', text='rea', column=4)['targets']]
            self.assertEqual(['ready'], labels)
            with self.assertRaises(RequestFailed) as caught:
                target.request('evaluate', expression='1/0', context='repl')
            self.assertEqual('ZeroDivisionError: division by zero', caught.exception.message)
            self.assertEqual('3', target.request('evaluate', expression='hit()', context='repl')['result'])
            self.assertEqual([], target.events('stopped'), 'an evaluation stopped at a breakpoint')
            target.request('evaluate', expression='ready.clear()', context='repl')
            self.assertEqual((0, 'up\nover []\n', ''), target.finish())

    def test_an_uncaught_exception(self):
        with Target(UNCAUGHT) as target:
            target.request('setExceptionBreakpoints', filters=['uncaught'])
            target.run()
            target.wait_stopped('exception')
            stack = target.stack()
            self.assertEqual(target.line('raise'), stack[0]['line'])
            self.assertEqual(['inner', 'outer', '<module>'], [one['name'] for one in stack[:3]])
            self.assertIn('raised while handling ZeroDivisionError: division by zero', [one['name'] for one in stack])
            info = target.request('exceptionInfo', threadId=1)
            self.assertEqual(('__main__.Broken', 'value 7'), (info['exceptionId'], info['description']))
            self.assertEqual('ZeroDivisionError', info['details']['innerException'][0]['typeName'])
            self.assertNotIn('gantry_agent', info['details']['stackTrace'])
            self.assertEqual("Broken('value 7')", target.evaluate('__exception__'))
            self.assertEqual('7', target.evaluate('value'))
            self.repl(target, 'value = 8; more = value + 1')
            self.assertEqual('[8, 9]', target.evaluate('[value, more]'))
            chained = [index for index, one in enumerate(stack) if one.get('presentationHint') == 'label'][0] + 1
            self.assertEqual('outer', stack[chained]['name'])
            self.repl(target, 'fresh = 1', chained)
            self.assertEqual('1', target.evaluate('fresh', frame=chained))
            scopes = [one['name'] for one in target.request('scopes', frameId=self.frame(target))['scopes']]
            self.assertEqual(['Exception', 'Locals', 'Globals'], scopes)
            target.request('continue', threadId=1)
            self.assertEqual(1, target.finish()[0])

    def test_a_thread_in_native_code(self):
        with Target(BLOCKED) as target:
            target.run()
            target.wait_output('up')
            worker = [one['id'] for one in target.request('threads')['threads'] if one['id'] != 1][0]
            target.request('pause', threadId=worker)
            stopped = target.wait_stopped('pause')
            self.assertEqual(worker, stopped['threadId'])
            top = target.stack(worker)[0]
            self.assertEqual('worker', top['name'])
            scope = target.request('scopes', frameId=top['id'])['scopes'][0]
            found = self.named(target, scope['variablesReference'])
            self.assertEqual(['5', '[5]', 'thing'], [found[name]['value'] for name in ('number', 'own', 'thing')])
            self.assertEqual('6', target.evaluate('number + 1', thread=worker))
            target.request('evaluate', expression='own.append(6); gate.release()', frameId=top['id'], context='repl')
            target.request('continue', threadId=worker)
            code, out, err = target.finish()
            self.assertEqual((0, ''), (code, err))
            self.assertIn('own [5, 6] 5', out)

    def test_each_thread_has_its_own_frames(self):
        with Target(THREADS) as target:
            target.set_breakpoints('worker')
            target.run()
            numbers = []
            for count in (1, 2):
                thread = target.wait_stopped('breakpoint')['threadId']
                frame = target.stack(thread)[0]['id']
                scope = target.request('scopes', frameId=frame)['scopes'][0]['variablesReference']
                self.assertEqual(str(count), self.named(target, scope)['number']['value'])
                target.request('setVariable', variablesReference=scope, name='own', value='"set %d"' % count)
                if numbers and numbers[0] != frame:
                    with self.assertRaises(RequestFailed):
                        target.request('scopes', frameId=numbers[0])
                numbers.append(frame)
                target.request('continue', threadId=thread)
            code, out, err = target.finish()
            self.assertEqual((0, 'worker 1 set 1\nworker 2 set 2\n', ''), (code, out, err))

    def test_a_thread_that_goes_on_late_takes_nothing_of_one_that_has_stopped_meanwhile(self):
        with Target(LATE, stdin=subprocess.PIPE) as target:
            target.set_breakpoints('main', 'worker')
            target.run()
            first = target.wait_stopped('breakpoint')['threadId']
            worker = [one['id'] for one in target.request('threads')['threads'] if one['id'] != first][0]
            self.assertEqual('7', target.evaluate('own', thread=worker, frame=self.depth(target, worker)))
            number = target.send('evaluate', expression='gate.acquire()', frameId=self.frame(target), context='repl')
            target.request('continue', threadId=first)
            target.type(b'x')
            self.assertEqual(worker, target.wait_stopped('breakpoint')['threadId'])
            scopes = target.request('scopes', frameId=target.stack(worker)[0]['id'])['scopes']
            target.evaluate('gate.release()', thread=worker)
            target.answer(number)
            while any('native' in one['name'] for one in target.request('threads')['threads']):
                pass  # the first one has not come to its next line yet
            self.assertEqual('8', self.named(target, scopes[0]['variablesReference'])['own']['value'])
            target.request('continue', threadId=worker)
            self.assertEqual((0, 'end\n', ''), target.finish())

    def test_an_evaluation_that_waits_for_a_stopped_thread_ends_when_that_goes_on(self):
        with Target(LOCKED) as target:
            target.set_breakpoints('stop')
            target.run()
            target.wait_stopped('breakpoint')
            self.repl(target, 'go_on = True')
            number = target.send('evaluate', expression='guarded.value', frameId=self.frame(target), context='watch')
            self.assertTrue(target.stack())
            self.assertEqual(2, len(target.request('threads')['threads']))
            target.request('continue', threadId=1)
            target.answer(number)
            self.assertEqual((0, 'stop\nguarded\n', ''), target.finish())

    @unittest.skipUnless(has_pandas(), 'no pandas in this Python')
    def test_numpy_and_pandas(self):
        with Target(FRAMES, configure={'client': {'variablePaging': True}}) as target:
            target.set_breakpoints('frames')
            target.run()
            target.wait_stopped('breakpoint')
            found = self.named(target, self.scope(target))
            self.assertEqual('DataFrame 100000 rows x 2 columns: a, b', found['table']['value'])
            row, = target.request('variables', variablesReference=found['table']['variablesReference'],
                                  filter='indexed', start=99999, count=1)['variables']
            self.assertEqual("Series 2 object: {a: 99999, b: 'x'}", row['value'])
            rows = target.request('variables', variablesReference=found['grid']['variablesReference'],
                                  filter='indexed', start=0, count=3)['variables']
            target.request('variables', variablesReference=rows[1]['variablesReference'])
            target.request('setVariable', variablesReference=rows[1]['variablesReference'], name='2', value='99')
            self.repl(target, 'table.loc[3, "a"] = 77')
            self.assertIn('[100000 rows x 2 columns]', self.repl(target, 'table'))
            target.request('continue', threadId=1)
            self.assertEqual((0, '99.0 77\n', ''), target.finish())

    def test_await_in_the_console(self):
        with Target(ASYNC) as target:
            target.set_breakpoints('in')
            target.run()
            target.wait_stopped('breakpoint')
            self.assertEqual('4', self.repl(target, 'await answer(local)'))
            self.repl(target, 'local = await answer(8)')
            target.request('continue', threadId=1)
            self.assertEqual((0, 'in\nlocal 8\n', ''), target.finish())

    def test_output_of_an_evaluation_is_the_programs(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            self.assertEqual('', self.repl(target, 'print("by the console")'))
            target.wait_output('by the console\n')

    def test_a_frame_names_its_module_as_the_modules_request_does(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            modules = {one['id']: one['name'] for one in target.request('modules')['modules']}
            self.assertEqual('__main__', modules[target.stack()[0]['moduleId']])

    def test_return_value_after_a_step(self):
        with Target(PROGRAM) as target:
            target.set_breakpoints('grow')
            target.run()
            target.wait_stopped('breakpoint')
            target.go('stepOut')
            scopes = target.request('scopes', frameId=self.frame(target))['scopes']
            self.assertEqual(['Locals', 'Return value'], [one['name'] for one in scopes[:2]])
            found, = target.request('variables', variablesReference=scopes[1]['variablesReference'])['variables']
            self.assertEqual(('3', '3'), (found['value'], target.evaluate('__return__')))


if __name__ == '__main__':
    assert sys
    unittest.main()
