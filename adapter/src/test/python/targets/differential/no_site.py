#: python -S -s -E
import sys
print(sys.path, sys.argv, sorted(sys.modules), sorted(sys.path_importer_cache))
1 / 0
