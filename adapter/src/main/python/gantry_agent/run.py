"""(stand-in of F's part) Runs the target as __main__."""
import os
import sys

from gantry_agent import core


def run(kind, target, argv):
    main = type(sys)("__main__")
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    if kind == "code":
        sys.argv[:] = ["-c"] + list(argv)
        code = compile(target, "<string>", "exec", dont_inherit=True)
    elif kind == "module":
        sys.modules.pop("__main__")
        import runpy
        runpy.run_module(target, run_name="__main__", alter_sys=True)
        return
    else:
        sys.argv[:] = [target] + list(argv)
        sys.path[0] = os.path.dirname(target)
        main.__file__ = target
        with open(target, "rb") as file:
            code = compile(file.read(), target, "exec", dont_inherit=True)
    try:
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        core.agent.main_uncaught(error)
        raise
