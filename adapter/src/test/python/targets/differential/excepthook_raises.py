import sys
def hook(kind, value, trace):
    raise TypeError("in the hook")
sys.excepthook = hook
def f():
    raise ValueError("first")
f()
