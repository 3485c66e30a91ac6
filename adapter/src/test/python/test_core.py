"""The agent's start, channel, dispatch, end, and what a hostile target does to it."""
import os
import signal
import subprocess
import sys
import unittest

from harness import BOOT, RequestFailed, SOURCES, Target, unpacked

ADD = """\
def add(a, b):
    c = a + b  # @add
    return c
x = add(1, 2)
print(x)  # @end
"""


class Start(unittest.TestCase):

    def test_hello_tells_who_is_there(self):
        with Target("print(1)\n") as target:
            hello = target.hello
            self.assertEqual(target.pid, hello["pid"])
            self.assertEqual("%d.%d.%d" % sys.version_info[:3], hello["python"])
            self.assertEqual("cpython", hello["implementation"])
            self.assertTrue(hello["debugging"], hello)
            target.run()
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_nothing_runs_before_run(self):
        with Target("print(1)\n") as target:
            self.assertEqual([1], [thread["id"] for thread in target.request("threads")["threads"]])
            self.assertEqual("", target.stdout())
            target.run()
            self.assertEqual(0, target.finish()[0])

    def test_a_breakpoint_changes_nothing_of_how_the_program_is_compiled(self):
        text = "x = 1 is 1\nprint(x, __file__ == (lambda: 0).__code__.co_filename, __doc__)  # @here\n"
        for program, warned in ((text, sys.version_info >= (3, 8)), (text.replace("1 is 1", "True"), False)):
            with Target(program) as target:
                self.assertTrue(target.set_breakpoints("here")[0]["verified"])
                target.run()
                thread = target.wait_stopped("breakpoint")["threadId"]
                target.request("continue", threadId=thread)
                code, out, err = target.finish()
                self.assertEqual((0, "True True None\n", int(warned)), (code, out, err.count("SyntaxWarning")), err)

    def test_what_runs_is_the_text_at_run(self):
        with Target("x = 1\nprint(x)  # @here\n") as target:
            target.set_breakpoints("here")
            with open(target.program, "w") as file:
                file.write("x = 1\ny = 2\nprint(x + y)\n")
            target.run()
            thread = target.wait_stopped("breakpoint")["threadId"]
            self.assertEqual(2, target.where(thread)[1])
            target.request("continue", threadId=thread)
            self.assertEqual((0, "3\n", ""), target.finish())

    def test_code_text_and_module(self):
        with Target("import sys; print(sys.argv)", kind="code", args=["a b"]) as target:
            target.run()
            self.assertEqual((0, "['-c', 'a b']\n", ""), target.finish())
        with Target("inner", kind="module", args=["x"], files={"inner.py": "import sys\nprint(sys.argv[1:])\n"}) as target:
            target.run()
            self.assertEqual((0, "['x']\n", ""), target.finish())

    def test_stop_on_entry(self):
        with Target("'''text'''\nimport os\nprint(2)\n", configure={"stopOnEntry": True}) as target:
            target.run()
            stopped = target.wait_stopped("entry")
            self.assertEqual(1, stopped["threadId"])
            self.assertIn(target.where()[1], (1, 2))
            target.request("continue", threadId=1)
            self.assertEqual((0, "2\n", ""), target.finish())
            self.assertEqual(1, len(target.events("stopped")))

    def test_modules_of_the_target_are_as_without_us(self):
        program = "import sys\nprint(sorted(sys.modules))\n"
        with Target(program) as target:
            plain = subprocess.run([sys.executable, target.program], stdout=subprocess.PIPE, timeout=30).stdout.decode()
            target.set_breakpoints(1)
            target.run()
            target.wait_stopped("breakpoint")
            target.locals()
            target.evaluate("1 + 1")
            target.request("continue", threadId=1)
            self.assertEqual((0, plain, ""), target.finish())

    def test_channel_that_it_connects_to_itself(self):
        program = "import socket, sys\nopened = socket.socket()\nprint(opened.fileno(), opened.family == socket.AF_INET)  # @here\n"
        with Target(program, connects=True) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("2", target.evaluate("1 + 1"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "3 True\n", ""), target.finish())

    def test_modules_are_as_without_us_where_it_connects_itself(self):
        with Target("import sys\nprint(sorted(sys.modules))\n", connects=True) as target:
            plain = subprocess.run([sys.executable, target.program], stdout=subprocess.PIPE, timeout=30).stdout.decode()
            target.run()
            self.assertEqual((0, plain, ""), target.finish())

    def test_no_adapter_to_connect_to(self):
        missing = os.path.join(unpacked(), "no-socket")
        command = [sys.executable, "-c", BOOT, unpacked(), "unix:" + missing, "code", "print(1)"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
        self.assertEqual((1, b""), (ended.returncode, ended.stdout))
        self.assertEqual("Gantry: the debugger cannot be reached at %s: No such file or directory\n" % missing, ended.stderr.decode())


class Channel(unittest.TestCase):

    def test_unknown_request_is_answered(self):
        with Target("pass\n") as target:
            with self.assertRaises(RequestFailed) as failed:
                target.request("noSuchThing")
            self.assertIn("noSuchThing", failed.exception.message)
            target.run()
            target.finish()

    def test_failed_requests_say_why_and_the_rest_goes_on(self):
        with Target(ADD) as target:
            for command, arguments in (("stackTrace", {"threadId": 99}), ("variables", {"variablesReference": 4711}), ("scopes", {"frameId": 4711}),
                                       ("continue", {"threadId": 99}), ("next", {"threadId": 77}), ("setBreakpoints", {"breakpoints": 3}),
                                       ("evaluate", {"expression": "(", "context": "repl"}), ("goto", {"threadId": 1, "targetId": 5})):
                with self.assertRaises(RequestFailed, msg=command) as failed:
                    target.request(command, **arguments)
                self.assertTrue(failed.exception.message)
            target.set_breakpoints("add")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("3", target.evaluate("a + b"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "3\n", ""), target.finish())

    def test_text_of_any_kind_survives(self):
        with Target("x = 1  # @stop\n") as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            for text in ("\\udc80\\ud800", "\\U0001f600", "a\\x00b\\x1f", '"\\\\'):
                self.assertEqual(target.evaluate("'%s' == '%s'" % (text, text)), "True")
            target.request("continue", threadId=1)
            target.finish()

    def test_big_messages(self):
        with Target("x = 1  # @stop\n") as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("300000", target.evaluate("len('%s')" % ("x" * 300000)))
            target.request("continue", threadId=1)
            target.finish()

    def test_evaluate_while_the_program_runs(self):
        program = "import time\nprint('up', flush=True)\nwhile not globals().get('over'):\n    time.sleep(0.01)\n"
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            self.assertEqual("42", target.request("evaluate", expression="6 * 7", context="repl")["result"])
            target.request("evaluate", expression="globals().__setitem__('over', 1)", context="repl")
            self.assertEqual(0, target.finish()[0])


class End(unittest.TestCase):
    LOOP = "import time\nprint('up', flush=True)\nfor i in range(100000):  \n    x = i  # @loop\nprint(x)\n"

    def test_let_go_ends_all_stopping(self):
        with Target(self.LOOP) as target:
            target.set_breakpoints("loop")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("letGo")
            self.assertEqual((0, "up\n99999\n", ""), target.finish())
            self.assertEqual(1, len(target.events("stopped")))

    def test_end_of_the_channel_lets_go(self):
        with Target(self.LOOP) as target:
            target.set_breakpoints("loop")
            target.run()
            target.wait_stopped("breakpoint")
            target.close_channel()
            self.assertEqual((0, "up\n99999\n", ""), target.finish())

    def test_end_of_the_channel_before_run(self):
        with Target("print(1)\n") as target:
            target.close_channel()
            self.assertEqual((0, "1\n", ""), target.finish())

    def test_stopped_when_another_thread_ends_the_process(self):
        program = ("import os, threading, time\nready = threading.Event()\ndef other():\n    ready.wait()\n    os._exit(7)\n"
                   "threading.Thread(target=other).start()\nready.set()  # @stop\ntime.sleep(60)\n")
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=1)
            self.assertEqual(7, target.finish()[0])

    def test_the_last_words_of_a_program(self):
        """Exit handlers can be debugged; what runs behind them is let alone, and nothing of ours keeps objects alive."""
        program = """\
import atexit, time
class Late:
    def __del__(self):
        x = 1  # @del
        print('late', flush=True)
late = Late()
def bye():
    print('bye', flush=True)  # @bye
atexit.register(bye)
print('end', flush=True)  # @end
"""
        with Target(program) as target:
            target.set_breakpoints("bye", "end")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual(target.line("end"), target.where()[1])
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            self.assertEqual(target.line("bye"), target.where()[1])
            target.set_breakpoints("del")
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, ["end", "bye", "late"], ""), (code, out.split(), err))

    def test_exit_codes(self):
        for statement, code in (("raise SystemExit(3)", 3), ("import sys; sys.exit()", 0), ("raise SystemExit('no')", 1), ("1/0", 1)):
            with Target(statement + "\n") as target:
                target.run()
                self.assertEqual(code, target.finish()[0], statement)


class HostileTargets(unittest.TestCase):

    def debug(self, program, expected, **options):
        """A breakpoint, a look, a step, and the program's own result."""
        with Target(program, **options) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertTrue(target.locals())
            self.assertEqual("2", target.evaluate("1 + 1"))
            self.assertEqual(target.line("next"), target.go("next")[1])
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, expected), (code, out), err)
            self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_replaced_builtins_and_os_functions(self):
        self.debug("import builtins, os, sys\n"
                   "names = ['len', 'open', '__import__', 'print', 'repr', 'id', 'eval', 'exec', 'compile', 'sorted', 'range']\n"
                   "kept = {name: getattr(builtins, name) for name in names}\n"
                   "show = print\n"
                   "def bad(*args, **more):\n    raise RuntimeError('not mine')\n"
                   "for name in names:\n    builtins.__dict__[name] = bad\n"
                   "write, read = os.write, os.read\nos.write = os.read = os.getpid = bad\n"
                   "a = 1  # @stop\nb = 2  # @next\n"
                   "builtins.__dict__.update(kept)\n"
                   "os.write, os.read = write, read\n"
                   "print('end')\n", "end\n")

    def test_modules_taken_away(self):
        self.debug("import sys\n"
                   "for name in list(sys.modules):\n"
                   "    if name not in ('__main__', 'builtins', 'sys', 'encodings', 'encodings.utf_8', 'codecs', 'io', '_io', 'abc'):\n"
                   "        del sys.modules[name]\n"
                   "a = 1  # @stop\nb = 2  # @next\nprint('end')\n", "end\n")

    def test_files_named_like_the_standard_library(self):
        names = ("json", "enum", "ctypes", "select", "ast", "re", "threading", "inspect", "traceback", "linecache", "types", "_json", "opcode", "struct")
        if sys.version_info >= (3, 13):
            names = [name for name in names if name != "linecache"]  # the interpreter itself imports it for -c
        files = {name + ".py": "raise RuntimeError('not the standard one')\n" for name in names}
        self.debug("a = 1  # @stop\nb = 2  # @next\nprint('end')\n", "end\n", files=files)

    def test_standard_streams_replaced(self):
        self.debug("import sys\nout = sys.stdout\nclass Bad:\n    def write(self, text):\n        raise ValueError\n    flush = write\n"
                   "sys.stdout = sys.stderr = None\na = 1  # @stop\nb = 2  # @next\nsys.stdout = out\nsys.stderr = sys.__stderr__\nprint('end')\n", "end\n")

    def test_destructors_that_fail(self):
        self.debug("import sys\nsys.unraisablehook = lambda *a: None\nclass Bad:\n    def __del__(self):\n        raise ValueError('del')\n"
                   "def f():\n    bad = Bad()\n    x = 1  # @stop\n    y = 2  # @next\n    return y\nprint(f())\n", "2\n")

    @unittest.skipIf(sys.version_info < (3, 11), "before 3.11 breakpoints need the trace function: see test_tracing")
    def test_target_that_traces_itself(self):
        self.debug("import sys\nseen = []\ndef trace(frame, event, arg):\n    seen.append(event)\n    return trace\n"
                   "def f():\n    x = 1\n    return x\n"
                   "sys.settrace(trace)\nf()\nsys.settrace(None)\n"
                   "a = 1  # @stop\nb = 2  # @next\nprint(seen.count('line'))\n", "2\n")

    @unittest.skipUnless(hasattr(sys, "monitoring"), "sys.monitoring")
    def test_target_that_monitors_itself(self):
        self.debug("import sys\nm = sys.monitoring\nm.use_tool_id(m.COVERAGE_ID, 'mine')\nlines = []\n"
                   "m.register_callback(m.COVERAGE_ID, m.events.LINE, lambda code, line: lines.append(line) or m.DISABLE)\n"
                   "def f(a=1):\n    x = 1  # @stop\n    y = 2  # @next\n    return x + y\n"
                   "m.set_local_events(m.COVERAGE_ID, f.__code__, m.events.LINE)\nf()\nf()\nprint(len(lines))\n"
                   .replace("f()\nf()\n", "f()\n"), "3\n")

    def test_pythonwarnings_error(self):
        self.debug("a = 1  # @stop\nb = 2  # @next\nprint('end')\n", "end\n", env={"PYTHONWARNINGS": "error"})

    def test_no_site(self):
        self.debug("a = 1  # @stop\nb = 2  # @next\nprint('end')\n", "end\n", python_args=["-S"])
        self.debug("a = 1  # @stop\nb = 2  # @next\nprint('end')\n", "end\n", python_args=["-I", "-bb"])

    def test_signal_handler_that_raises_while_stopped(self):
        program = ("import signal, os\ndef handler(number, frame):\n    raise KeyError('signal')\nsignal.signal(signal.SIGUSR1, handler)\n"
                   "def f():\n    try:\n        a = 1  # @stop\n        b = 2\n        for i in range(1000): pass\n    except KeyError as error:\n        print('caught', error)\nf()\n")
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            os.kill(target.pid, signal.SIGUSR1)
            self.assertEqual("2", target.evaluate("1 + 1"))
            self.assertEqual(target.line("stop"), target.where()[1])
            target.request("continue", threadId=1)
            self.assertEqual((0, "caught 'signal'\n", ""), target.finish())


class Interrupts(unittest.TestCase):

    def test_interrupt_while_stopped_is_raised_when_the_program_goes_on(self):
        program = ("def f():\n    try:\n        a = 1  # @stop\n        b = 2\n        for i in range(1000): pass\n    except KeyboardInterrupt:\n"
                   "        print('caught')\nf()\n")
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            os.kill(target.pid, signal.SIGINT)
            for _ in range(5):
                self.assertEqual("2", target.evaluate("1 + 1"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "caught\n", ""), target.finish())

    def test_what_a_handler_raises_into_an_evaluation_is_the_programs(self):
        own = "import signal, sys\ndef handler(number, frame):\n    sys.exit(7)\nsignal.signal(signal.SIGINT, handler)\n"
        program = "try:\n    a = 1  # @stop\n    while True: pass\nfinally:\n    print('finally')\n"
        for text, code in ((own + program, 7), (program, -signal.SIGINT)):
            for endless in ("while True: pass", "__import__('time').sleep(60)"):
                with self.subTest(code=code, endless=endless), Target(text) as target:
                    target.set_breakpoints("stop")
                    target.run()
                    frame = target.wait_stopped("breakpoint") and target.stack()[0]["id"]
                    target.evaluate("print('ready', flush=True)", context="repl")
                    number = target.send("evaluate", expression="print('go', flush=True)\n" + endless, frameId=frame, context="repl")
                    target.wait_output("go\n")
                    os.kill(target.pid, signal.SIGINT)
                    target.send("letGo")
                    self.assertFalse(target.answer(number)["success"])
                    result = target.finish()
                    self.assertEqual((code, "ready\ngo\nfinally\n"), result[:2], result)
                    self.assertNotIn("gantry_agent", result[2])

    def test_an_interrupt_while_stopped_is_reported_without_the_agents_frames(self):
        with Target("def f():\n    a = 1  # @stop\nf()\n") as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            os.kill(target.pid, signal.SIGINT)
            target.send("letGo")
            code, _, errors = target.finish()
            self.assertEqual(-signal.SIGINT, code)
            self.assertIn("line 2, in f", errors)
            self.assertTrue(errors.endswith("KeyboardInterrupt\n"), errors)
            self.assertNotIn("gantry_agent", errors)

    def test_what_the_console_raises_itself_stays_there(self):
        with Target("a = 1  # @stop\nprint('end')\n") as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            for text in ("raise KeyboardInterrupt", "raise SystemExit(3)"):
                with self.assertRaises(RequestFailed):
                    target.evaluate(text, context="repl")
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())

    def test_a_breakpoint_that_is_set_while_a_directory_runs_changes_no_warning_of_it(self):
        program = ("import sys\nimport warnings\nwarnings.simplefilter('ignore')\nprint('up', flush=True)\nover = False\n"
                   "while not over:\n    warnings.warn('old', DeprecationWarning)\ndef f():\n%s    return 1  # @there\nf()\nprint('end')\n"
                   % ("    x = [len('a')]\n" * 2000))
        with Target("app", kind="program", files={"app/__main__.py": program}) as target:
            target.run()
            target.wait_output("up")
            main = os.path.join(target.directory, "app", "__main__.py")
            self.assertTrue(target.set_breakpoints("there", path=main)[0]["verified"])
            target.request("evaluate", expression="sys.modules['__main__'].__dict__.update(over=True)", context="repl")
            target.wait_stopped("breakpoint")
            target.request("continue", threadId=1)
            self.assertEqual((0, "up\nend\n", ""), target.finish())

    def test_signals_by_the_hundred_lose_no_answer(self):
        program = "import signal\nsignal.signal(signal.SIGUSR1, lambda *a: 1 / 0)\ntry:\n    a = 1  # @stop\nexcept ZeroDivisionError:\n    print('zero')\n"
        with Target(program) as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            frame = target.stack()[0]["id"]
            numbers = []
            for _ in range(200):
                os.kill(target.pid, signal.SIGUSR1)
                numbers.append(target.send("evaluate", expression="sum(range(1000))", frameId=frame, context="watch"))
            for number in numbers:
                target.answer(number)
            target.request("continue", threadId=1)
            self.assertEqual((0, "zero\n", ""), target.finish())

    def test_what_a_handler_raises_into_an_evaluation_is_raised_in_the_program(self):
        body = "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *a: 1 / 0)\ntry:\n    a = 1  # @stop\nexcept ZeroDivisionError:\n    print('zero')\n"
        for program in body, "exec(%r)\n" % body.replace("a = 1", "breakpoint()\n    a = 1"):  # the second in code without a file
            with self.subTest(program=program), Target(program) as target:
                if program is body:
                    target.set_breakpoints("stop")
                target.run()
                target.wait_stopped("breakpoint")
                frame = target.stack()[0]["id"]
                for context in "repl", "watch":
                    answer = target.answer(target.send(
                        "evaluate", expression="os.kill(os.getpid(), signal.SIGUSR1) or [i for i in range(9)]", frameId=frame, context=context))
                    self.assertIn("signal of the program: ZeroDivisionError", answer["message"])
                target.request("continue", threadId=1)
                self.assertEqual((0, "zero\n", ""), target.finish())

    def test_cancel_of_what_runs_and_of_what_waits(self):
        with Target("a = 1  # @stop\nprint('end')\n") as target:
            target.set_breakpoints("stop")
            target.run()
            target.wait_stopped("breakpoint")
            frame = target.stack()[0]["id"]
            first = target.send("evaluate", expression="while True: pass", frameId=frame, context="repl")
            second = target.send("evaluate", expression="1 + 1", frameId=frame, context="repl")
            target.request("cancel", requestId=second)
            self.assertFalse(target.answered(first))
            target.request("cancel", requestId=first)
            self.assertFalse(target.answer(first)["success"])
            answer = target.answer(second)
            self.assertEqual((False, "Cancelled."), (answer["success"], answer.get("message")))
            self.assertEqual("2", target.evaluate("1 + 1"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "end\n", ""), target.finish())


    def test_cancel_of_what_runs_beside_the_program(self):
        program = "import time\nprint('up', flush=True)\nwhile not globals().get('over'):\n    time.sleep(0.01)\nprint('end')\n"
        with Target(program) as target:
            target.run()
            target.wait_output("up")
            first = target.send("evaluate", expression="while True: pass", context="repl")
            self.assertEqual("2", target.request("evaluate", expression="1 + 1", context="repl")["result"])
            self.assertEqual([1], [one["id"] for one in target.request("threads")["threads"]])
            target.request("cancel", requestId=first)
            self.assertFalse(target.answer(first)["success"])
            target.request("evaluate", expression="globals().__setitem__('over', True)", context="repl")
            self.assertEqual((0, "up\nend\n", ""), target.finish())
            self.assertEqual([], target.events("thread"))


class PrivateModules(unittest.TestCase):
    NAMES = ["json", "enum", "ctypes", "ast", "inspect", "traceback", "re", "dis", "tokenize", "select", "dataclasses", "typing", "collections.abc",
             "importlib.machinery", "_json", "opcode", "weakref", "textwrap", "functools", "pprint", "gc", "struct"]
    BEGIN = """
import sys, builtins, marshal, _thread
private = type(sys)('gantry_agent.private')
private.__dict__['__builtins__'] = dict(builtins.__dict__)
def code(name):
    with open('%s/%s.py' % (sys.argv[1], name)) as file:
        return compile(file.read(), '<gantry_agent/%s.py>' % name, 'exec')
exec(code('private'), private.__dict__)
package = type(sys)('gantry_agent')
package.private = private
private._own.update({'': package, 'private': private})
private._parts['loading'] = marshal.dumps(code('loading'))
"""
    CODE = BEGIN + """
before = dict(sys.modules)
for name in sys.argv[2:]:
    module = private.load(name)
    assert module is private.load(name), name
    assert sys.modules == before, (name, set(sys.modules) ^ set(before))
import json, ctypes, re
assert private.load('json') is not json
assert private.load('json').loads('[1]') == [1]
assert ctypes.sizeof(ctypes.c_int) == 4 == private.load('ctypes').sizeof(private.load('ctypes').c_int)
assert private.load('re').match('a+', 'aaa').group() == 'aaa' == re.match('a+', 'aaa').group()
try:
    private.load('no_such_module')
except ImportError:
    print('ok')
"""

    def test_loading_leaves_no_trace(self):
        done = subprocess.run([sys.executable, "-c", self.CODE, SOURCES] + self.NAMES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((b"ok\n", b""), (done.stdout, done.stderr))

    AT_ONCE = BEGIN + """
sys.setswitchinterval(1e-6)
go, done, failures = _thread.allocate_lock(), [_thread.allocate_lock() for _ in range(8)], []
go.acquire()
def load(lock):
    with go:
        pass
    for name, last in ('opcode', 'opmap'), ('dis', 'dis'), ('inspect', 'signature'), ('ctypes', 'pythonapi'), ('traceback', 'TracebackException'):
        if not hasattr(private.load(name), last):
            failures.append(name)
    lock.release()
for lock in done:
    lock.acquire()
    _thread.start_new_thread(load, (lock,))
go.release()
for lock in done:
    lock.acquire()
print(failures or 'ok')
"""

    def test_no_thread_sees_half_a_module(self):
        for _ in range(3):
            done = subprocess.run([sys.executable, "-c", self.AT_ONCE, SOURCES], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((b"ok\n", b""), (done.stdout, done.stderr))


if __name__ == "__main__":
    unittest.main()
