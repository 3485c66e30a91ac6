class Odd(Exception):
    def __str__(self):
        raise RuntimeError("no text")
class Empty(Exception):
    __module__ = None
class Trace(Exception):
    @property
    def __traceback__(self):
        return None
import sys
for error in (Odd("x"), Empty("y")):
    try:
        raise error
    except Exception:
        sys.excepthook(*sys.exc_info())
raise Trace("own traceback")
