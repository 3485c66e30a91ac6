import os
import runpy
import sys
path = os.path.join(os.path.dirname(__file__), "inner.py")
with open(path, "w") as file:
    file.write("import sys\nprint(__name__, __file__, sys.argv, sorted(n for n in globals()))\nvalue = 3\n")
result = runpy.run_path(path, run_name="__main__")
print(result["value"], __name__, sys.argv, sys.modules["__main__"].__dict__ is globals())
print(sorted(runpy.run_module("pkg", run_name="other")))
with open(path, "w") as file:
    file.write("1 / 0\n")
runpy.run_path(path)
