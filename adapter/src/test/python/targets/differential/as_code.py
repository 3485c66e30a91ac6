#: as code
#: args one two
import observe
observe.show()
def f():
    print(f.__code__.co_filename)
    raise RuntimeError("no file")
f()
