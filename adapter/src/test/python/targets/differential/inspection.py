"""Main's text."""
import inspect
import sys
def f(x):
    # a comment
    return x
class A:
    def g(self):
        return 2
print(inspect.getsource(f), inspect.getsource(A), inspect.getfile(f) == __file__, inspect.getmodule(f) is sys.modules["__main__"])
print(inspect.getdoc(sys.modules["__main__"]), inspect.getsourcefile(A))
print(inspect.currentframe().f_code.co_name, inspect.currentframe().f_globals is globals(), inspect.currentframe().f_locals is globals() or sys.version_info)
print(inspect.signature(f), f.__module__, f.__qualname__)
