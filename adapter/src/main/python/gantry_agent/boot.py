"""First code of the agent in the target, run on the main thread in the namespace of `python -c`, by any Python from 2.7.

sys.argv is ['-c', AGENTDIR, CHANNEL, KIND, TARGET, args...]. This text is compiled at each start: it does only what is needed
where a bundle is there. first.py does the rest.
"""
import sys

try:
    f.close()  # opened by `python -c`: left to itself it would be a ResourceWarning
except NameError:
    pass


def _start(directory):
    module = type(sys)("gantry_agent.private")
    try:
        with open("%s/bundle-%s.bin" % (directory, sys.implementation.cache_tag), "rb") as file:
            data = file.read()
        stamp = directory.replace("\\", "/").rstrip("/").rpartition("/")[2].encode() + b"\n"
        import marshal
        code = marshal.loads(memoryview(data)[len(stamp) + 16:]) if data.startswith(stamp) else None
    except Exception:
        code = None
    if code is None:
        with open(directory + "/first.py", "rb") as file:
            text = file.read()
        scope = {"__name__": "gantry_agent_first"}
        exec(compile(text, "<gantry_agent>/first.py", "exec"), scope)
        return scope["start"](module, directory)
    module.__dict__["__builtins__"] = dict(__import__("builtins").__dict__)
    exec(code, module.__dict__)
    return module.begin(module, directory, memoryview(data)[len(stamp):])


f = _start(sys.argv[1])
f[0](*f[1:])
