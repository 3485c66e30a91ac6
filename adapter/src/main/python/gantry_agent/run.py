"""(stand-in of F's part) Runs the target as __main__."""
import os
import sys



def run(kind, target, argv, before, uncaught):
    """argv is sys.argv, its first item the target; `before` is called right before the target's first line, `uncaught` with what leaves it."""
    argv = argv[1:]
    main = type(sys)("__main__")
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    if kind == "code":
        sys.argv[:] = ["-c"] + list(argv)
        code = compile(target, "<string>", "exec", dont_inherit=True)
    elif kind == "module":
        sys.modules.pop("__main__")
        before()
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
        before()
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        uncaught(error)
        raise
