#: stdout closed
import sys
sys.stdout = open(1, "w", closefd=False)
print("x")
