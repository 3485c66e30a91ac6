import sys
class Other:
    pass
keep = sys.modules["__main__"]
sys.modules["__main__"] = Other()
def f():
    return __name__, "__file__" in globals()
print(f())
1 / 0
