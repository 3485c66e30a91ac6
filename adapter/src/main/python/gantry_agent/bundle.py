"""Compiles the agent's sources at the first start of a Python version and keeps the result beside them; runs on the main thread.

A bundle is the length of the next as 4 digits and the marshalled code of bundled.py, which takes in the others: a line with the name
of its directory (the hash of the sources), the ends of the next two as 8 digits each (counted from behind these), the marshalled code
of private.py, a marshalled ({module name: (start, end)}, {module name: code}) and the marshalled code of the first's modules. The
second's are those that each start needs: as one object they are taken in faster. The first's are read when the start is over.
"""
import marshal
import os
import sys

_ALONE = ("boot.py", "bundled.py", "first.py", "old.py")
_EARLY = ["again", "breakpoints", "catalog", "commands", "core", "ending", "engine", "files", "filters", "fork", "functions", "hook", "library",
          "locks", "maincode", "matching", "paths", "requests", "run", "settings", "stepping", "stops", "threads", "waiting", "wire"]
if sys.version_info >= (3, 12):
    _EARLY += ["arming", "engine_monitoring", "monitoring_callbacks", "placing", "watch_monitoring"]
else:
    _EARLY += ["engine_trace", "events", "kept", "thread_hooks", "trace_functions", "tracing"]
if sys.version_info[:2] == (3, 11):
    _EARLY += ["copies", "engine_instrument", "loaders", "objects"]


def make(directory):
    """{module name: marshalled code} of all sources; written to the bundle file where that is possible."""
    parts = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".py") or name in _ALONE:
            continue
        parts[name[:-3]] = _compiled(directory, name)
    stamp = os.path.basename(os.path.normpath(directory))
    if stamp != "gantry_agent":
        _write(directory, stamp, parts)
    return parts


def _compiled(directory, name):
    with open(os.path.join(directory, name), "rb") as file:
        return marshal.dumps(compile(file.read(), "<gantry_agent/%s>" % name, "exec", dont_inherit=True, optimize=2))


def _write(directory, stamp, parts):
    target = os.path.join(directory, "bundle-%s.bin" % sys.implementation.cache_tag)
    early = {name: marshal.loads(parts[name]) for name in _EARLY}
    others = {name: data for name, data in parts.items() if name not in early and name != "private"}
    places, end = {}, 0
    for name, data in others.items():
        places[name] = (end, end + len(data))
        end += len(data)
    start = _compiled(directory, "bundled.py")
    first, table = parts["private"], marshal.dumps((places, early))
    ends = b"%08d%08d" % (len(first), len(first) + len(table))
    keep(target, b"%04d" % len(start) + start + stamp.encode() + b"\n" + ends + first + table + b"".join(others.values()))


def keep(path, data):
    """Writes a file, whole or not at all; nothing where that is not possible. Also for kept.py."""
    fresh = "%s.%d" % (path, os.getpid())
    try:
        with open(fresh, "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except (OSError, UnicodeError):
        try:
            os.unlink(fresh)
        except OSError:
            pass
