import multiprocessing
import sys
def double(n):
    return n * 2, __name__, sys.argv[0] == sys.modules["__main__"].__dict__.get("__file__", sys.argv[0])
class Thing:
    def __init__(self, n):
        self.n = n
    def __eq__(self, other):
        return self.n == other.n
if __name__ == "__main__":
    for method in ("spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(pool.map(double, range(3)))
            print(pool.apply(Thing, (3,)) == Thing(3))
