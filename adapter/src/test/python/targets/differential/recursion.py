import sys
sys.setrecursionlimit(200)
def f(n):
    return f(n + 1)
f(0)
