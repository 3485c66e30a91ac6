"""A call put into functions of the interpreter's own that run the code of modules (CPython 3.11). Main thread, before the target's code."""
from gantry_agent import kept


def hook(places, call, mend):
    """Calls call() in each (function, n) before its n-th line runs; a function without a variable `code` is another than is meant.
    `mend` as in instrument.py."""
    meant = [(function, index) for function, index in places if "code" in function.__code__.co_varnames]
    made = kept.codes("loaders-%d" % len(places), [function.__code__ for function, _ in meant], lambda number: _made(*meant[number]))
    for (function, _), code in zip(meant, made):
        function.__code__ = kept.filled(code, function.__code__, call, mend)


def _made(function, index):
    code = function.__code__
    lines = sorted({line for _, _, line in code.co_lines() if line})
    return kept.with_call(code, lines[index])
