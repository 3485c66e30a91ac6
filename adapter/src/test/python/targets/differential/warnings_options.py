#: python -W error::DeprecationWarning -W ignore::UserWarning -bb
import sys, warnings
print(warnings.filters, sys.warnoptions)
warnings.warn("ignored")
try:
    print(b"a" == "a")
except BytesWarning as error:
    print("bytes", error)
warnings.warn("error", DeprecationWarning)
