#!/usr/bin/env python3
"""Measures everything that docs/performance.md tells of, beside the peers that are installed here, and prints it as Markdown.

    benchmarks/table.py [--rounds N] [--only PART,...] [--python PATH] [--also NAME=COMMAND] > table.md

Parts: session (start, stops, output, memory: the checkout's adapter, its package with its own runtime if build/package.sh has made one,
debugpy, and a C program that does the least), slower (what the debugger costs a program), start (what the agent adds to an interpreter's
start), transport (beside other libraries) and framing (beside lsp4j). What is measured is told on standard error as it comes; each part can be
had by a command of its own, which is named above its table. With ten rounds, the default, all of it takes an hour and a half; nothing else
should run meanwhile. Linux; standard library only; builds what it needs.
"""
import argparse
import datetime
import glob
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

import transport

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
PACKAGED = os.path.join(HOME, "target", "package", "extension", "server", "bin", "gantry")
SESSION = {"compare.py": ["initialize", "run"], "debugging.py": ["first_stop", "step", "inspect", "expand_list", "conditional", "memory"]}
OUTPUT = ["bulk", "lines"]
SLOWER = ["calls", "lines", "raises", "calls_uncaught", "lines_uncaught", "raises_uncaught", "long_function", "long_literal"]
MEANINGS = {
    "initialize": "start to the answer to `initialize`", "run": "an empty program, run to its end", "first_stop": "start to the first stop",
    "step": "one step", "inspect": "what an editor asks at a stop", "expand_list": "100 elements of a list of 100,000",
    "conditional": "a condition that does not hold", "memory": "memory at the first stop", "bulk": "100 MB of output", "lines": "lines of `print`",
    "silent": "growth with a client that reads nothing"}
SILENT_ROUNDS = 3  # of 8 s each


class Failed(Exception):
    """A part that cannot be measured."""


def note(text):
    print(text, file=sys.stderr, flush=True)


def run(script, *arguments):
    """What a script of this directory has written with --json."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, os.path.join(HERE, script), "--json", file.name, *arguments]
        note("\n$ benchmarks/%s %s" % (script, shlex.join(arguments)))
        if subprocess.run(command, stdout=sys.stderr).returncode:
            raise Failed(shlex.join(command[1:]))
        with open(file.name, encoding="utf-8") as stream:
            return json.load(stream)


def answer(*command):
    """The output of a command, or None where it cannot be had."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def runtime(gantry):
    """The Java that an adapter runs with, as its own doctor says."""
    for line in (answer(*shlex.split(gantry), "doctor") or "").splitlines():
        if line.strip().startswith("runtime"):
            return "JDK " + line.split(None, 1)[1].split(",")[0]
    return "an unknown Java"


def pythons():
    """The interpreters that are found and can be debugged: the system's, those of the PATH, those of pyenv."""
    found = {}
    places = ["/usr/bin/python3"] + [os.path.join(place, "python3") for place in os.environ.get("PATH", "").split(os.pathsep)]
    places += glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python3"))
    for path in places:
        version = answer(path, "-c", "import sys; print(*sys.version_info[:3], sys.implementation.name)") if os.path.exists(path) else None
        if version and version.endswith("cpython"):
            numbers = tuple(map(int, version.split()[:3]))
            real = os.path.realpath(answer(path, "-c", "import sys; print(sys.executable)") or path)
            if numbers >= (3, 8) and real not in found.values():
                found.setdefault((numbers, real), real)
    return [path for _, path in sorted(found.items())]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as stream:
        model = next((line.split(":", 1)[1].strip() for line in stream if line.startswith("model name")), platform.machine())
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") if hasattr(platform, "freedesktop_os_release") else ""
    return "%d processors of %s, Linux %s, %s" % (os.cpu_count(), model, platform.release(), system)


def table(title, heads, rows, command):
    print("\n## %s\n\n`%s`\n" % (title, command))
    print("| | %s |\n|---|%s" % (" | ".join(heads), "---|" * len(heads)))
    for row in rows:
        print("| %s |" % " | ".join(row))
    sys.stdout.flush()


def number(value):
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 10 else "%.2f" % value


def cell(values, first=None, failed=False):
    if failed:
        return "failed"
    if not values:
        return ""
    median = statistics.median(values)
    return number(median) + (" (%.2f)" % (median / statistics.median(first)) if first else "")


class Adapters:
    """The adapters that are measured, by the head of their column."""

    def __init__(self, options):
        self.commands = {}
        if options.debugpy:
            self.commands["debugpy"] = "debugpy=%s -m debugpy.adapter@python" % options.debugpy
        gantry = shlex.quote(os.path.join(HOME, "gantry"))
        self.add("Gantry, " + runtime(gantry), gantry)
        if os.access(PACKAGED, os.X_OK):
            packaged = shlex.quote(PACKAGED)
            self.add("Gantry, its package, " + runtime(packaged), packaged)
        for also in options.also:
            name, _, command = also.partition("=")
            if not name or not command:
                sys.exit("not NAME=COMMAND: --also %s" % also)
            self.add(name, command)
        self.limit = None

    def add(self, name, command):
        self.commands[name] = "%s=%s dap@gantry" % (name, command)

    def with_limit(self, directory):
        compiler = shutil.which("cc")
        if compiler:
            self.limit = os.path.join(directory, "adapter_limit")
            subprocess.run([compiler, "-O2", "-o", self.limit, os.path.join(HERE, "adapter_limit.c")], check=True)


def session(options, adapters):
    shown = {}
    least = ["the least=%s@gantry" % shlex.quote(adapters.limit)] if adapters.limit else []
    ours = list(adapters.commands.values())
    with_python = ["--python", options.python]
    for script, cases in SESSION.items():
        for case in cases:
            known = least if case == "run" else []
            shown.update(run(script, "--rounds", str(options.rounds), "--only", case, *with_python, *ours, *known))
    shown.update(run("compare.py", "--rounds", str(options.rounds), "--only", ",".join(OUTPUT), *with_python, *ours, *least))
    silent = [command for name, command in adapters.commands.items() if name != "debugpy"]
    shown.update(run("compare.py", "--rounds", str(min(options.rounds, SILENT_ROUNDS)), "--only", "silent", *with_python, *silent))
    heads = list(adapters.commands) + (["the least"] if least else [])
    rows = []
    for case, figures in shown.items():
        values = figures["values"]
        base = values.get("the least") if case in OUTPUT else values.get("debugpy")
        rows.append(["%s, %s" % (MEANINGS[case], figures["unit"])]
                    + [cell(values.get(head), base if base and head not in ("debugpy", "the least") else None, head in figures["failures"])
                       for head in heads])
    table("A session", heads, rows, "benchmarks/compare.py and benchmarks/debugging.py, with --python %s; in brackets the ratio to debugpy, of output to the least; the growth in at most 3 rounds"
          % options.python)


def slower(options, adapters):
    name, command = next((name, command) for name, command in adapters.commands.items() if name != "debugpy")
    found = options.pythons
    columns = [run("debugging.py", "--python", python, "--rounds", str(min(options.rounds, 3)), "--only",
                   ",".join("slower_" + case for case in SLOWER), command) for python in found]
    rows = [[case.replace("_", " ")] + [cell(column["slower_" + case]["values"][name]) for column in columns] for case in SLOWER]
    table("How many times slower a program is under the debugger (medians of at most 3 rounds, each the least of 7 runs each way)", [answer(python, "-c", "import sys; print(sys.version.split()[0])") for python in found],
          rows, "benchmarks/debugging.py --only slower_calls,...")


def start(options, adapters):
    figures = run("agent_start.py", *options.pythons)
    table("What the agent adds to the start of an interpreter, ms (medians of 40 starts)", ["to the first line", "processor time"],
          [[python, number(added["to the first line"]), number(added["processor time"])] for python, added in figures.items()], "benchmarks/agent_start.py")


def beside_libraries(options, adapters):
    figures = run("transport.py", "--rounds", str(options.rounds))
    peers = list(dict.fromkeys(peer for rows in figures.values() for peer in rows))
    rows = []
    for case, found in figures.items():
        for at, what in enumerate(("", ", processor, ms", ", memory, MiB")):
            if at and case in transport.TIMES_ONLY:
                continue
            columns = {peer: [row[at] for row in found[peer]] for peer in peers if found.get(peer)}
            base = columns.get("gantry")
            usable = base if base and statistics.median(base) else None
            rows.append([(case + what) if at else "%s, %s" % (case, transport.CASES[case])]
                        + [cell(columns.get(peer), usable if peer != "gantry" else None) for peer in peers])
    table("The transport", peers, rows, "benchmarks/transport.py; in brackets how many times Gantry's")


def framing(options, adapters):
    figures = run("framing.py")
    heads = [who + ", " + way for way in figures for who in ("Gantry", "lsp4j")]
    texts = list(next(iter(figures.values())))
    table("From bytes to output events, GB/s (the best of 7)", heads, [[text] + [number(figures[way][text][at]) for way in figures for at in (0, 1)] for text in texts],
          "benchmarks/framing.py")


PARTS = {"session": session, "slower": slower, "start": start, "transport": beside_libraries, "framing": framing}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="measurements of each (default 10)")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas (default all: %(default)s)")
    parser.add_argument("--python", help="the interpreter of the programs (default: /usr/bin/python3, or this)")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND", help="another build of Gantry")
    options = parser.parse_args()
    parts = options.only.split(",")
    if set(parts) - set(PARTS):
        sys.exit("no such part: %s; there are %s" % (", ".join(sorted(set(parts) - set(PARTS))), ", ".join(PARTS)))
    options.python = options.python or ("/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable)
    options.debugpy, version = transport.python_with("debugpy")
    options.pythons = pythons()
    if version is None:
        note("no Python with debugpy was found (Debian: python3-debugpy): it is left out")
    if not os.access(PACKAGED, os.X_OK):
        note("there is no package with its own runtime: build/package.sh all makes one")
    adapters = Adapters(options)
    print("# Performance, measured on %s\n" % datetime.date.today())
    print("**Machine:** %s. **Programs:** %s. %s**Command:** `%s`. Medians of %d rounds where nothing else is said; the peers take turns." % (
        machine(), answer(options.python, "--version"), "**debugpy:** %s. " % version if version else "",
        shlex.join(["benchmarks/table.py"] + sys.argv[1:]), options.rounds))
    with tempfile.TemporaryDirectory() as directory:
        adapters.with_limit(directory)
        for part in parts:
            try:
                PARTS[part](options, adapters)
            except Failed as failed:  # the others go on
                print("\n## %s\n\nfailed: `%s`" % (part, failed), flush=True)


if __name__ == "__main__":
    main()
