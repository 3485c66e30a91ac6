#!/usr/bin/env python3
"""Compares how fast adapters debug Python, side by side: to the first stop, for a step, for what an editor asks at a stop, and
how much slower a program gets.

    benchmarks/debugging.py [--python PATH] [--rounds N] [--only CASE,...] [--json FILE] NAME=COMMAND[@TYPE] ...

    benchmarks/debugging.py --python /usr/bin/python3 gantry=./gantry 'debugpy=python3 -m debugpy.adapter@python'

Turns, medians and ratios are those of compare.py. The cases named slower_* are ratios to the same program without a debugger, in
processor time: the smallest of several runs each way in turn, since single runs vary by a third on a shared machine.
"""
import os
import statistics
import subprocess
import time

import compare
from compare import Failed

ALTERNATIONS = 7
STEPS = 200
LOOKS = 30
HITS = 200_000


def program(directory, name, text):
    """The path of a program, and the number of its line marked HERE."""
    path = compare.program(directory, name, text)
    return path, next((number for number, line in enumerate(text.splitlines(), 1) if "# HERE" in line), 0)


def debug(adapter, kind, path, line, condition=None, filters=()):
    def configure(client):
        breakpoint = {"line": line}
        if condition:
            breakpoint["condition"] = condition
        if line:
            client.answer(client.send("setBreakpoints", source={"path": path}, breakpoints=[breakpoint]))
        client.answer(client.send("setExceptionBreakpoints", filters=list(filters)))
    adapter.launch(kind, path, configure)


def stop(adapter, after=0):
    """The next stop: when, and its thread. `after`: how many messages to leave out."""
    when, message = adapter.wait("stop", lambda message: message.get("event") == "stopped"
                                 and message["seq"] > after)
    return when, message["body"]["threadId"], message["seq"]


def first_stop(adapter, kind, directory):
    """From the start of the process to the stop on the first line of a program."""
    path, line = program(directory, "first", "x = 1  # HERE\nprint(x)\n")
    debug(adapter, kind, path, line)
    return stop(adapter)[0] * 1e3


def step(adapter, kind, directory):
    """One step over a line until its stopped event: the median of 200."""
    path, line = program(directory, "steps", """def work(n):
    total = 0
    for i in range(n):
        total += i  # HERE
        total ^= i
        total -= 1
    return total
work(100000)
""")
    debug(adapter, kind, path, line)
    _, thread, seen = stop(adapter)
    adapter.answer(adapter.send("setBreakpoints", source={"path": path}, breakpoints=[]))
    times = []
    for _ in range(STEPS):
        with adapter.changed:
            adapter.messages.clear()
        begin = time.perf_counter() - adapter.started
        adapter.send("next", threadId=thread)
        when, thread, seen = stop(adapter, seen)
        times.append(when - begin)
    return statistics.median(times) * 1e3


def inspect(adapter, kind, directory):
    """What an editor asks at each stop: threads, 20 of 31 frames, the scopes of the first, its locals. The median of 30."""
    path, line = program(directory, "inspect", """def deep(n, **kw):
    if n:
        return deep(n - 1, **kw)
    numbers = list(range(1000)); text = "x" * 10000; table = {i: str(i) for i in range(1000)}
    class Thing: pass
    thing = Thing(); thing.a = 1; thing.b = [thing]
    return len(numbers)  # HERE
deep(30, alpha=1, beta=2)
""")
    debug(adapter, kind, path, line)
    _, thread, _ = stop(adapter)
    times = []
    for _ in range(LOOKS):
        begin = time.perf_counter()
        adapter.body("threads")
        locals_of(adapter, thread, 20)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e3


def locals_of(adapter, thread, levels):
    frames = adapter.body("stackTrace", threadId=thread, startFrame=0, levels=levels)["stackFrames"]
    scopes = adapter.body("scopes", frameId=frames[0]["id"])["scopes"]
    return adapter.body("variables", variablesReference=scopes[0]["variablesReference"])["variables"]


def expand_list(adapter, kind, directory):
    """Expanding a list of 100,000 numbers: its first 100, or whatever an adapter answers that does not page."""
    path, line = program(directory, "expand", "big = list(range(100000))\nprint(len(big))  # HERE\n")
    debug(adapter, kind, path, line)
    _, thread, _ = stop(adapter)
    big = next(row for row in locals_of(adapter, thread, 1) if row["name"] == "big")
    paging = {"filter": "indexed", "start": 0, "count": 100} if big.get("indexedVariables") else {}
    begin = time.perf_counter()
    adapter.body("variables", variablesReference=big["variablesReference"], **paging)
    return (time.perf_counter() - begin) * 1e3


def conditional(adapter, kind, directory):
    """A condition that does not hold, 200,000 times: microseconds for one."""
    path, line = program(directory, "conditional", """import time
def loop(n):
    total = 0
    for i in range(n):
        total += i  # HERE
    return total
begin = time.perf_counter()
loop(%d)
print("SPENT", time.perf_counter() - begin, flush=True)
""" % HITS)
    debug(adapter, kind, path, line, "i == -1")
    return spent(adapter) / HITS * 1e6


def spent(adapter):
    """What the program says that it has spent, in seconds."""
    adapter.event("terminated")
    return figure(adapter.output)


def figure(output):
    _, found, rest = output.partition(b"SPENT")
    if not found:
        raise Failed("the program printed no time")
    return float(rest.split()[0])


BUSY = """import time
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def lines(n):
    a = b = 0
    for i in range(n):
        a += i
        b ^= a
        if b & 1:
            a -= 1
    return b
def raises(n):
    hits = 0
    for i in range(n):
        try:
            int("x")
        except ValueError:
            hits += 1
    return hits
def never():
    return 0  # HERE
begin = time.process_time()
%s
print("SPENT", time.process_time() - begin, flush=True)
"""

# A breakpoint at the end of a function whose lines before it are many, and run often.
LONG_FUNCTION = """import time
def long(n, never):
    a = 0
    for i in range(n):
%s
    if never:
        a = 0  # HERE
    return a
begin = time.process_time()
long(100, False)
print("SPENT", time.process_time() - begin, flush=True)
""" % "\n".join("        a += %d" % number for number in range(3000))

# A module with a statement of 10,000 lines and a breakpoint: all its processor time, the start and the compiling too.
LONG_LITERAL = """import time
table = {
%s
}
if not table:
    print()  # HERE
print("SPENT", time.process_time(), flush=True)
""" % "\n".join("    %d: len('x')," % number for number in range(10_000))


# The same with a list, one statement of 10,000 lines: the breakpoint in it, which is reached once, or behind it.
LIST_LITERAL = """import time
data = [
%s
]
if not data:
    print()  # HERE
print("SPENT", time.process_time(), flush=True)
"""
CALLS, CONSTANTS = ["    len('x'),"] * 10_000, ["    %d," % number for number in range(10_000)]


def literal(lines, within):
    lines = list(lines)
    if within:
        lines[len(lines) // 2] += "  # HERE"
    text = LIST_LITERAL % "\n".join(lines)
    return text.replace("print()  # HERE", "print()") if within else text


def slower(name, text, filters=(), reached=False):
    """A case: how many times the time of the program alone it takes with a breakpoint that it does not reach, or reaches once."""
    def case(adapter, kind, directory):
        path, line = program(directory, name, text)
        plain = []
        debugged = []
        for turn in range(ALTERNATIONS):
            run = subprocess.run([compare.python, "-u", path], stdout=subprocess.PIPE, check=True)
            plain.append(figure(run.stdout))
            client = compare.Adapter(adapter.command)
            try:
                debug(client, kind, path, line, filters=filters)
                if reached:
                    client.send("continue", threadId=stop(client)[1])
                debugged.append(spent(client))
            finally:
                client.close()
        return min(debugged) / min(plain)
    case.__doc__ = name
    return case


def memory(adapter, kind, directory):
    """Resident memory of the adapter's process at the first stop."""
    first_stop(adapter, kind, directory)
    return adapter.resident() / 2**20


CASES = {
    "first_stop": (first_stop, "ms"),
    "step": (step, "ms"),
    "inspect": (inspect, "ms"),
    "expand_list": (expand_list, "ms"),
    "conditional": (conditional, "us"),
    "slower_calls": (slower("calls", BUSY % "fib(25)"), "x plain"),
    "slower_lines": (slower("lines", BUSY % "lines(1500000)"), "x plain"),
    "slower_raises": (slower("raises", BUSY % "raises(200000)"), "x plain"),
    "slower_calls_uncaught": (slower("calls_u", BUSY % "fib(25)", ["uncaught"]), "x plain"),
    "slower_lines_uncaught": (slower("lines_u", BUSY % "lines(1500000)", ["uncaught"]), "x plain"),
    "slower_raises_uncaught": (slower("raises_u", BUSY % "raises(200000)", ["uncaught"]), "x plain"),
    "slower_long_function": (slower("long_function", LONG_FUNCTION), "x plain"),
    "slower_long_literal": (slower("long_literal", LONG_LITERAL), "x plain"),
    "slower_list_within": (slower("list_within", literal(CALLS, True), reached=True), "x plain"),
    "slower_list_behind": (slower("list_behind", literal(CALLS, False)), "x plain"),
    "slower_constants_within": (slower("constants_within", literal(CONSTANTS, True), reached=True), "x plain"),
    "slower_constants_behind": (slower("constants_behind", literal(CONSTANTS, False)), "x plain"),
    "memory": (memory, "MiB"),
}


if __name__ == "__main__":
    compare.main(__doc__, CASES)
