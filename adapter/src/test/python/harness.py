"""Starts a program with the agent, as the adapter does, and talks to the agent over a socket pair.

A test looks like this (see test_core.py):

    with Target("x = 1\\nprint(x)  # @here\\n") as target:
        target.set_breakpoints("here")
        target.run()
        stopped = target.wait_stopped("breakpoint")
        ...
        target.request("continue", threadId=stopped["threadId"])
        self.assertEqual((0, "1\\n", ""), target.finish())

One thread reads the channel, two read the program's output; the test's own thread waits for them with deadlines.
Leaving the `with` block ends the program and proves that nothing of it is left.
"""
import collections
import functools
import hashlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.normpath(os.path.join(HERE, "..", "..", "main", "python", "gantry_agent"))
BOOT = "import sys;f=open(sys.argv[1]+'/boot.py','rb');exec(f.read())"
TIMEOUT = float(os.environ.get("GANTRY_TEST_TIMEOUT", "20"))
WINDOWS = os.name == "nt"
TOKEN = "0123456789abcdef" * 2 + "fedcba9876543210" * 2  # the half of the agent, and ours


class RequestFailed(Exception):
    """The agent answered with success false; `message` is its sentence, `body` its body."""

    def __init__(self, command, message, body):
        super().__init__("%s: %s" % (command, message))
        self.command, self.message, self.body = command, message, body


class Ended(Exception):
    """The channel closed while the test was waiting for something."""


@functools.lru_cache(maxsize=None)
def unpacked():
    """The directory of the agent's sources, named by their hash, as the adapter unpacks them."""
    names = sorted(name for name in os.listdir(SOURCES) if name.endswith(".py"))
    digest = hashlib.sha256()
    for name in names:
        with open(os.path.join(SOURCES, name), "rb") as file:
            digest.update(name.encode() + b"\0" + file.read() + b"\0")
    parent = os.path.join(tempfile.gettempdir(), "gantry-agent-test-%d" % getattr(os, "getuid", int)())
    place = os.path.join(parent, digest.hexdigest()[:32])
    if not os.path.isdir(place):
        os.makedirs(parent, mode=0o700, exist_ok=True)
        fresh = tempfile.mkdtemp(dir=parent)
        for name in names:
            shutil.copyfile(os.path.join(SOURCES, name), os.path.join(fresh, name))
        try:
            os.rename(fresh, place)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
    return place


class Target:
    """A program under the agent. `program` is a path, a text with line ends (written to a file), a module name or code text."""

    def __init__(self, program, kind="program", args=(), configure=None, python=sys.executable, python_args=(),
                 env=None, cwd=None, name="main.py", stdin=None, files=None, send_configure=True, connects=False):
        self.directory = os.path.realpath(tempfile.mkdtemp(prefix="gantry-target-"))
        for relative, text in (files or {}).items():
            self._write(relative, text)
        if kind == "program" and "\n" in program:
            program = self._write(name, program)
        self.program = program
        self.pid = None
        self._changed = threading.Condition()
        self._seq = 0
        self._answers, self._events, self._closed = {}, collections.deque(), False
        self.seen = []  # every event ever received, for assertions about what did not happen
        self._output = {"stdout": b"", "stderr": b""}
        # To a socket, as in a terminal, or ("tcp") to a port, instead of inheriting one.
        self._connects = "tcp" if WINDOWS else connects
        self._spawn(kind, args, python, python_args, env, cwd, stdin)
        self.hello = self.expect_event("hello")
        self.configure = configure
        if send_configure:
            self.request("configure", **(configure or {}))

    def _write(self, relative, text):
        path = os.path.join(self.directory, relative)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        return path

    def _spawn(self, kind, args, python, python_args, env, cwd, stdin):
        theirs, channel = self._far_end()
        inherited = [] if self._connects else [theirs.fileno()]
        environment = dict(os.environ)
        for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        if self._connects == "tcp":
            environment["GANTRY_AGENT_TOKEN"] = TOKEN
        if WINDOWS:
            environment["PYTHONIOENCODING"] = "utf-8"
        for name, value in (env or {}).items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value
        command = [python, "-u"] + list(python_args) + ["-c", BOOT, unpacked(), channel, kind, self.program]
        self.process = subprocess.Popen(
            command + list(args), pass_fds=inherited, stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=cwd or self.directory, start_new_session=True)
        self.pid = self.process.pid
        if self._connects:
            self._socket = theirs.accept()[0]
        theirs.close()
        if self._connects == "tcp":
            self._socket.settimeout(TIMEOUT)
            said = self._exactly(len(TOKEN) // 2).decode()
            assert said == TOKEN[:len(TOKEN) // 2], said
            self._socket.sendall(TOKEN[len(TOKEN) // 2:].encode())
            self._socket.settimeout(None)
        self._readers = [threading.Thread(target=self._read_channel, daemon=True)]
        for stream in ("stdout", "stderr"):
            self._readers.append(threading.Thread(target=self._read_output, args=(stream,), daemon=True))
        for reader in self._readers:
            reader.start()

    # -- the channel

    def _far_end(self):
        """What the program gets of the channel, and the word for it."""
        if not self._connects:
            self._socket, theirs = socket.socketpair()
            return theirs, str(theirs.fileno())
        theirs = socket.socket(socket.AF_INET if self._connects == "tcp" else socket.AF_UNIX)
        theirs.bind(("127.0.0.1", 0) if self._connects == "tcp" else os.path.join(self.directory, "s"))
        theirs.listen(1)
        theirs.settimeout(TIMEOUT)
        name = theirs.getsockname()
        return theirs, "tcp:%d" % name[1] if self._connects == "tcp" else "unix:" + name

    def _read_channel(self):
        try:
            while True:
                length, = struct.unpack(">I", self._exactly(4))
                message = json.loads(self._exactly(length).decode("utf-8"))
                with self._changed:
                    if message["type"] == "response":
                        assert message["request_seq"] not in self._answers, "answered twice: %r" % message
                        self._answers[message["request_seq"]] = message
                    else:
                        self._events.append(message)
                        self.seen.append(message)
                    self._changed.notify_all()
        except (EOFError, OSError):
            pass
        finally:
            with self._changed:
                self._closed = True
                self._changed.notify_all()

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self._socket.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _read_output(self, name):
        stream = getattr(self.process, name)
        while True:
            piece = os.read(stream.fileno(), 65536)
            with self._changed:
                self._output[name] += piece
                self._changed.notify_all()
            if not piece:
                return

    def _wait(self, ready, timeout, what):
        deadline = time.monotonic() + (TIMEOUT if timeout is None else timeout)
        with self._changed:
            while True:
                result = ready()
                if result is not None:
                    return result
                left = deadline - time.monotonic()
                if self._closed:
                    raise Ended("the channel closed while waiting for %s\n%s" % (what, self.describe()))
                if left <= 0:
                    raise AssertionError("no %s in time\n%s" % (what, self.describe()))
                self._changed.wait(left)

    def describe(self):
        """What is known of the target, for messages of failed tests."""
        return "exit %s\nlast events %s\nstdout %s\nstderr %s" % (
            self.process.poll(), json.dumps(self.seen[-8:]), self.stdout()[-2000:], self.stderr()[-4000:])

    def send(self, command, **arguments):
        """Sends a request and returns its number at once; `answer(number)` waits for the response."""
        with self._changed:
            self._seq += 1
            seq = self._seq
        data = json.dumps({"type": "request", "seq": seq, "command": command, "arguments": arguments}).encode("utf-8")
        self._socket.sendall(struct.pack(">I", len(data)) + data)
        return seq

    def answer(self, seq, timeout=None):
        """The whole response to request `seq`."""
        return self._wait(lambda: self._answers.get(seq), timeout, "answer to request %d" % seq)

    def answered(self, seq):
        """Whether request `seq` has been answered already."""
        with self._changed:
            return seq in self._answers

    def request(self, command, **arguments):
        """Sends a request, waits for its answer and returns the body; RequestFailed if it failed."""
        message = self.answer(self.send(command, **arguments))
        assert message["command"] == command, message
        if not message["success"]:
            raise RequestFailed(command, message.get("message"), message.get("body"))
        return message.get("body") or {}

    def expect_event(self, name, timeout=None, where=None):
        """The body of the first waiting event of that name (for which `where(body)` holds); it is taken out of the queue."""
        def find():
            for message in self._events:
                if message["event"] == name and (where is None or where(message.get("body") or {})):
                    self._events.remove(message)
                    return message.get("body") or {}
            return None
        return self._wait(find, timeout, "event " + name)

    def events(self, name):
        """The bodies of all events of that name so far, taken or not."""
        with self._changed:
            return [message.get("body") or {} for message in self.seen if message["event"] == name]

    def pending(self, name):
        """The bodies of the events of that name that no expect_event has taken."""
        with self._changed:
            return [message.get("body") or {} for message in self._events if message["event"] == name]

    # -- what most tests do

    def line(self, mark, text=None):
        """Number of the line that holds the comment `# @mark` (in the program, or in `text`)."""
        if isinstance(mark, int):
            return mark
        if text is None:
            with open(self.program, encoding="utf-8") as file:
                text = file.read()
        for number, line in enumerate(text.split("\n"), 1):
            if line.rstrip().endswith("# @" + mark):
                return number
        raise AssertionError("no line is marked # @" + mark)

    def set_breakpoints(self, *marks, **options):
        """Sets the breakpoints of the program (or of path=...): marks, line numbers or DAP SourceBreakpoints; returns the answer's list."""
        path = options.pop("path", self.program)
        text = None
        if path != self.program:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        wanted = []
        for mark in marks:
            mark = dict(mark) if isinstance(mark, dict) else {"line": mark}
            mark["line"] = self.line(mark["line"], text)
            wanted.append(mark)
        return self.request("setBreakpoints", source={"path": path}, breakpoints=wanted)["breakpoints"]

    def run(self):
        return self.request("run")

    def wait_stopped(self, reason=None, timeout=None):
        """The body of the next `stopped`; checks its reason."""
        body = self.expect_event("stopped", timeout)
        if reason is not None:
            assert body["reason"] == reason, "stopped for another reason: %r\n%s" % (body, self.describe())
        return body

    def stack(self, thread=1, **options):
        return self.request("stackTrace", threadId=thread, **options)["stackFrames"]

    def where(self, thread=1):
        """(function, line) of the top frame."""
        top = self.stack(thread, startFrame=0, levels=1)[0]
        return top["name"], top["line"]

    def locals(self, thread=1, frame=0, scope=0):
        """{name: value} of a scope (the first one: locals)."""
        frame_id = self.stack(thread)[frame]["id"]
        scopes = self.request("scopes", frameId=frame_id)["scopes"]
        variables = self.request("variables", variablesReference=scopes[scope]["variablesReference"])["variables"]
        return {variable["name"]: variable["value"] for variable in variables}

    def evaluate(self, expression, thread=1, context="watch", frame=0):
        frame_id = self.stack(thread)[frame]["id"]
        return self.request("evaluate", expression=expression, frameId=frame_id, context=context)["result"]

    def go(self, command, thread=1, reason="step", **arguments):
        """A step (or continue) and the place where it stops."""
        self.request(command, threadId=thread, **arguments)
        stopped = self.wait_stopped(reason)
        return self.where(stopped["threadId"])

    def stdout(self):
        return self._text("stdout")

    def stderr(self):
        return self._text("stderr")

    def _text(self, stream):
        with self._changed:
            text = self._output[stream].decode("utf-8", "backslashreplace")
        return text.replace("\r\n", "\n") if WINDOWS else text

    def wait_output(self, text, stream="stdout", timeout=None):
        """Waits until the program has written `text`."""
        deadline = time.monotonic() + (TIMEOUT if timeout is None else timeout)
        with self._changed:
            while text not in self._text(stream):
                left = deadline - time.monotonic()
                if left <= 0 or self.process.poll() is not None and not self._changed.wait(0.2):
                    assert text in self._text(stream), "no %r on %s\n%s" % (text, stream, self.describe())
                    return
                self._changed.wait(min(left, 0.2))

    # -- the end

    def type(self, data):
        """Writes bytes to its standard input, which is a pipe."""
        os.write(self.process.stdin.fileno(), data)

    def finish(self, timeout=None):
        """Waits for the program's own end: (exit code, stdout, stderr)."""
        try:
            self.process.wait(TIMEOUT if timeout is None else timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError("the program does not end\n%s" % self.describe()) from None
        for reader in self._readers:
            reader.join(TIMEOUT)
        return self.process.returncode, self.stdout(), self.stderr()

    def kill(self):
        """Ends the program and everything it started."""
        try:
            if WINDOWS:
                self.process.kill()
            else:
                os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait(TIMEOUT)

    def close_channel(self):
        """The adapter dies."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            self.kill()
            for reader in self._readers:
                reader.join(TIMEOUT)
            self._prove_gone()
        finally:
            self._socket.close()
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()
            shutil.rmtree(self.directory, ignore_errors=True)

    def _prove_gone(self):
        deadline = time.monotonic() + TIMEOUT
        while not WINDOWS:
            try:
                os.killpg(self.pid, 0)
            except (ProcessLookupError, PermissionError):
                return
            assert time.monotonic() < deadline, "process group %d is still there" % self.pid
            time.sleep(0.005)
