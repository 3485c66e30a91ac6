"""Compiles the agent's sources at the first start of a Python version and keeps the result beside them; runs on the main thread.

A bundle is a line with the name of its directory (the hash of the sources), the ends of the next two as 8 digits each, the
marshalled code of private.py, a marshalled {module name: (start, end)} and the marshalled code of these modules.
"""
import marshal
import os
import sys

_ALONE = ("boot.py", "first.py", "bundle.py", "old.py")


def make(directory):
    """{module name: marshalled code} of all sources; written to the bundle file where that is possible."""
    parts = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".py") or name in _ALONE:
            continue
        with open(os.path.join(directory, name), "rb") as file:
            code = compile(file.read(), "<gantry_agent/%s>" % name, "exec", dont_inherit=True, optimize=2)
        parts[name[:-3]] = marshal.dumps(code)
    stamp = os.path.basename(os.path.normpath(directory))
    if stamp != "gantry_agent":
        _write(directory, stamp, parts)
    return parts


def _write(directory, stamp, parts):
    target = os.path.join(directory, "bundle-%s.bin" % sys.implementation.cache_tag)
    fresh = "%s.%d" % (target, os.getpid())
    places, end = {}, 0
    for name, data in parts.items():
        places[name] = (end, end + len(data))
        end += len(data)
    first, table = parts["private"], marshal.dumps(places)
    ends = b"%08d%08d" % (16 + len(first), 16 + len(first) + len(table))
    try:
        with open(fresh, "wb") as file:
            file.write(stamp.encode() + b"\n" + ends + first + table + b"".join(parts.values()))
        os.replace(fresh, target)
    except (OSError, UnicodeError):
        try:
            os.unlink(fresh)
        except OSError:
            pass
