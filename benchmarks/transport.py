#!/usr/bin/env python3
"""Gantry's process transport beside other libraries that start processes, and beside the least that a C program needs.

    benchmarks/transport.py [--rounds N] [--only CASE,...] [--peers NAME,...] [--java JAVA] [--json FILE]

Cases: a program from its start to its end (spawnToExit), a round trip of 64 bytes through `cat` (echoRoundTrip), a gigabyte from and to a
program (bulkStdout, bulkStdin), and a thousand programs at once that are told 64 KiB each when all of them run (thousandChildren). Of the last
three the processor time and the memory of the measuring process are shown too (the peak less what it had before).

Each measurement has a process of its own, the peers take turns, and the medians are printed, with each one's ratio to Gantry's. Of the Java peers
JMH measures in a JVM that has gone through the case four times, or where it is short for ten seconds (not before the thousand). Needs Maven, a C
compiler, and for Twisted a Python that has it (Debian: python3-twisted); what is not there is left out and said. Linux.
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
MODULE = os.path.join(HERE, "transport", "target")
TIMES_ONLY = ("spawnToExit", "echoRoundTrip")  # nothing is told of the processor and of memory
CASES = {"spawnToExit": "us", "echoRoundTrip": "us", "bulkStdout": "ms", "bulkStdin": "ms", "thousandChildren": "ms"}
JAVA_PEERS = {"gantry": "gantry", "ProcessBuilder": "ProcessBuilder", "NuProcess-3.0.0": "NuProcess", "NuProcess-2.0.6": "NuProcess",
              "pty4j": "pty4j", "commons-exec": "commons-exec"}
UNABLE = {("pty4j", "bulkStdin"), ("pty4j", "echoRoundTrip"), ("pty4j", "thousandChildren"), ("commons-exec", "echoRoundTrip"),
          ("commons-exec", "thousandChildren")}
DEADLINE = 300


def build():
    """The module with JMH and the peers, and the C program; None where there is no compiler."""
    subprocess.run(["mvn", "-q", "-Pbenchmarks,fast", "-pl", "benchmarks/transport", "-am", "package"], cwd=HOME, check=True,
                   stdout=sys.stderr)
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    limit = os.path.join(MODULE, "transport_limit")
    subprocess.run([compiler, "-O2", "-o", limit, os.path.join(HERE, "transport_limit.c")], check=True)
    return limit


def class_path(name):
    jars = glob.glob(os.path.join(MODULE, "lib", "*.jar"))
    if name == "NuProcess-2.0.6":
        jars = [jar for jar in jars if "nuprocess" not in jar] + glob.glob(os.path.join(MODULE, "older", "*.jar"))
    own = glob.glob(os.path.join(MODULE, "gantry-benchmarks-transport-*.jar"))
    return os.pathsep.join(own + jars)


def by_java(java, name, case, directory):
    """(time, processor time in ms, memory in MiB) of one case in a JVM of its own."""
    result = os.path.join(directory, "result.json")
    if case in TIMES_ONLY:
        passes = ["-wi", "1", "-w", "10", "-i", "1", "-r", "2"]
    else:
        passes = ["-wi", "0" if case == "thousandChildren" else "4", "-i", "1", "-w", "1", "-r", "2"]
    command = [java, "-XX:-MaxFDLimit", "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-Djmh.ignoreLock=true",
               "-cp", class_path(name), "org.openjdk.jmh.Main", "TransportBenchmark." + case + "$", "-p", "peer=" + JAVA_PEERS[name],
               "-f", "0", "-rf", "json", "-rff", result, "-foe", "true"] + passes
    done = subprocess.run(["sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\"", "sh"] + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=DEADLINE, errors="replace")
    try:
        with open(result) as stream:
            run = json.load(stream)[0]
    except (OSError, ValueError, IndexError):
        raise RuntimeError(done.stdout[-400:])
    os.unlink(result)
    more = run.get("secondaryMetrics", {})
    return (run["primaryMetric"]["score"], *(more[key]["score"] if key in more else 0.0 for key in ("cpuMillis", "grownMib")))


def by_program(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=DEADLINE, check=True)
    return tuple(float(word) for word in done.stdout.split())


def python_with(module):
    """An interpreter that has a module, and the module's version; (None, None) where there is none."""
    for python in ("/usr/bin/python3", sys.executable):
        try:
            done = subprocess.run([python, "-c", "import %s as module; print(module.__version__)" % module], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        except OSError:
            continue
        if done.returncode == 0:
            return python, done.stdout.strip()
    return None, None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", default=",".join(CASES))
    parser.add_argument("--peers")
    parser.add_argument("--java", default="java")
    parser.add_argument("--json")
    options = parser.parse_args()
    limit, (python, _) = build(), python_with("twisted")
    peers = ["gantry", "C", "ProcessBuilder", "NuProcess-3.0.0", "NuProcess-2.0.6", "pty4j", "commons-exec", "Twisted"]
    if options.peers:
        peers = options.peers.split(",")
    for name, there, what in (("C", limit, "no C compiler"), ("Twisted", python, "no Python with Twisted")):
        if there is None and name in peers:
            peers.remove(name)
            print("%s is left out: %s" % (name, what))
    ways = {"C": lambda case, directory: by_program([limit, case]),
            "Twisted": lambda case, directory: by_program([python, os.path.join(HERE, "transport_twisted.py"), case])}
    values = {}
    print("%-20s" % "" + "".join("%24s" % peer for peer in peers))
    with tempfile.TemporaryDirectory() as directory:
        for case in options.only.split(","):
            rows, failed = {peer: [] for peer in peers}, {}
            for _ in range(options.rounds):
                for peer in peers:
                    if (peer, case) in UNABLE or peer in failed:
                        continue
                    try:
                        way = ways.get(peer) or (lambda case, directory: by_java(options.java, peer, case, directory))
                        rows[peer].append(way(case, directory))
                    except Exception as error:  # one peer that fails is no end of the comparison
                        failed[peer] = str(error)
            values[case] = rows
            show(case, peers, rows)
            for peer, why in failed.items():
                print("    %s: %s" % (peer, why.strip().replace("\n", "\n    ")))
    if options.json:
        with open(options.json, "w") as stream:
            json.dump(values, stream)


def show(case, peers, rows):
    """A line for the time, and where there are such ones for the processor's and for memory."""
    for at, title in enumerate(("%s, %s" % (case, CASES[case]), "  processor, ms", "  memory, MiB")):
        medians = {peer: statistics.median(row[at] for row in found) for peer, found in rows.items() if found}
        if at and case in TIMES_ONLY:
            return
        first = medians.get(peers[0])
        print("%-20s" % title + "".join("%24s" % cell(medians.get(peer), first) for peer in peers), flush=True)


def cell(value, first):
    if value is None:
        return "-"
    return "%.4g" % value if not first else "%.4g (%.2fx)" % (value, value / first)


if __name__ == "__main__":
    main()
