"""The start where no bundle fits: the first one of a Python version, and Pythons that are not debugged; main thread, any Python from 2.7."""
import sys


def start(directory, file):
    """(function that runs the agent, its arguments), as private.begin. `file` is this one, closed."""
    words = sys.argv
    if sys.version_info < (3, 8) or getattr(getattr(sys, "implementation", None), "name", "") != "cpython":
        scope = _run(directory, "old")
        return scope["run"], scope["channel"](words[2]), words[3], words[4:]
    module = type(sys)("gantry_agent.private")
    parts = _run(directory, "bundle")["make"](directory)
    module.__dict__["__builtins__"] = dict(__import__("builtins").__dict__)
    import marshal
    exec(marshal.loads(parts["private"]), module.__dict__)
    return module.begin(module, directory, parts)


def _run(directory, name):
    scope = {"__name__": "gantry_agent_" + name}
    with open("%s/%s.py" % (directory, name), "rb") as file:
        text = file.read()
    exec(compile(text, "<gantry_agent>/%s.py" % name, "exec"), scope)
    return scope
