#!/usr/bin/env python3
"""Adds up surefire's XML reports, and fails on a failure, on a skipped test that is not excused, and on no tests at all.

    test_report.py --excuses FILE [--repeated TITLE] TITLE=DIRECTORY...

A line of the excuses file is `class#method: reason`; `class#*` covers a whole class. Of a run that repeats the first one it is
said what of that was not run again. Standard library only.
"""
import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree as ET


def read_excuses(path):
    excuses = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            test, _, reason = line.partition(":")
            if not reason.strip():
                sys.exit(f"{path}: no reason given in: {line}")
            excuses[test.strip()] = reason.strip()
    return excuses


def read_cases(directory):
    """(test, outcome, message, seconds) for each test case of all reports in the directory."""
    for report in sorted(pathlib.Path(directory).glob("**/TEST-*.xml")):
        for case in ET.parse(report).getroot().iter("testcase"):
            test = f"{case.get('classname')}#{case.get('name')}"
            outcome, message = "passed", ""
            for tag in ("failure", "error", "skipped"):
                found = case.find(tag)
                if found is not None:
                    outcome, message = tag, found.get("message") or ""
            yield test, outcome, message, float(case.get("time", "0").replace(",", ""))


def excuse_for(test, excuses):
    name, _, method = test.partition("#")
    for key in (test, f"{name}#{method.split('(')[0].split('{')[0].split('[')[0]}", f"{name}#*"):
        if key in excuses:
            return excuses[key]
    return None


def report(title, directory, excuses):
    """Prints one run's totals; returns whether it is good."""
    cases = list(read_cases(directory))
    count = {kind: sum(1 for case in cases if case[1] == kind) for kind in ("passed", "failure", "error", "skipped")}
    good = bool(cases)
    print(f"{title}: {count['passed']} passed, {count['failure'] + count['error']} failed, "
          f"{count['skipped']} skipped, {sum(case[3] for case in cases):.0f} s")
    for test, outcome, message, _ in cases:
        first = message.splitlines()[0] if message else ""
        if outcome in ("failure", "error"):
            good = False
            print(f"  FAILED  {test}: {first}")
        elif outcome == "skipped":
            excuse = excuse_for(test, excuses)
            good = good and excuse is not None
            print(f"  {'skipped' if excuse else 'SKIPPED WITHOUT EXCUSE'}  {test}: {excuse or first}")
    if not cases:
        print(f"  NO TESTS found under {directory}")
    return good


def classes(directory):
    """{class: its test cases} of all reports in the directory, nested classes counted with their own."""
    found = collections.Counter()
    for test, outcome, _, _ in read_cases(directory):
        found[test.partition("#")[0].rpartition(".")[2].partition("$")[0]] += outcome != "skipped"
    return found


def report_left_out(title, first, again):
    """Prints which tests of the first run were not run again, by class."""
    left = [(name, count - again[name], again[name]) for name, count in sorted(first.items()) if count > again[name]]
    print(f"{title} leaves out, as CONTRIBUTING.md says: {sum(count for _, count, _ in left)} tests"
          f" ({', '.join(f'{name} {count}' + (f' of {count + ran}' if ran else '') for name, count, ran in left) or 'none'})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--excuses", type=pathlib.Path, required=True)
    parser.add_argument("--repeated", metavar="TITLE", default="")
    parser.add_argument("runs", nargs="+", metavar="TITLE=DIRECTORY")
    arguments = parser.parse_args()
    excuses = read_excuses(arguments.excuses)
    runs = [run.rpartition("=")[::2] for run in arguments.runs]
    results = []
    for title, directory in runs:
        results.append(report(title, directory, excuses))
        if title == arguments.repeated:
            report_left_out(title, classes(runs[0][1]), classes(directory))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
