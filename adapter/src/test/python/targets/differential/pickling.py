import pickle
import sys
class A:
    def __init__(self, x):
        self.x = x
def f():
    return 1
print(pickle.dumps([A(3), f], 2))
print(pickle.loads(pickle.dumps(A(3))).x, pickle.loads(pickle.dumps(f))(), sys.modules[A.__module__].__dict__ is globals())
