"""First code of the agent in the target, run on the main thread in the namespace of `python -c`.

sys.argv is ['-c', AGENTDIR, FD, KIND, TARGET, args...]. Compiled at each start, so it is short; parsable by Python 2.7,
which old.py runs without debugging.
"""
import sys

try:
    f.close()  # opened by `python -c`: left to itself it would be a ResourceWarning
except NameError:
    pass


def _begin(directory, descriptor, kind, argv):
    sys.argv[:] = argv
    if sys.version_info < (3, 8) or getattr(getattr(sys, "implementation", None), "name", "") != "cpython":
        scope = {"__name__": "gantry_agent_old", "__builtins__": __builtins__}
        with open(directory + "/old.py", "rb") as source:
            text = source.read()
        exec(compile(text, directory + "/old.py", "exec"), scope)
        return scope["run"], (descriptor, kind, argv)
    stamp = directory.replace("\\", "/").rstrip("/").rpartition("/")[2].encode("utf-8", "surrogateescape")
    import marshal
    parts = None
    try:
        with open("%s/bundle-%s.bin" % (directory, sys.implementation.cache_tag), "rb") as file:
            data = file.read()
        if data.startswith(stamp + b"\n"):
            start = len(stamp) + 9
            view = memoryview(data)
            parts = marshal.loads(view[start:])
            start += int(data[start - 8:start])
            parts = {name: view[start + first:start + end] for name, (first, end) in parts.items()}
    except (OSError, ValueError, EOFError, TypeError):
        pass
    if parts is None:
        scope = {"__name__": "gantry_agent.bundle"}
        with open(directory + "/bundle.py", "rb") as source:
            exec(compile(source.read(), directory + "/bundle.py", "exec"), scope)
        parts = scope["make"](directory, stamp)
    module = type(sys)("gantry_agent.private")
    module.__dict__["__builtins__"] = dict(__import__("builtins").__dict__)
    exec(marshal.loads(parts["private"]), module.__dict__)
    return module.begin(module, directory, parts), (descriptor, kind, argv)


def _start():
    run, arguments = _begin(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
    run(*arguments)


_start()
