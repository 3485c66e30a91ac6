#: as zip
import sys
print(sys.path[:1], sys.argv, __name__, __package__, __spec__.name, __file__, __loader__.__class__)
print(sorted(sys.modules), sorted(sys.path_importer_cache))
def f():
    raise KeyError("x")
f()
