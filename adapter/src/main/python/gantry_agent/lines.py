"""Where a requested breakpoint goes: from a line and column of a text to a statement that can stop, or why to none.

Pure, on the agent thread. A loaded module's own lines decide when the file no longer is what runs (`resolve_loaded`).
"""
import sys

from gantry_agent import positions
from gantry_agent.texts import byte_column, reason_of


class Place:
    """Where a breakpoint is. `unit` is None when only lines are known; `columned` if a column was asked for."""
    __slots__ = ('line', 'unit', 'columned', 'message')

    def __init__(self, line, unit=None, columned=False, message=None):
        self.line, self.unit, self.columned, self.message = line, unit, columned, message

    @property
    def nested(self):
        return self.unit is not None and self.unit.kind in positions.NESTED


class Refusal:
    """Why there can be no breakpoint."""
    __slots__ = ('message',)

    def __init__(self, message):
        self.message = message


def resolve(text, line, column=None):
    """The Place for a 1-based line and column (in UTF-16 units) of a Text, or a Refusal."""
    simple = text.simple(line) if column is None else None
    if simple is not None and can_stop(text.outline, simple):
        return Place(simple.line, simple)
    if text.code is None:
        return Refusal('This file cannot be compiled: %s. Correct it, then set the breakpoint again.' % reason_of(text.error))
    if line < 1 or line > max(text.count, 1):
        return Refusal('Line %d is after the end of the file, which has %d lines.' % (line, text.count))
    if text.syntax is None:
        return resolve_loaded(text.stops, line)
    if column is not None and column > 0:
        place = _at_column(text, line, column)
        if place is not None:
            return place
    place = _at_line(text, line)
    if place is None:
        return Refusal('There is no code at line %d or after it.' % line)
    return place


def resolve_loaded(stops, line, message=None):
    """The Place by lines alone."""
    if line in stops:
        return Place(line, message=message)
    after = [each for each in stops if each > line]
    if not after:
        return Refusal('There is no code at line %d or after it.' % line)
    return Place(min(after), message=message)


def touches(unit, lines):
    """Whether any of the lines is one of the unit's."""
    if unit.end_line - unit.line < 64:
        return any(line in lines for line in range(unit.line, unit.end_line + 1))
    return any(unit.line <= line <= unit.end_line for line in lines)


def can_stop(text, unit):
    """Whether any instruction belongs to the unit's lines."""
    return touches(unit, text.stops)


def _at_line(text, line):
    syntax = text.syntax
    unit = syntax.covering(line)
    if unit is not None:
        if line > unit.line:
            nested = _nested_on(unit, line)
            if nested is not None:
                return Place(nested.line, nested)
        for each in syntax.at_line(unit.line):
            if can_stop(text, each):
                return Place(each.line, each)
        line = max(each.end_line for each in syntax.at_line(unit.line))
    for unit in syntax.after(line):
        if can_stop(text, unit):
            return Place(unit.line, unit)
    return None


def _nested_on(unit, line):
    """The innermost body of a lambda or comprehension that holds the line and begins below the statement's first line."""
    found, within = None, unit
    while within is not None:
        inner = [each for each in within.nested_at(line) if each.line <= line <= each.end_line]
        within = inner[-1] if inner else None
        if within is not None and within.line > unit.line:
            found = within
    return found


def _at_column(text, line, column):
    """The innermost unit at the column, else the next one on the line, else the last before it."""
    asked, column = column, byte_column(text.line(line), column)
    units = units_on(text, line)
    if not units or asked == 1 or column < units[0].column:
        return None  # some clients give each breakpoint the column 1: that is the line
    best = None
    for unit in units:
        if unit.holds(line, column):
            best = unit
    if best is None:
        later = [unit for unit in units if unit.start() >= (line, column)]
        best = later[0] if later else units[-1]
    return Place(best.line, best, True)


def units_on(text, line):
    """The units that start on the line, outer before inner, that can stop."""
    syntax, found = text.syntax, []
    here = syntax.at_line(line)
    index = syntax.last_from(line)
    around = here or ([syntax.units[index]] if index >= 0 else [])
    for unit in around:
        if unit.line == line and can_stop(text, unit):
            found.append(unit)
        found.extend(each for each in unit.all_nested() if each.line == line)
    found.sort(key=lambda unit: (unit.start(), -unit.end_line, -unit.end_column))
    return found


def locations(text, first, last, start_column=None, end_column=None):
    """DAP BreakpointLocations of the lines first..last, between the columns if such are given; no place that a breakpoint of that column
    would not get."""
    if text.code is None or text.syntax is None:
        return [{'line': line} for line in sorted(text.stops) if first <= line <= last]
    found, seen = [], set()
    for line in range(max(first, 1), min(last, text.count) + 1):
        for index, unit in enumerate(units_on(text, line)):
            if index and not text.can_stop_at(unit):
                continue
            where = describe(text, unit)
            if start_column and line == first and where['column'] < start_column:
                continue
            if end_column and line == last and where['column'] > end_column:
                continue
            if unit.start() not in seen:
                seen.add(unit.start())
                found.append(where)
    return found


def describe(text, unit):
    """line, column, endLine and endColumn of a unit as clients count."""
    return {'line': unit.line, 'column': text.utf16(unit.line, unit.column),
            'endLine': unit.end_line, 'endColumn': text.utf16(unit.end_line, unit.end_column)}


def spot_lines(code, place, text, here=None):
    """Where the place is in one code object: [(line, offset), ...], the offset None for every event of the line.

    `here` is code_lines(code), if known.
    """
    unit = place.unit
    here = positions.code_lines(code) if here is None else here
    if unit is None:
        return _whole(place, here)
    if not touches(unit, here):
        return []
    if not positions.fits(code, unit):
        return _of_lambda(code, place)
    exact = place.columned or place.nested
    if exact:
        return _exact(code, unit, text)
    if unit.line != unit.end_line or _comes_again(unit):
        return positions.line_entries(code, unit)
    return _whole(place, here)


def _whole(place, here):
    return [(place.line, None)] if place.line in here else []


def _exact(code, unit, text):
    rows = text.rows(code, unit.line, unit.end_line)
    found = set(positions.entries(code, unit, rows))
    return [(row[1], row[0]) for row in rows if row[0] in found]


def _of_lambda(code, place):
    """A breakpoint of a line stops at calls of the lambdas that begin on it, too."""
    if code.co_name != '<lambda>' or place.unit.kind == '<lambda>' or place.columned:
        return []
    line, offset = positions.first_event(code)
    return [(line, offset)] if line == place.line else []


def _comes_again(unit):
    """Whether a statement of one line has line events after it was left: a `return` through `finally` or `with`, before 3.10."""
    return sys.version_info < (3, 10) and unit.kind == 'statement' and bool(unit.blocks)
