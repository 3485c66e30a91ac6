"""A call put into functions of the interpreter's own that run the code of modules (CPython 3.11): made once, kept beside the bundle.

To write the bytecode at each start, and to load what writes it, took a fifth of the agent's start. Main thread, before the target's code.
"""
import marshal

from gantry_agent import instrument, private
from gantry_agent.private import sys

_Code = type((lambda: 0).__code__)
_CALL, _MEND, _ROOM = "call", "mend", "room"  # stand in the kept code for what cannot be kept


def hook(places, call, mend):
    """Calls call() in each (function, n) before its n-th line runs; a function without a variable `code` is another than is meant.
    `mend` as in instrument.py."""
    path = _path(len(places))
    kept, fresh = _read(path), []
    for function, index in places:
        code = function.__code__
        if "code" not in code.co_varnames:
            continue
        made = next((made for original, made in kept if original == code), None)
        if made is None:
            lines = sorted({line for _, _, line in code.co_lines() if line})
            made = instrument.instrument(code, {lines[index]: _CALL}, {}, _MEND)[0]
            made = _replaced(made, len(code.co_consts), {RecursionError: _ROOM})
            fresh.append((code, made))
        made = _replaced(made, len(code.co_consts), {_CALL: call, _MEND: mend, _ROOM: RecursionError})
        function.__code__ = made.replace(co_filename=code.co_filename)  # code of another file name is equal
    if fresh and path is not None:
        private.part("bundle").keep(path, marshal.dumps(fresh))


def _replaced(code, first, values):
    """With other constants for those that were added, which begin at `first`."""
    added = [values.get(constant, constant) for constant in code.co_consts[first:]]
    return code.replace(co_consts=code.co_consts[:first] + tuple(added))


def _path(number):
    """Where so many are kept, for exactly this Python; None where the sources themselves are, whose text may change."""
    directory = private.directory()
    if directory.replace("\\", "/").rstrip("/").endswith("/gantry_agent"):
        return None
    return "%s/bundle-loaders-%x-%d.bin" % (directory, sys.hexversion, number)


def _read(path):
    try:
        with open(path, "rb") as file:
            return [(original, made) for original, made in marshal.loads(file.read()) if type(original) is type(made) is _Code]
    except Exception:
        return []  # not there, or only a part of it, or not to be kept: made again
