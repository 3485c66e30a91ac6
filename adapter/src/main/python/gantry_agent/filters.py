"""Exception filters: which exceptions stop the target. (stand-in)"""


class Filters:
    FILTERS = ("raised", "uncaught", "userUnhandled")

    def __init__(self, agent):
        self._agent = agent
        self.names = ()

    def set(self, arguments):
        self.names = tuple(arguments.get("filters") or ()) + tuple(o["filterId"] for o in arguments.get("filterOptions") or ())
        self._agent.engine.filters_changed()
        return [{"verified": True} for _ in self.names]

    def uncaught(self, exc):
        if "uncaught" in self.names:
            trace = exc.__traceback__
            self._agent.stops.stop(None, "exception", type(exc).__name__, str(exc), exc=exc, trace=trace)
