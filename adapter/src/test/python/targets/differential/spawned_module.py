#: as module
#: name pkg/work.py
import multiprocessing
def double(n):
    return n * 2, __name__
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(double, [1]))
