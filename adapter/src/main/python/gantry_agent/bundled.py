"""The start where a bundle is there: the code of this file is its first section. In the namespace of boot.py; main thread."""
import marshal
import sys


def start(directory, bundle):
    """(function that runs the agent, its arguments), as private.begin; `bundle` is open behind the first section, read to its end later."""
    module = type(sys)("gantry_agent.private")
    stamp = directory.replace("\\", "/").rstrip("/").rpartition("/")[2].encode() + b"\n"
    code = table = None
    try:
        head = bundle.read(len(stamp) + 16)
        if head.startswith(stamp):
            size = int(head[-8:])
            data = bundle.read(size)
            table = memoryview(data)[int(head[-16:-8]):]
            code = marshal.loads(data) if len(data) == size else None
    except Exception:
        code = None
    if code is None:
        bundle.close()
        with open(directory + "/first.py", "rb") as file:
            scope = {"__name__": "gantry_agent_first"}
            exec(compile(file.read(), "<gantry_agent>/first.py", "exec"), scope)
        return scope["start"](directory, None)
    module.__dict__["__builtins__"] = dict(__import__("builtins").__dict__)
    exec(code, module.__dict__)
    return module.begin(module, directory, table, bundle)
