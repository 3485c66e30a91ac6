#!/usr/bin/env python3
"""Compares debug adapters side by side: how fast they start, run a program, carry its output, and what a silent client costs.

    benchmarks/compare.py [--python PATH] [--rounds N] [--only CASE,...] [--json FILE] NAME=COMMAND[@TYPE] ...

    benchmarks/compare.py gantry=./gantry 'debugpy=python3 -m debugpy.adapter@python'

Each COMMAND is started anew for every measurement and speaks the Debug Adapter Protocol over its standard streams; TYPE is the
`type` of its launch configurations (default: NAME). The adapters take turns (A B A B ...), so that whatever else the machine
does falls on all of them alike; a first, uncounted round warms the caches. Printed are the medians and how many times the
first adapter's each other's is; --json keeps every value. Linux; standard library only.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time

DEADLINE = 120
python = sys.executable  # of the programs


class Failed(Exception):
    """This adapter cannot be measured in this case."""


class Adapter:
    """An adapter process and the client's end of its streams. One thread reads; waits have a deadline."""

    def __init__(self, command):
        self.command = command
        self.started = time.perf_counter()
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.seq = 0
        self.messages = []  # (time, message) of events and of requests to us, without output events of the program
        self.answers = {}  # request_seq -> (time, message)
        self.output_bytes = 0
        self.output = b""  # the first of it
        self.changed = threading.Condition()
        self.may_read = threading.Event()
        self.may_read.set()
        self.ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        stream = self.process.stdout
        while True:
            self.may_read.wait()
            length = None
            line = stream.readline()
            while line not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                line = stream.readline()
            body = stream.read(length) if length is not None else b""
            with self.changed:
                if not body:
                    self.ended = True
                else:
                    self._take(json.loads(body))
                self.changed.notify_all()
            if self.ended:
                return

    def _take(self, message):
        if message.get("event") == "output" and message["body"].get("category") == "stdout":
            output = message["body"]["output"].encode()
            self.output_bytes += len(output)
            if len(self.output) < 1 << 16:
                self.output += output
        elif message["type"] == "response":
            self.answers[message["request_seq"]] = time.perf_counter(), message
        else:
            self.messages.append((time.perf_counter(), message))

    def send(self, command, **arguments):
        self.seq += 1
        body = json.dumps({"seq": self.seq, "type": "request", "command": command, "arguments": arguments}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()
        return self.seq

    def wait_until(self, what, find):
        """What `find` gives, as soon as it gives something; (the time since the start in seconds, the message)."""
        deadline = time.perf_counter() + DEADLINE
        with self.changed:
            while True:
                found = find()
                if found is not None:
                    return found[0] - self.started, found[1]
                if self.ended:
                    raise Failed("ended before %s" % what)
                if not self.changed.wait(deadline - time.perf_counter()):
                    raise Failed("no %s within %d s" % (what, DEADLINE))

    def wait(self, what, is_it):
        """The first message that is it, but for answers."""
        seen = 0

        def find():
            nonlocal seen
            begin, seen = seen, len(self.messages)
            return next((entry for entry in self.messages[begin:] if is_it(entry[1])), None)
        return self.wait_until(what, find)

    def event(self, name):
        return self.wait("event %s" % name, lambda message: message.get("event") == name)[0]

    def answered(self, seq):
        """When a request was answered, and how; Failed if it was refused."""
        when, message = self.wait_until("answer %d" % seq, lambda: self.answers.get(seq))
        if not message["success"]:
            raise Failed("%s: %s" % (message["command"], message.get("message")))
        return when, message

    def answer(self, seq):
        return self.answered(seq)[0]

    def initialize(self, kind):
        return self.answer(self.send("initialize", clientID="compare", adapterID=kind, pathFormat="path",
                                     linesStartAt1=True, columnsStartAt1=True))

    def body(self, command, **arguments):
        """Sends a request, and waits for the body of its answer."""
        return self.answered(self.send(command, **arguments))[1].get("body") or {}

    def launch(self, kind, program, configure=None):
        """Everything until the program runs or will run on its own; debugged if there is something to configure."""
        self.initialize(kind)
        launch = self.send("launch", type=kind, request="launch", name="compare", program=program,
                           python=[python], console="internalConsole", justMyCode=False,
                           subProcess=False, noDebug=configure is None)

        def find():
            initialized = (entry for entry in self.messages if entry[1].get("event") == "initialized")
            return next(initialized, self.answers.get(launch))
        _, first = self.wait_until("answer to launch", find)
        if first["type"] == "event":  # debugpy skips the configuration of what it does not debug
            if configure is not None:
                configure(self)
            self.answer(self.send("configurationDone"))
        self.answer(launch)

    def resident(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) * 1024

    def close(self):
        self.may_read.set()
        try:
            self.send("disconnect", terminateDebuggee=True)
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def initialize(adapter, kind, directory):
    """From the start of the process to its answer to initialize."""
    return adapter.initialize(kind) * 1e3


def run(adapter, kind, directory):
    """From the start of the process to the exited event of an empty Python program."""
    adapter.launch(kind, program(directory, "empty", "pass\n"))
    return adapter.event("exited") * 1e3


def output_rate(adapter, kind, path, total):
    begin = time.perf_counter()
    adapter.launch(kind, path)
    adapter.event("terminated")
    with adapter.changed:
        adapter.changed.wait_for(lambda: adapter.output_bytes >= total, 5)
    if adapter.output_bytes != total:
        raise Failed("%d bytes of output came, not %d" % (adapter.output_bytes, total))
    return total / (time.perf_counter() - begin)


def bulk(adapter, kind, directory):
    """100 MB written in pieces of 64 KiB, until all of it has reached the client."""
    path = program(directory, "bulk", """import os
piece = b"0123456789abcde\\n" * 4096
for _ in range(1526):
    view = memoryview(piece)
    while view:
        view = view[os.write(1, view):]
""")
    return output_rate(adapter, kind, path, 1526 * 65536) / 1e6


def lines(adapter, kind, directory):
    """300,000 calls of print, until all of it has reached the client."""
    path = program(directory, "lines", "for i in range(100_000, 400_000): print('line of output number', i)\n")
    size = len("line of output number 100000\n")
    return output_rate(adapter, kind, path, 300_000 * size) / size / 1e3


def silent(adapter, kind, directory):
    """The program writes without end, the client reads nothing for 8 s: how much the adapter grows."""
    path = program(directory, "endless", """import os
piece = b"0123456789abcde\\n" * 4096
while True:
    os.write(1, piece)
""")
    adapter.launch(kind, path)
    with adapter.changed:
        if not adapter.changed.wait_for(lambda: adapter.output_bytes > 1 << 20, DEADLINE):
            raise Failed("no output")
    adapter.may_read.clear()
    before = adapter.resident()
    time.sleep(8)
    return max(0, adapter.resident() - before) / 2**20


CASES = {"initialize": (initialize, "ms"), "run": (run, "ms"), "bulk": (bulk, "MB/s"), "lines": (lines, "klines/s"),
         "silent": (silent, "MiB")}


def program(directory, name, text):
    path = os.path.join(directory, name + ".py")
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def measure(case, command, kind, directory):
    adapter = Adapter(command)
    try:
        return case(adapter, kind, directory)
    finally:
        adapter.close()


def compare(case, adapters, rounds, directory):
    """name -> values, and name -> why it failed."""
    values = {name: [] for name in adapters}
    failures = {}
    for round_number in range(rounds + 1):
        for name, (command, kind) in adapters.items():
            if name not in failures:
                try:
                    value = measure(case, command, kind, directory)
                except (Failed, OSError) as failure:
                    failures[name] = str(failure)
                else:
                    values[name] += [value] if round_number else []
    return values, failures


def cell(values, failed, first):
    if failed:
        return "failed"
    median = statistics.median(values)
    return ("%.1f" if median >= 10 else "%.2f") % median + (" (%.2fx)" % (median / first) if first else "")


def parsed(argument):
    name, _, rest = argument.partition("=")
    command, _, kind = rest.partition("@")
    if not name or not command:
        sys.exit("not NAME=COMMAND[@TYPE]: %s" % argument)
    return name, (command, kind or name)


def main(description, cases):
    """Measures what the command line says."""
    global python
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="measurements of each adapter in each case (default 9)")
    parser.add_argument("--only", default=",".join(cases), help="cases, separated by commas (default all: %(default)s)")
    parser.add_argument("--json", help="a file for all values")
    parser.add_argument("--python", default=python, help="the interpreter of the programs (default: this)")
    parser.add_argument("adapters", nargs="+", metavar="NAME=COMMAND[@TYPE]")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(cases)
    if unknown:
        sys.exit("no such case: %s; there are %s" % (", ".join(sorted(unknown)), ", ".join(cases)))
    python = options.python
    if os.sep not in python:
        sys.exit("--python needs the path of an interpreter, not %r" % python)
    adapters = dict(map(parsed, options.adapters))
    print("%-22s" % "" + "".join("%22s" % name for name in adapters))
    kept = {}
    with tempfile.TemporaryDirectory() as directory:
        for name in options.only.split(","):
            case, unit = cases[name]
            values, failures = compare(case, adapters, options.rounds, directory)
            first = None
            row = "%-22s" % ("%s, %s" % (name, unit))
            for adapter in adapters:
                row += "%22s" % cell(values[adapter], adapter in failures, first)
                if first is None and adapter not in failures:
                    first = statistics.median(values[adapter])
            print(row, flush=True)
            for adapter, why in failures.items():
                print("    %s: %s" % (adapter, why))
            kept[name] = {"unit": unit, "values": values, "failures": failures}
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)


if __name__ == "__main__":
    main(__doc__, CASES)
