"""The program of every round: it is stopped in line 7, where answer is 42, stepped to line 8, and ends with exit code 3."""

import sys


def explain(answer):
    words = f"the answer is {answer}"
    print(words)
    return words


if __name__ == "__main__":
    explain(6 * 7)
    print("and that is all")
    sys.exit(3)
