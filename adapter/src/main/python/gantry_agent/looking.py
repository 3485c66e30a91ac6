"""(stand-in of V's part) Looking at frames and values: what core calls, and on which thread, is documented here.

Each method takes (arguments, stop or None), returns the body, raises values.Refused. stack_trace runs on the agent's thread (no code of the
target); the others on the stopped thread of `thread_of(arguments)`, or on the agent's when that thread runs (stop.native) or there is none.
"""
import sys

from gantry_agent.values import Refused


class Looking:
    def __init__(self, agent):
        self.agent = agent
        self._frames, self._values, self._last = {}, {}, 0

    def thread_of(self, arguments):
        """The id of the thread whose frame or value the arguments name, or None: decides where the request runs. Agent's thread."""
        number = arguments.get("frameId") or arguments.get("variablesReference")
        if number is None:
            return arguments.get("threadId")
        found = self._frames.get(number) or self._values.get(number)
        if found is None:
            raise Refused("This frame or value is gone: the program has run on since.")
        return found[0]

    def frame_of(self, number):
        """The frame object with that id, or Refused."""
        found = self._frames.get(number)
        if found is None:
            raise Refused("This frame is gone: the program has run on since.")
        return found[1]

    def resumed(self, stop):
        """On the stopped thread, right before it goes on: lets go of the objects of this stop."""
        for table in (self._frames, self._values):
            for number, (thread, _) in list(table.items()):
                if thread == stop.thread.id:
                    del table[number]

    def _new(self, table, thread, thing):
        self._last += 1
        table[self._last] = (thread, thing)
        return self._last

    def stack_trace(self, arguments, stop):
        frames = stop.frames()
        start, levels = arguments.get("startFrame") or 0, arguments.get("levels") or len(frames)
        shown = []
        for frame in frames[start:start + levels]:
            shown.append({"id": self._new(self._frames, stop.thread.id, frame), "name": frame.f_code.co_name, "line": stop.line(frame),
                          "column": 1, "source": self.agent.files.source(frame.f_code)})
        return {"stackFrames": shown, "totalFrames": len(frames)}

    def scopes(self, arguments, stop):
        frame = self._frames[arguments["frameId"]][1]
        thread = self._frames[arguments["frameId"]][0]
        return {"scopes": [{"name": name, "variablesReference": self._new(self._values, thread, values), "expensive": False}
                           for name, values in (("Locals", frame.f_locals), ("Globals", frame.f_globals))]}

    def variables(self, arguments, stop):
        values = self._values[arguments["variablesReference"]][1]
        return {"variables": [{"name": name, "value": repr(value), "variablesReference": 0} for name, value in list(values.items())]}

    def evaluate(self, arguments, stop):
        number = arguments.get("frameId")
        frame = self._frames[number][1] if number else None
        try:
            space = sys.modules["__main__"].__dict__ if frame is None else frame.f_globals
            value = eval(arguments["expression"], space, space if frame is None else frame.f_locals)
        except Exception as error:
            raise Refused("%s: %s" % (type(error).__name__, error))
        return {"result": repr(value), "variablesReference": 0}

    def _not_yet(self, arguments, stop):
        raise Refused("not yet")

    set_variable = set_expression = exception_info = completions = read_memory = write_memory = _not_yet
