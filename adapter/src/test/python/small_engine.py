"""For unit tests of the breakpoint table: an agent without a channel, and the shortest engine that obeys a Table in-process."""
import os
import shutil
import sys
import tempfile
import unittest

from gantry_agent import breakpoints, files


class Agent:
    """What the table needs of an agent; trouble fails the test that caused it."""

    def __init__(self, start=None):
        self.events, self.troubles = [], []
        self.files = files.Files(self, start)
        self.table = breakpoints.Table(self)
        self.next_breakpoint_id = iter(range(1, 1 << 62)).__next__

    @property
    def inorder(self):
        return self

    def send(self, body):
        self.send_event('output', body)

    def send_event(self, name, body):
        self.events.append((name, body))

    def trouble(self, where):
        self.troubles.append((where, sys.exc_info()[1]))

    def named(self, name):
        return [body for each, body in self.events if each == name]


class Case(unittest.TestCase):
    """Files in a directory of the test's own, and an agent."""

    def setUp(self):
        self.place = os.path.realpath(tempfile.mkdtemp(prefix='gantry-test-'))
        self.addCleanup(shutil.rmtree, self.place, True)
        self.agent = Agent(self.place)
        self.table = self.agent.table
        self.addCleanup(lambda: self.assertEqual([], self.agent.troubles))

    def write(self, name, text):
        path = os.path.join(self.place, *name.split('/'))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as stream:
            stream.write(text if isinstance(text, bytes) else text.encode('utf-8'))
        return path

    def set(self, path, *wanted):
        wanted = [each if isinstance(each, dict) else {'line': each} for each in wanted]
        return self.table.set_source({'source': {'path': path}, 'breakpoints': wanted})

    def run_file(self, path, name='__main__'):
        with open(path, 'rb') as stream:
            code = compile(stream.read(), path, 'exec', 0, True)
        return run(self.agent, code, {'__name__': name, '__file__': path})


def run(agent, code, space):
    """Executes the code; returns [(line, Hit)] of each stop."""
    stops = []
    if sys.version_info >= (3, 12):
        _run_monitored(agent, code, space, stops)
    else:
        _run_traced(agent, code, space, stops)
    return stops


def _run_monitored(agent, code, space, stops):
    tool, events, seen = sys.monitoring, sys.monitoring.events, {}

    def start(code, offset):
        if id(code) not in seen:
            seen[id(code)] = code
            agent.table.on_code(code)
        spots = agent.table.spots_for(code)
        if spots is None:
            return tool.DISABLE
        tool.set_local_events(4, code, events.LINE | (events.INSTRUCTION if spots.offsets else 0))
        return None

    def at(spot):
        if spot is not None:
            frame = sys._getframe(2)
            hit = spot.hit(frame)
            if hit is not None:
                stops.append((frame.f_lineno, hit))

    def line(code, number):
        spots = agent.table.spots_for(code)
        if spots is not None:
            at(spots.lines.get(number))

    def instruction(code, offset):
        spots = agent.table.spots_for(code)
        at(spots and spots.offsets.get(offset))

    tool.use_tool_id(4, 'test')
    try:
        tool.register_callback(4, events.PY_START, start)
        tool.register_callback(4, events.LINE, line)
        tool.register_callback(4, events.INSTRUCTION, instruction)
        tool.set_events(4, events.PY_START)
        tool.restart_events()
        exec(code, space)
    finally:
        tool.set_events(4, 0)
        for each in seen.values():
            tool.set_local_events(4, each, 0)
        for event in (events.PY_START, events.LINE, events.INSTRUCTION):
            tool.register_callback(4, event, None)
        tool.free_tool_id(4)


def _run_traced(agent, code, space, stops):
    seen, entering = set(), set()

    def trace(frame, event, argument):
        code = frame.f_code
        if event == 'call':
            if code not in seen:
                seen.add(code)
                agent.table.on_code(code)
            spots = agent.table.spots_for(code)
            if spots is None:
                return None
            frame.f_trace_opcodes = bool(spots.offsets)
            if spots.entry is not None:
                entering.add(id(frame))
            return trace
        spots = agent.table.spots_for(code)
        if spots is None:
            return trace
        found = []
        if event == 'line':
            if id(frame) in entering:
                entering.discard(id(frame))
                found.append(spots.entry)
            found.append(spots.lines.get(frame.f_lineno))
        elif event == 'opcode':
            found.append(spots.offsets.get(frame.f_lasti))
        for spot in found:
            hit = spot and spot.hit(frame)
            if hit:
                stops.append((frame.f_lineno, hit))
        return trace

    sys.settrace(trace)
    try:
        exec(code, space)
    finally:
        sys.settrace(None)
