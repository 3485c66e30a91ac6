#!/usr/bin/env python3
"""What the agent adds to the start of an interpreter: the time from its start to the first line of a program, and its processor time.

    benchmarks/agent_start.py [--runs N] [--json FILE] PYTHON...

    benchmarks/agent_start.py /usr/bin/python3 ~/.pyenv/versions/3.13.0/bin/python3

Plain runs and runs under the agent take turns; the requests are sent before the agent asks for them, as the adapter does. Printed are the
smallest and the median of each, in milliseconds. Linux; standard library only.
"""
import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "adapter", "src", "test", "python"), os.path.join(HERE, "..", "adapter", "src", "main", "python")]
import harness  # noqa: E402  the tests' own: how the agent is started

PROGRAM = "import os, time\nos.write(1, b'%d %d' % (time.monotonic_ns(), time.process_time_ns()))\nos._exit(0)\n"


def frame(seq, command, **arguments):
    body = json.dumps({"type": "request", "seq": seq, "command": command, "arguments": arguments}).encode()
    return len(body).to_bytes(4, "big") + body


def plain(python, path):
    return start([python, "-u", path])


def debugged(python, path):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(frame(1, "configure", justMyCode=True) + frame(2, "setExceptionBreakpoints", filters=["uncaught"]) + frame(3, "run"))
        return start([python, "-u", "-c", harness.BOOT, harness.unpacked(), str(theirs.fileno()), "program", path], theirs.fileno())


def start(command, *descriptors):
    """(milliseconds to the first line, of processor time until then)."""
    begin = time.monotonic_ns()
    done = subprocess.run(command, stdout=subprocess.PIPE, pass_fds=descriptors, check=True)
    reached, spent = done.stdout.split()
    return (int(reached) - begin) / 1e6, int(spent) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="runs each way (default 40)")
    parser.add_argument("--json", help="a file for the medians that the agent adds")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    options = parser.parse_args()
    figures = {}
    print("%-44s%24s%24s" % ("", "to the first line", "processor time"))
    print("%-44s" % "" + "%12s%12s" % ("least", "median") * 2)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "program.py")
        with open(path, "w", encoding="ascii") as file:
            file.write(PROGRAM)
        for python in options.pythons:
            ways = {"plain": plain, "debugged": debugged}
            values = {name: [] for name in ways}
            for turn in range(options.runs + 2):
                for name, way in ways.items():
                    value = way(python, path)
                    values[name] += [value] if turn > 1 else []
            cells = {name: [f(column) for column in zip(*rows) for f in (min, statistics.median)] for name, rows in values.items()}
            cells["added"] = [ours - theirs for ours, theirs in zip(cells["debugged"], cells["plain"])]
            figures[python] = {"to the first line": cells["added"][1], "processor time": cells["added"][3]}
            for name, row in cells.items():
                print("%-44s" % ("%s %s" % (python, name)) + "".join("%12.1f" % value for value in row))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file)


if __name__ == "__main__":
    main()
