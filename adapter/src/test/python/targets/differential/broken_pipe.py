#: stdout closed
import sys
for n in range(3):
    print("x" * 70000)
