"""What lives in the target, for the engine that changes it (3.11). On the thread that looks."""
from gantry_agent import private


def looks():
    """All objects that the collector knows; then, after the caller has done with these, those that were made meanwhile."""
    gc = private.load("gc")
    before = _promotions(gc)
    yield gc.get_objects()
    young = gc.get_objects(0) + gc.get_objects(1)
    yield young if _promotions(gc) == before else gc.get_objects()


def _promotions(gc):
    """While this stays the same, what is made stays in the two younger generations."""
    return [one["collections"] for one in gc.get_stats()[1:]] + [private.promotions]


def is_targets(function):
    """Not of the agent's private modules, and not of the start, whose namespace is empty by now."""
    space = function.__globals__
    return dict.get(space, "__builtins__") is not private._builtins and len(space) > 0
