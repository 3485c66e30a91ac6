import sys
import atexit
@atexit.register
def last():
    print("last", sys.last_type, sys.last_value, sys.last_traceback.tb_lineno, sys.last_traceback.tb_next, getattr(sys, "last_exc", None), "__file__" in globals())
def hook(kind, value, trace):
    print("hook", kind, value, trace.tb_frame.f_code.co_name, trace.tb_lineno, trace.tb_next, sys.exc_info(), value.__traceback__ is trace, sys.last_value is value)
sys.excepthook = hook
raise ValueError("to the hook")
