"""Programs that are not ours, debugged with a breakpoint deep inside: what is seen there is right, and they end as without us."""
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import unittest
import urllib.request

from harness import TIMEOUT, Target


def needs(*names):
    """Skips a test, saying which module this Python does not have."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            return unittest.skip("this Python has no %s (%s)" % (name, error))
    return lambda test: test


def source_line(path, text, after=""):
    """Number of the first line of a file that holds `text`, below the first one that holds `after`."""
    seen = not after
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if seen and text in line:
                return number
            seen = seen or after in line
    raise AssertionError("%s holds no line with %r" % (path, text))


def break_in(target, path, *lines):
    """Sets breakpoints in a file and checks that each is verified where it was asked for."""
    answers = target.request("setBreakpoints", source={"path": path}, breakpoints=[{"line": line} for line in lines])
    found = [(answer["verified"], answer["line"]) for answer in answers["breakpoints"]]
    assert found == [(True, line) for line in lines], answers
    return answers["breakpoints"]


class Request(threading.Thread):
    """An HTTP request on a thread of its own: it is answered while the test debugs the server."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url, self.status, self.body, self.error = url, None, None, None
        self.start()

    def run(self):
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(self.url, timeout=TIMEOUT) as response:
                self.status, self.body = response.status, response.read().decode()
        except Exception as error:
            self.error = error

    def result(self):
        self.join(TIMEOUT)
        assert self.error is None, self.error
        return self.status, self.body


def variables(target, reference, **options):
    found = target.request("variables", variablesReference=reference, **options)["variables"]
    return {variable["name"]: variable for variable in found}


def local_variables(target, thread=1, frame=0):
    frame_id = target.stack(thread)[frame]["id"]
    scopes = target.request("scopes", frameId=frame_id)["scopes"]
    return variables(target, scopes[0]["variablesReference"])


class HttpServerTest(unittest.TestCase):

    def test_http_server_answering_a_request(self):
        import http.server
        path = os.path.realpath(http.server.__file__)
        line = source_line(path, "f = self.send_head()", "def do_GET(self)")
        with Target("http.server", kind="module", args=["0", "--bind", "127.0.0.1"], configure={"justMyCode": False},
                    files={"page.txt": "hello"}) as target:
            break_in(target, path, line)
            target.run()
            target.wait_output("/) ...")
            port = int(re.search(r"port (\d+)", target.stdout()).group(1))
            request = Request("http://127.0.0.1:%d/page.txt?x=1" % port)
            thread = target.wait_stopped("breakpoint")["threadId"]
            names = [frame["name"] for frame in target.stack(thread)]
            self.assertIn("do_GET", names[0])
            self.assertTrue(any("handle_one_request" in name for name in names), names)
            self.assertEqual("'/page.txt?x=1'", target.evaluate("self.path", thread))
            self.assertEqual("'GET'", target.evaluate("self.command", thread))
            self.assertIn("Python-urllib", target.evaluate("self.headers['User-Agent']", thread))
            self.assertIn("self", local_variables(target, thread))
            function, stepped = target.go("next", thread)
            self.assertIn("do_GET", function)
            self.assertEqual("'text/plain'", target.evaluate("self.guess_type('page.txt')", thread))
            self.assertIn("BufferedReader", target.evaluate("type(f).__name__", thread))
            self.assertEqual(line + 1, stepped)
            target.request("continue", threadId=thread)
            self.assertEqual((200, "hello"), request.result())
            os.kill(target.pid, signal.SIGINT)
            code, out, err = target.finish()
            self.assertEqual(0, code, err)
            self.assertIn("Keyboard interrupt received, exiting.", out)
            self.assertIn('"GET /page.txt?x=1 HTTP/1.1" 200', err)


    def test_an_idle_server_is_paused_and_goes_on(self):
        with Target("http.server", kind="module", args=["0", "--bind", "127.0.0.1"], files={"page.txt": "hello"}) as target:
            target.run()
            target.wait_output("/) ...")
            url = "http://127.0.0.1:%d/page.txt" % int(re.search(r"port (\d+)", target.stdout()).group(1))
            self.assertEqual((200, "hello"), Request(url).result())
            for _ in range(3):
                target.request("pause", threadId=1)
                target.wait_stopped("pause")
                names = [frame["name"] for frame in target.stack()]
                self.assertTrue(any("serve_forever" in name for name in names), names)
                target.request("continue", threadId=1)
                self.assertEqual((200, "hello"), Request(url).result())

    def test_requests_at_the_same_time_stop_each_in_its_thread(self):
        import http.server
        path = os.path.realpath(http.server.__file__)
        line = source_line(path, "f = self.send_head()", "def do_GET(self)")
        with Target("http.server", kind="module", args=["0", "--bind", "127.0.0.1"], configure={"justMyCode": False},
                    files={"page%d.txt" % number: "hello %d" % number for number in range(8)}) as target:
            break_in(target, path, line)
            target.run()
            target.wait_output("/) ...")
            port = int(re.search(r"port (\d+)", target.stdout()).group(1))
            requests = [Request("http://127.0.0.1:%d/page%d.txt" % (port, number)) for number in range(8)]
            seen = set()
            for _ in requests:
                thread = target.wait_stopped("breakpoint")["threadId"]
                self.assertIn("do_GET", target.where(thread)[0])
                seen.add((thread, target.evaluate("self.path", thread)))
                self.assertIn("do_GET", target.go("next", thread, singleThread=True)[0])     # the others stay
                target.request("continue", threadId=thread)
            self.assertEqual(8, len({path for _, path in seen}))
            if sys.version_info >= (3, 12):     # before, the end of a thread is not seen: its number may come again
                self.assertEqual(8, len({thread for thread, _ in seen}))
            self.assertEqual([(200, "hello %d" % number) for number in range(8)], [one.result() for one in requests])


class UnittestTest(unittest.TestCase):

    @needs("test.test_json")
    def test_unittest_of_the_standard_library_with_a_breakpoint_inside_the_decoder(self):
        import json.decoder
        path = os.path.realpath(json.decoder.__file__)
        line = source_line(path, "obj, end = self.scan_once(s, idx)")
        plain = subprocess.run([sys.executable, "-m", "unittest", "test.test_json"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=6 * TIMEOUT, universal_newlines=True)
        with Target("unittest", kind="module", args=["test.test_json"], configure={"justMyCode": False}) as target:
            break_in(target, path, line)
            target.run()
            for _ in range(3):
                thread = target.wait_stopped("breakpoint")["threadId"]
                top = target.stack(thread)[0]
                self.assertEqual((line, True), (top["line"], "raw_decode" in top["name"]))
                self.assertEqual("0", target.evaluate("idx", thread))
                self.assertIn("JSONDecoder", target.evaluate("type(self).__name__", thread))
                names = [frame["name"] for frame in target.stack(thread)]
                self.assertTrue(any("TestCase.run" in name or name.endswith("run") for name in names), names)
                target.request("continue", threadId=thread)
            thread = target.wait_stopped("breakpoint")["threadId"]
            function, stepped = target.go("next", thread)
            self.assertIn("raw_decode", function)
            self.assertGreater(stepped, line)
            target.request("setBreakpoints", source={"path": path}, breakpoints=[])
            target.request("continue", threadId=thread)
            code, out, err = target.finish(6 * TIMEOUT)
            self.assertEqual((plain.returncode, plain.stdout), (code, out))

            def without_time(text):
                return re.sub(r" in [\d.]+s", "", text)
            self.assertEqual(without_time(plain.stderr), without_time(err))


FLASK = """\
import flask

app = flask.Flask(__name__)


@app.route("/double/<int:number>")
def double(number):
    flask.g.note = "noted"
    result = number * 2
    return flask.jsonify(result=result, name=flask.request.args["name"])  # @view


app.run(port=0)
"""


class FlaskTest(unittest.TestCase):

    @needs("flask")
    def test_flask_application_with_breakpoints_in_a_view_and_inside_the_framework(self):
        import flask.app
        path = os.path.realpath(flask.app.__file__)
        inside = source_line(path, "return self.ensure_sync(self.view_functions", "def dispatch_request")
        with Target(FLASK, configure={"justMyCode": False}) as target:
            break_in(target, path, inside)
            target.set_breakpoints("view")
            target.run()
            target.wait_output("Press CTRL+C", "stderr")
            port = int(re.search(r"Running on http://127.0.0.1:(\d+)", target.stderr()).group(1))
            request = Request("http://127.0.0.1:%d/double/21?name=gantry" % port)
            thread = target.wait_stopped("breakpoint")["threadId"]
            self.assertIn("dispatch_request", target.where(thread)[0])
            self.assertEqual("'/double/<int:number>'", target.evaluate("rule.rule", thread))
            self.assertEqual("{'number': 21}", target.evaluate("view_args", thread))
            target.request("continue", threadId=thread)
            stopped = target.wait_stopped("breakpoint")
            self.assertEqual(thread, stopped["threadId"])
            self.assertEqual(("double", target.line("view")), target.where(thread))
            self.assertEqual({"number": "21", "result": "42"}, target.locals(thread))
            self.assertEqual("'gantry'", target.evaluate("flask.request.args['name']", thread))
            self.assertEqual("'noted'", target.evaluate("flask.g.note", thread))
            target.evaluate("result = 43", thread, "repl")
            target.request("continue", threadId=thread)
            status, body = request.result()
            self.assertEqual((200, {"result": 43, "name": "gantry"}), (status, json.loads(body)))


DJANGO = """\
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.template import Context, Template
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x",
                   TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])


def double(request, number):
    text = Template("{{ number }} doubled").render(Context({"number": number}))
    return JsonResponse({"result": number * 2, "text": text})  # @view


urlpatterns = [path("double/<int:number>", double)]
server = make_server("127.0.0.1", 0, get_wsgi_application())
print("port", server.server_port)
server.handle_request()
server.server_close()
print("served")
"""


class DjangoTest(unittest.TestCase):

    @needs("django")
    def test_django_application_with_breakpoints_in_a_view_and_inside_the_framework(self):
        import django.core.handlers.base
        path = os.path.realpath(django.core.handlers.base.__file__)
        inside = source_line(path, "response = wrapped_callback(request", "def _get_response(")
        with Target(DJANGO, configure={"justMyCode": False}) as target:
            break_in(target, path, inside)
            target.set_breakpoints("view")
            target.run()
            target.wait_output("\n")
            request = Request("http://127.0.0.1:%d/double/21?name=gantry" % int(target.stdout().split()[1]))
            target.wait_stopped("breakpoint")
            self.assertIn("_get_response", target.where()[0])
            self.assertEqual("{'number': 21}", target.evaluate("callback_kwargs"))
            self.assertIn("/double/21", target.evaluate("request.get_full_path()"))
            self.assertGreater(len(target.stack()), 8)
            self.assertEqual(("double", source_line(target.program, "text = Template")), target.go("stepIn"))
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            found = local_variables(target)
            self.assertIn("21 doubled", found["text"]["value"])
            self.assertEqual("21", found["number"]["value"])
            self.assertIn("WSGIRequest", found["request"]["value"])
            self.assertEqual("'gantry'", target.evaluate("request.GET['name']"))
            target.request("continue", threadId=1)
            status, body = request.result()
            self.assertEqual((200, {"result": 42, "text": "21 doubled"}), (status, json.loads(body)))
            code, out, err = target.finish()
            self.assertEqual((0, "served"), (code, out.splitlines()[-1]), err)


ASYNCIO = """\
import asyncio


async def inner(number, gate):
    secret = number * 10
    await gate.wait()
    return secret


async def worker(number, gate):
    name = "worker %d" % number
    value = await inner(number, gate)  # @await
    return value  # @after


async def main():
    gate = asyncio.Event()
    tasks = [asyncio.ensure_future(worker(number, gate)) for number in range(100)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gate.set()  # @gate
    print(sum(await asyncio.gather(*tasks)))


asyncio.run(main())
"""


class AsyncioTest(unittest.TestCase):

    def test_a_hundred_tasks_are_threads_with_their_chain_of_awaits(self):
        with Target(ASYNCIO) as target:
            target.set_breakpoints("gate")
            target.run()
            target.wait_stopped("breakpoint")
            threads = target.request("threads")["threads"]
            tasks = [thread for thread in threads if thread["id"] >= 1000001]
            self.assertEqual(101, len(tasks), threads[:5])
            waiting = [thread for thread in tasks if "worker (waiting)" in thread["name"]]
            self.assertEqual(100, len(waiting), tasks[:3])
            self.assertEqual(1, len([thread for thread in tasks if "main (running)" in thread["name"]]))
            seen = set()
            for thread in waiting:
                stack = target.stack(thread["id"])
                names = [frame["name"] for frame in stack]
                self.assertEqual(["inner", "worker"], [name for name in names if name in ("inner", "worker")], names)
                self.assertIn("label", [frame.get("presentationHint") for frame in stack])
                frames = {frame["name"]: frame for frame in stack}
                self.assertEqual(target.line("await"), frames["worker"]["line"])
                secret = target.request("evaluate", expression="secret", frameId=frames["inner"]["id"])["result"]
                name = target.request("evaluate", expression="name", frameId=frames["worker"]["id"])["result"]
                self.assertEqual("'worker %d'" % (int(secret) // 10), name)
                seen.add(secret)
            self.assertEqual(100, len(seen))
            again = [thread["id"] for thread in target.request("threads")["threads"]]
            self.assertEqual([thread["id"] for thread in threads], again)
            target.request("continue", threadId=waiting[0]["id"])
            self.assertEqual((0, "49500\n"), target.finish()[:2])

    def test_a_step_over_an_await_stays_in_its_task(self):
        with Target(ASYNCIO) as target:
            target.set_breakpoints({"line": "await", "condition": "number == 7"})
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("'worker 7'", target.evaluate("name"))
            self.assertEqual(("worker", target.line("after")), target.go("next"))
            self.assertEqual({"gate", "name", "number", "value"}, set(target.locals()))
            self.assertEqual("70", target.locals()["value"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "49500\n"), target.finish()[:2])


POOL = """\
import threading
from concurrent.futures import ThreadPoolExecutor

barrier = threading.Barrier(51)


def work(number):
    barrier.wait()
    square = number * number
    barrier.wait()  # @work
    return square


with ThreadPoolExecutor(50) as pool:
    futures = [pool.submit(work, number) for number in range(50)]
    barrier.wait()
    barrier.wait()
    print(sum(future.result() for future in futures))
"""


class ThreadPoolTest(unittest.TestCase):

    def test_fifty_workers_each_stopped_and_looked_at(self):
        with Target(POOL) as target:
            target.set_breakpoints("work")
            target.run()
            numbers = set()
            for _ in range(50):
                thread = target.wait_stopped("breakpoint")["threadId"]
                self.assertEqual(("work", target.line("work")), target.where(thread))
                found = target.locals(thread)
                self.assertEqual(int(found["number"]) ** 2, int(found["square"]))
                numbers.add(found["number"])
                threads = target.request("threads")["threads"]
                self.assertEqual(51, len(threads))
                self.assertEqual(51, len({entry["name"] for entry in threads}))
                target.request("continue", threadId=thread)
            self.assertEqual(50, len(numbers))
            self.assertEqual((0, "%d\n" % sum(n * n for n in range(50))), target.finish()[:2])


ARRAYS = """\
import numpy
import pandas

line = numpy.arange(100000)
grid = numpy.zeros((300, 200), dtype="float32")
frame = pandas.DataFrame({"name": ["a", "b", "c"] * 1000, "value": range(3000)})
series = frame["value"]
masked = numpy.ma.masked_array([1, 2, 3], mask=[0, 1, 0])
matrix = numpy.matrix([[1, 2], [3, 4]])
print("done")  # @here
"""


class ArraysTest(unittest.TestCase):

    @needs("numpy", "pandas")
    def test_numpy_and_pandas_values(self):
        with Target(ARRAYS, configure={"client": {"variableType": True, "variablePaging": True, "memoryReferences": True}}) as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            found = local_variables(target)
            self.assertEqual("ndarray", found["line"]["type"])
            for name, words in (("line", ("100000", "int64")), ("grid", ("300", "200", "float32")),
                                ("frame", ("3000", "2")), ("series", ("3000", "int64"))):
                for word in words:
                    self.assertIn(word, found[name]["value"])
                self.assertLess(len(found[name]["value"]), 1500, name)
            self.assertIn("[1 -- 3]", found["masked"]["value"])
            self.assertTrue(found["matrix"]["value"].endswith("[[1, 2], [3, 4]]"), found["matrix"]["value"])
            self.assertEqual(100000, found["line"]["indexedVariables"])
            page = variables(target, found["line"]["variablesReference"], filter="indexed", start=99990, count=5)
            self.assertEqual(["99990", "99991", "99992", "99993", "99994"], [one["value"] for one in page.values()])
            self.assertTrue(found["line"].get("memoryReference"))
            memory = target.request("readMemory", memoryReference=found["line"]["memoryReference"], offset=8, count=8)
            self.assertEqual("AQAAAAAAAAA=", memory["data"])
            self.assertEqual("(300, 200)", target.evaluate("grid.shape"))
            self.assertEqual("4498500", target.evaluate("frame['value'].sum()").rpartition("(")[2].rstrip(")"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "done\n"), target.finish()[:2])


if __name__ == "__main__":
    unittest.main()
