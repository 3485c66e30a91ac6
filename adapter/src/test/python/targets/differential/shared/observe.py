"""Prints what a program can see of its interpreter; called by the programs at their start and by an exit hook."""
import sys


def show(main=None):
    main = sys.modules["__main__"] if main is None else main
    print("argv", sys.argv)
    print("path", sys.path)
    print("flags", sys.flags)
    print("xoptions", sorted(sys._xoptions.items()), sys.warnoptions)
    print("orig_argv", getattr(sys, "orig_argv", None))
    print("main", [(name, shown(value)) for name, value in vars(main).items() if name.startswith("__")])
    print("same", main is sys.modules["__main__"], type(main.__builtins__).__name__)
    print("modules", sorted(sys.modules))
    print("cache", sorted(sys.path_importer_cache))
    print("meta", sys.meta_path, len(sys.path_hooks))
    print("hooks", sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__, sys.breakpointhook is sys.__breakpointhook__,
          sys.unraisablehook is sys.__unraisablehook__, sys.getprofile())
    print("last", [name for name in sorted(vars(sys)) if name.startswith("last_")], sys.exc_info())
    print("limits", sys.getrecursionlimit(), sys.getswitchinterval(), sys.dont_write_bytecode, sys.pycache_prefix)
    print("sys", sorted(name for name in vars(sys)))
    print("streams", sys.stdin.encoding, sys.stdout.encoding, sys.stderr.errors, sys.stdout.line_buffering, sys.stdout.write_through)


def shown(value):
    text = repr(value)
    at = text.find(" at 0x")
    return text if at < 0 else text[:at]
