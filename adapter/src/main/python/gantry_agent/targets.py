"""(stand-in of B's part) Places that a client may choose from: goto and stepIn targets."""
from gantry_agent.values import Refused


class Targets:
    """goto_targets and step_in_targets run on the stopped thread, the look-ups of a chosen number anywhere."""

    def __init__(self, agent):
        self.agent = agent

    def goto_targets(self, arguments, stop):
        line = arguments["line"]
        return {"targets": [{"id": line, "label": "line %d" % line, "line": line}]}

    def goto_line(self, number):
        """The line of a goto target, or Refused."""
        return number

    def step_in_targets(self, arguments, stop):
        raise Refused("not yet")

    def step_in_offset(self, number):
        """The offset (f_lasti of the caller during the call) of a stepIn target, or Refused."""
        return number
