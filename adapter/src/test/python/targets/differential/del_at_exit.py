import sys
class A:
    def __init__(self, name):
        self.name = name
    def __del__(self, write=sys.stdout.write):
        write("del %s %s\n" % (self.name, "__file__" in globals() if globals() else None))
a = A("global")
b = A("in a cycle")
b.b = b
def f():
    c = A("in a frame")
    raise ValueError("f")
f()
