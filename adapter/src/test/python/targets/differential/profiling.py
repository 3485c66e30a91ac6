#: unarmed 3.11
import sys
calls = []
sys.setprofile(lambda frame, event, argument: calls.append((event, frame.f_code.co_name)))
def f():
    return len("abc")
f()
sys.setprofile(None)
print(calls)
