#: unarmed 3.11
import sys
calls = []
def trace(frame, event, argument):
    calls.append((event, frame.f_code.co_name, frame.f_lineno))
    return trace
def f():
    return 1
sys.settrace(trace)
f()
sys.settrace(None)
print(calls)
