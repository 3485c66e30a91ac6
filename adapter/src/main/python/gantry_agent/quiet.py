"""compile() without warnings: what the agent compiles must not write on the program's stderr, nor fail where warnings are
errors. On any thread."""
import _warnings

from gantry_agent.private import sys


def compiled(source, name, mode='exec', flags=0):
    """As compile(); a rule for this one file name is in the program's lists of filters meanwhile."""
    rule = ('ignore', None, Warning, name, 0)
    loaded = sys.modules.get('warnings')
    lists = [_warnings.filters]
    filters = getattr(loaded, 'filters', None)
    if type(filters) is list and filters is not lists[0]:
        lists.append(filters)
    for one in lists:
        one.insert(0, rule)
    try:
        return compile(source, name, mode, flags, True)
    finally:
        for one in lists:
            try:
                one.remove(rule)
            except ValueError:
                pass  # the program has changed its filters meanwhile
