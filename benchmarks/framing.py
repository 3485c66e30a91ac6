#!/usr/bin/env python3
"""How fast a program's bytes become output events: the adapter's encoder beside lsp4j's, in one JVM.

    benchmarks/framing.py [--java JAVA] [--json FILE]

In GB/s of the program's bytes, the best of seven rounds each. Once as the adapter runs (C1 only, which starts sooner), once with all of
the JVM's compilers. Builds what it needs; Linux and Windows.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
WAYS = {"as the adapter runs (C1)": ["-XX:TieredStopAtLevel=1"], "with C2": []}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default="java", help="the JVM (default: java, from the PATH)")
    parser.add_argument("--json", help="a file for all figures")
    options = parser.parse_args()
    figures = {}
    subprocess.run(["mvn", "-q", "-Pfast", "-pl", "adapter", "-am", "package"], cwd=HOME, check=True, stdout=sys.stderr)
    jar = os.path.join(HOME, "adapter", "target", "gantry.jar")
    with tempfile.TemporaryDirectory() as classes:
        subprocess.run(["javac", "-nowarn", "-cp", jar, "-d", classes, os.path.join(HERE, "framing", "Framing.java")], check=True)
        for way, flags in WAYS.items():
            done = subprocess.run([options.java] + flags + ["-XX:+UseSerialGC", "-cp", classes + os.pathsep + jar, "dev.gantry.adapter.dap.Framing"],
                                  stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
            print("%-34s%10s%10s%8s" % (way, "gantry", "lsp4j", "times"))
            for line in done.stdout.splitlines():
                name, ours, theirs = line.split("\t")
                figures.setdefault(way, {})[name] = float(ours), float(theirs)
                print("  %-32s%10s%10s%8.1f" % (name, ours, theirs, float(ours) / float(theirs)))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file)


if __name__ == "__main__":
    main()
