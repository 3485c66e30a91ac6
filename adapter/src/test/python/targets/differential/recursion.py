import sys
import traceback
sys.setrecursionlimit(200)
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as error:
    print(abs(len(traceback.extract_tb(error.__traceback__)) - 200) < 12)
    error.__traceback__ = error.__traceback__.tb_next.tb_next
    error.__traceback__.tb_next.tb_next = None
    raise
