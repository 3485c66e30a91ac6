"""Runs test modules of the standard library, everything that they import instrumented on every line: MODE MODULE..."""
import importlib._bootstrap_external as external
import io
import json
import sys
import unittest
import warnings

import test_instrument

hits = [0]


def make_hook(code, line):
    def hook():
        hits[0] += 1
    return hook


def get_code(loader, name):
    path = loader.get_filename(name)
    return test_instrument.everywhere(compile(loader.get_data(path), path, "exec", dont_inherit=True), make_hook)


def run(name):
    module = __import__("test." + name, fromlist=["x"])
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(io.StringIO(), verbosity=0).run(suite)
    bad = [str(case) + text.strip().split("\n")[-1] for case, text in result.failures + result.errors]
    return [result.testsRun, sorted(bad), len(result.skipped)]


def main():
    warnings.simplefilter("ignore")
    if sys.argv[1] == "hooked":
        test_instrument.everywhere(compile("1", "first", "exec"), make_hook)  # loads what it needs
        external.SourceLoader.get_code = get_code
    results = {name: run(name) for name in sys.argv[2:]}
    results["hits"] = hits[0]
    json.dump(results, sys.__stdout__)


main()
