#: unarmed 3.11
#: python -X dev
import gc, sys, warnings
import observe
print(sys.flags, sys.warnoptions, warnings.filters)
open(__file__)
gc.collect()
observe.show()
