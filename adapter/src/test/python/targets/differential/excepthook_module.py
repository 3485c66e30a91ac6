#: as module
import sys
def hook(kind, value, trace):
    print("hook", kind, value, sys.exc_info())
    while trace:
        print(trace.tb_frame.f_code.co_name, trace.tb_lineno)
        trace = trace.tb_next
    raise OSError("hook")
sys.excepthook = hook
1 / 0
