#: stdin line\xa0one\ntwo\n
import sys
print(ascii(input()), ascii(sys.stdin.read()), sys.stdin.fileno())
input()
