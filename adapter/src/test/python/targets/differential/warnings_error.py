#: env PYTHONWARNINGS=error
import sys, warnings
print(warnings.filters, sys.warnoptions)
warnings.warn("now an error")
