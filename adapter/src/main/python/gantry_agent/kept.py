"""Functions of the library with a call put into them (CPython 3.8 to 3.11): their code is made once and kept beside the bundle.

To make it at each start, and to load what makes it, took a fifth of the agent's start. Any thread; written only while the target has not
begun.
"""
import marshal

from gantry_agent import instrument, private
from gantry_agent.private import sys

_Code = type((lambda: 0).__code__)
_CALL, _MEND, _ROOM = "call", "mend", "room"  # stand in the kept code for what cannot be kept


def codes(name, originals, make):
    """For each of these code objects the one that is kept for it under this name, else make(its number), of constants that can be kept."""
    path = _path(name)
    kept, pairs, fresh = _read(path), [], False
    for number, original in enumerate(originals):
        made = next((made for one, made in kept if one == original and one.co_lnotab == original.co_lnotab), None)
        if made is None:
            made, fresh = make(number), True
        pairs.append((original, made))
    if fresh and path is not None and private.is_starting:
        try:
            private.part("bundle").keep(path, marshal.dumps(pairs))
        except Exception:
            pass  # it is made anew at the next start
    return [made.replace(co_filename=original.co_filename) for original, made in pairs]  # code of another file name is equal


def with_call(code, line):
    """3.11: the code with a place for a call before each event of that line; see filled."""
    made = instrument.instrument(code, {line: _CALL}, {}, _MEND)[0]
    return _replaced(made, len(code.co_consts), {RecursionError: _ROOM})


def filled(made, original, call, mend):
    """3.11: with_call(original), which calls call() there; `mend` as in instrument.py."""
    return _replaced(made, len(original.co_consts), {_CALL: call, _MEND: mend, _ROOM: RecursionError})


def _replaced(code, first, values):
    """With other constants for those that were added, which begin at `first`."""
    added = [values.get(constant, constant) for constant in code.co_consts[first:]]
    return code.replace(co_consts=code.co_consts[:first] + tuple(added))


def _path(name):
    """Where it is kept, for exactly this Python; None where the sources themselves are, whose text may change."""
    directory = private.directory()
    if directory.replace("\\", "/").rstrip("/").endswith("/gantry_agent"):
        return None
    return "%s/bundle-%s-%x.bin" % (directory, name, sys.hexversion)


def _read(path):
    try:
        with open(path, "rb") as file:
            return [(original, made) for original, made in marshal.loads(file.read()) if type(original) is type(made) is _Code]
    except Exception:
        return []  # not there, or only a part of it, or not to be kept: made again
