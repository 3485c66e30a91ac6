import sys
class A:
    def __del__(self):
        raise ValueError("in del")
def hook(args):
    print("unraisable", args.exc_type, args.exc_value, args.exc_traceback.tb_frame.f_code.co_name, args.exc_traceback.tb_next)
A()
sys.unraisablehook = hook
A()
