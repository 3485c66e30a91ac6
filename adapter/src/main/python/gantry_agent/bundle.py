"""Compiles the agent's sources at the first start of a Python version and keeps the result beside them; runs on the main thread."""
import marshal
import os
import sys


def make(directory, stamp):
    """{module name: marshalled code} of all sources; written to the bundle file where that is possible."""
    parts = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".py") or name in ("boot.py", "bundle.py", "old.py"):
            continue
        with open(os.path.join(directory, name), "rb") as file:
            code = compile(file.read(), "<gantry_agent/%s>" % name, "exec", dont_inherit=True, optimize=2)
        parts[name[:-3]] = marshal.dumps(code)
    if os.path.basename(os.path.normpath(directory)) != "gantry_agent":
        _write(directory, stamp, parts)
    return parts


def _write(directory, stamp, parts):
    target = os.path.join(directory, "bundle-%s.bin" % sys.implementation.cache_tag)
    fresh = "%s.%d" % (target, os.getpid())
    places, end = {}, 0
    for name, data in parts.items():
        places[name] = (end, end + len(data))
        end += len(data)
    places = marshal.dumps(places)
    try:
        with open(fresh, "wb") as file:
            file.write(stamp + b"\n%08d" % len(places) + places + b"".join(parts.values()))
        os.replace(fresh, target)
    except OSError:
        try:
            os.unlink(fresh)
        except OSError:
            pass
