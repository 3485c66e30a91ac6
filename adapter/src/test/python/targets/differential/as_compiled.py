#: as compiled
import observe
observe.show()
def f():
    raise OSError(2, "text")
f()
