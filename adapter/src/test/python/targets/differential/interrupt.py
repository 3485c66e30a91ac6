import atexit
atexit.register(print, "exit hook")
def f():
    raise KeyboardInterrupt("by hand")
f()
