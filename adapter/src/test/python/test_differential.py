"""Every program of targets/differential runs twice, plain and under the agent: output, errors and the way it ends are the same.

A program says in comments at its head how it is run:
    #: python -W error          options of the interpreter
    #: args one two             arguments of the program
    #: env NAME=value           an environment variable
    #: stdin text               what it reads (nothing otherwise)
    #: as module|code|directory|zip|link|compiled|bare     how it is given to Python (a file otherwise)
    #: name other.py            the name it is run under
    #: bytes                    the rest is a Python bytes literal: the program's real content
    #: signal INT               sent when it has printed "ready"
    #: stdout closed            nobody reads its output
    #: since 3.11, before 3.12  Pythons that can run it
    #: unarmed 3.11             a Python where breakpoints in it make a difference that is listed
A third time it runs with a breakpoint on each of its lines, whose condition is false, and stops at an uncaught exception
are continued at once: that is the same, too. What differs by necessity is listed in docs/debugging-differences.md; the programs print none of it.
"""
import ast
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

import harness

PROGRAMS = os.path.join(harness.HERE, "targets", "differential")
LINES = 60
_plain = {}  # results, by name: each program runs plain once


class Case:
    """One program and how it is run."""

    def __init__(self, name, directory, python=sys.executable):
        self.name, self.python = name, python
        self.options, self.args, self.env, self.stdin = [], [], {}, b""
        self.shape, self.signal, self.closed = "file", None, False
        self.since, self.before, self.unarmed = (3, 8), (9, 9), None
        self.directory = directory
        self.run_name = name + ".py"
        with open(os.path.join(PROGRAMS, name + ".py"), "rb") as file:
            self.text = file.read()
        self._read_head()
        self._lay_out()

    def _read_head(self):
        lines = self.text.decode("utf-8").split("\n")
        for number, line in enumerate(lines):
            if not line.startswith("#: "):
                break
            key, _, value = line[3:].partition(" ")
            value = value.strip()
            if key == "python":
                self.options += value.split()
            elif key == "args":
                self.args = [word.encode().decode("unicode_escape") for word in value.split()]
            elif key == "env":
                name, _, self.env[name] = value.partition("=")
            elif key == "stdin":
                self.stdin = value.encode().decode("unicode_escape").encode()
            elif key in ("since", "before", "unarmed"):
                setattr(self, key, tuple(int(part) for part in value.split(".")))
            elif key == "as":
                self.shape = value
            elif key == "name":
                self.run_name = value
            elif key == "signal":
                self.signal = getattr(signal, "SIG" + value)
            elif key == "stdout":
                self.closed = True
            elif key == "bytes":
                self.text = ast.literal_eval("\n".join(lines[number + 1:]).strip())

    def _lay_out(self):
        path = os.path.join(self.directory, self.run_name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.kind, self.target = "program", path
        if self.shape == "code":
            self.kind, self.target = "code", self.text.decode()
            return
        if self.shape == "missing":
            return
        if self.shape in ("directory", "zip", "package"):
            path = os.path.join(self.directory, "place", "__main__.py")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self.target = os.path.dirname(path)
        with open(path, "wb") as file:
            file.write(self.text)
        if self.shape == "module":
            self.kind, self.target = "module", self.run_name[:-3].replace("/", ".")
        elif self.shape == "package":
            self.kind, self.target = "module", "place"
        elif self.shape == "zip":
            self.target = os.path.join(self.directory, "place.zip")
            with zipfile.ZipFile(self.target, "w") as archive:
                archive.write(path, "__main__.py")
        elif self.shape == "link":
            self.target = os.path.join(self.directory, "elsewhere", "link")
            os.makedirs(os.path.dirname(self.target))
            os.symlink(os.path.join("..", self.run_name), self.target)
        elif self.shape == "compiled":
            self.target = path + "c"
            subprocess.run([self.python, "-c", "import py_compile, sys; py_compile.compile(*sys.argv[1:], doraise=True)", path, self.target], check=True)
        elif self.shape == "relative":
            self.target = os.path.join(".", os.path.basename(path))

    def plain(self):
        option = {"module": ["-m"], "code": ["-c"]}.get(self.kind, [])
        return self._run([self.python, "-u"] + self.options + option + [self.target] + self.args, None)

    def armed(self):
        """Under the agent, with breakpoints everywhere that never hold."""
        lines = [{"line": line, "condition": "False"} for line in range(1, LINES)]
        path = os.path.join(self.directory, self.run_name)
        return self.under_agent(("setBreakpoints", {"source": {"path": path}, "breakpoints": lines}),
                                ("setExceptionBreakpoints", {"filters": ["uncaught"]}))

    def under_agent(self, *requests):
        self.requests = (("configure", {"justMyCode": False}),) + requests + (("run", {}),)
        ours, theirs = socket.socketpair()
        try:
            number = str(theirs.fileno())
            return self._run([self.python, "-u"] + self.options + ["-c", harness.BOOT, harness.unpacked(), number, self.kind, self.target] + self.args,
                             (ours, theirs))
        finally:
            ours.close()

    def _run(self, command, channel):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        environment.update(self.env)
        out = subprocess.PIPE
        if self.closed:
            reader, out = os.pipe()
            os.close(reader)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE, env=environment, cwd=self.directory,
                                   pass_fds=[channel[1].fileno()] if channel else [], start_new_session=True)
        if self.closed:
            os.close(out)
        if channel:
            channel[1].close()
            threading.Thread(target=_converse, args=(channel[0], self.requests), daemon=True).start()
        return self._watch(process)

    def _watch(self, process):
        timer = threading.Timer(harness.TIMEOUT * 2, os.killpg, [process.pid, signal.SIGKILL])
        timer.start()
        head = b""
        try:
            if self.signal is not None:
                while not head.endswith(b"ready\n"):
                    piece = os.read(process.stdout.fileno(), 1)
                    if not piece:
                        break
                    head += piece
                _wait_for_sleep(process.pid)
                process.send_signal(self.signal)
            stdout, stderr = process.communicate(self.stdin)
            return process.returncode, head + (stdout or b""), stderr
        finally:
            timer.cancel()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def _wait_for_sleep(pid):
    """Until the main thread is in a system call that waits, so that a signal finds it at a known line."""
    waits = {"35", "230", "23", "270", "101", "115", "72"} if os.uname().machine == "x86_64" else {"101", "115", "72"}
    deadline = time.monotonic() + harness.TIMEOUT
    while time.monotonic() < deadline:
        with open("/proc/%d/syscall" % pid) as file:
            if file.read().split(" ")[0] in waits:
                return
        time.sleep(0.002)


def _normal(text):
    """The output without what differs from run to run: addresses and times."""
    text = re.sub("0x[0-9a-f]+", "0x", text.decode("utf-8", "backslashreplace"))
    return re.sub("(?m)^import time: *[0-9]+ \\| *[0-9]+ ", "import time: ", text)


def _converse(channel, requests):
    """Sends the requests, then reads, and continues whatever stops."""
    try:
        stream = channel.makefile("rb")
        for seq, (command, arguments) in enumerate(requests, 1):
            _send(channel, seq, command, arguments)
        while True:
            length, = struct.unpack(">I", stream.read(4))
            message = json.loads(stream.read(length).decode())
            if message.get("event") == "stopped":
                seq += 1
                _send(channel, seq, "continue", {"threadId": message["body"]["threadId"]})
    except (OSError, struct.error, ValueError):
        pass  # it has ended: its status says why


def _send(channel, seq, command, arguments):
    data = json.dumps({"type": "request", "seq": seq, "command": command, "arguments": arguments}).encode()
    channel.sendall(struct.pack(">I", len(data)) + data)


class DifferentialTest(unittest.TestCase):
    """Two tests for each program; they are added below."""

    maxDiff = None

    def compare(self, name, other):
        results = [_plain[name]] if name in _plain else []
        for way in ("plain", other)[len(results):]:
            directory = os.path.join(os.path.realpath(tempfile.gettempdir()), "gantry-differential-%d" % os.getpid())
            shutil.rmtree(directory, ignore_errors=True)
            shutil.copytree(os.path.join(PROGRAMS, "shared"), directory)
            try:
                case = Case(name, directory)
                if not case.since <= sys.version_info[:2] < case.before or other == "armed" and sys.version_info[:2] == case.unarmed:
                    self.skipTest("not for this Python")
                results.append(getattr(case, way)())
            finally:
                shutil.rmtree(directory, ignore_errors=True)
        plain, debugged = results
        _plain[name] = plain
        for at, what in ((1, "stdout"), (2, "stderr")):
            self.assertEqual(_normal(plain[at]), _normal(debugged[at]), what)
        self.assertEqual(plain[0], debugged[0])
        self.assertTrue(plain[1] or plain[2] or plain[0], "the program shows nothing")


def _add_tests():
    for name in sorted(os.listdir(PROGRAMS)):
        if name.endswith(".py"):
            for prefix, way in (("test_", "under_agent"), ("test_armed_", "armed")):
                def test(self, name=name[:-3], way=way):
                    self.compare(name, way)
                setattr(DifferentialTest, prefix + name[:-3], test)


_add_tests()

if __name__ == "__main__":
    unittest.main()
