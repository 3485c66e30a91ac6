"""compile() without warnings: what the user typed must not write on the program's stderr, nor fail where warnings are
errors. On the thread that evaluates."""
import _warnings

from gantry_agent.private import sys


def compiled(source, name, mode, flags):
    """As compile(); a rule for this one file name is in the list of filters meanwhile."""
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
            if rule in one:
                one.remove(rule)
