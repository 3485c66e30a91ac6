"""Says what runs it, greets every line of its input, and ends as its first argument says."""
import sys

print("hello from Python", ".".join(map(str, sys.version_info[:3])))
print("arguments:", sys.argv[1:])
print("and this is standard error", file=sys.stderr)
for line in sys.stdin:
    print("hello,", line.rstrip("\n"))
sys.exit(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
