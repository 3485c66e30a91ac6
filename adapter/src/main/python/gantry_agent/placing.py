"""Where the breakpoints of a code object are looked up: by line, or by instruction where LINE events would be slow.

The tables are read by callbacks on the target's threads: first by line (or offset), then by id(code). Everything in them has
`hit(frame)` and returns a breakpoints.Hit or None.
"""
import _thread

from gantry_agent import positions, private
from gantry_agent.engine import merged

BIG = 130  # lines of code from which a LINE event costs what stands before it
HUGE = 600  # lines from which a breakpoint that always stops is not worth it either: a jump is possible from a LINE event only
_get_ident = _thread.get_ident


class _Header:
    """A `for` line reached from above: the instruction that is reached again by the jump back must not count this once."""

    def __init__(self, spot):
        self._spot, self.fresh = spot, {}

    def hit(self, frame):
        self.fresh[_get_ident()] = id(frame)
        return self._spot.hit(frame)


class _Again:
    """The instruction of a `for` that each round comes to."""

    def __init__(self, spot, header):
        self._spot, self._fresh = spot, header.fresh

    def hit(self, frame):
        if self._fresh.pop(_get_ident(), None) == id(frame):
            return None
        return self._spot.hit(frame)


def is_big(code, size=BIG):
    """Whether LINE events of this code are slow."""
    first = code.co_firstlineno
    for _, _, line in code.co_lines():
        if line is not None and line - first > size:
            return True
    return False


def stops_always(spot):
    """Whether each hit stops, which takes longer than a slow event."""
    return spot.starts is None and all(
        item.breakpoint.condition is None and item.breakpoint.test is None and item.breakpoint.log is None for item in spot.items)


def offsets_of(code, lines):
    """{offset: what is hit there} for {line: spot}: the same hits as by LINE events."""
    found, before, runs = {}, None, []
    for line, spot in list(lines.items()):
        if spot.starts is not None:  # it counts there only
            found.update((offset, spot) for offset in spot.starts)
            lines = {other: lines[other] for other in lines if other != line}
    if not lines:
        return found
    for start, end, line in positions.line_runs(code):
        if line in lines and line != before:
            runs.append((start, end, line))
        elif line in lines:
            runs[-1] = (runs[-1][0], end, line)
        before = line
    text, names = code.co_code, private.load("opcode").opmap
    again, back = names["FOR_ITER"], names["JUMP_BACKWARD"]
    for start, end, line in runs:
        inner = []
        for offset in range(start + 2, end, 2):
            if text[offset] == again:
                inner.append(offset)
            elif text[offset] == back:
                inner.clear()  # a comprehension, all on this line
        if inner:
            header = found[start] = _Header(lines[line])
            found[inner[0]] = _Again(lines[line], header)
        else:
            found[start] = lines[line]
    return found


class Places:
    """The two tables. Filled under the engine's lock, read without one."""

    def __init__(self):
        self.lines, self.offsets = {}, {}

    def clear(self):
        self.lines.clear()
        self.offsets.clear()

    def put(self, code, spots):
        """Enters the spots of a code object; returns (whether it needs lines, whether it needs instructions)."""
        lines, offsets = spots.lines, dict(spots.offsets)
        if lines and is_big(code):
            seen = lines if all(map(stops_always, lines.values())) and not is_big(code, HUGE) else {}
            for offset, spot in offsets_of(code, {line: spot for line, spot in lines.items() if line not in seen}).items():
                other = offsets.get(offset)
                offsets[offset] = spot if other is None else _Both(spot, other)
            lines = seen
        for line, spot in lines.items():
            self.lines.setdefault(line, {})[id(code)] = spot
        for offset, spot in offsets.items():
            self.offsets.setdefault(offset, {})[id(code)] = spot
        return bool(lines), bool(offsets)


class _Both:
    def __init__(self, one, other):
        self._one, self._other = one, other

    def hit(self, frame):
        return merged(self._one.hit(frame), self._other.hit(frame))
