#: python -X utf8=0
#: env LC_ALL=C
#: env PYTHONCOERCECLOCALE=0
import sys
print(sys.flags, sys.stdout.encoding, sys.getfilesystemencoding(), ascii(sys.argv[0]))
print("\xe9")
