"""Where a stopped frame can go: stepInTargets and gotoTargets, from the frame's code and its source. On the stopped or the agent thread.

The identity of a stepIn target is the offset of its call instruction; that of a goto target is its line.
"""
import sys

from gantry_agent import lines, positions
from gantry_agent.syntax import walk_expressions
from gantry_agent.values import Refused

_CALLS = ('CALL', 'CALL_KW', 'CALL_FUNCTION_EX', 'CALL_FUNCTION', 'CALL_METHOD', 'CALL_FUNCTION_KW')
_LABEL = 80


class Targets:
    """The requests. goto_targets and step_in_targets run on the stopped thread; a chosen number is looked up on any."""

    def __init__(self, agent):
        self.agent = agent
        self._lines = {}
        self._offsets = {}

    def requests(self):
        return {'gotoTargets': ('there', self.goto_targets), 'stepInTargets': ('there', self.step_in_targets)}

    def goto_targets(self, arguments, stop):
        frame = getattr(stop, 'frame', None)
        self._lines = {}
        if frame is None or getattr(stop, 'native', False):
            return {'targets': []}
        files = self.agent.files
        if files.source_key(arguments.get('source') or {}) != files.key_of(frame.f_code):
            return {'targets': []}
        found = goto_targets(self.agent, frame, arguments.get('line') or 0)
        self._lines = {each['id']: each['id'] for each in found}
        return {'targets': found}

    def goto_line(self, number):
        """The line to jump to for a goto target of the last answer."""
        if number not in self._lines:
            raise Refused('This target is no longer valid: ask for the targets of the line again.')
        return self._lines[number]

    def step_in_targets(self, arguments, stop):
        frame = self.agent.looking.frame_of(arguments.get('frameId'))
        top = frame is getattr(stop, 'frame', None)
        found = step_in_targets(self.agent, frame, top)
        self._offsets = {each['id']: CallOffset(frame.f_code, each['id']) for each in found}
        return {'targets': found}

    def step_in_offset(self, number):
        """The CallOffset of a stepIn target of the last answer."""
        if number not in self._offsets:
            raise Refused('This target is no longer valid: ask for the targets of the line again.')
        return self._offsets[number]


class CallOffset(int):
    """The offset of a call instruction, equal to any that f_lasti of the caller may have during the call: 3.11 and 3.12 leave
    it at the last of the instruction's cache entries."""

    def __new__(cls, code, offset):
        self, raw = int.__new__(cls, offset), code.co_code
        self.end = offset + 2
        while sys.version_info >= (3, 11) and self.end < len(raw) and raw[self.end] == 0:
            self.end += 2
        return self

    def __eq__(self, other):
        return int(self) <= other < self.end

    def __ne__(self, other):
        return not self == other

    def __contains__(self, other):
        return self == other

    __hash__ = int.__hash__


def _text_of(agent, code):
    """The Text of the code's source, or None if there is none or it is not what runs."""
    try:
        key = agent.files.key_of(code)
        text = agent.files.text(key)
    except (OSError, SyntaxError, ValueError):
        return None
    if text.syntax is None or not positions.code_lines(code) <= text.stops:
        return None
    return text


def step_in_targets(agent, frame, top=True):
    """The DAP StepInTargets of the statement at which the frame is: calls that are still to come, as they will come.

    `top` is False for a frame that is itself waiting for a call.
    """
    code = frame.f_code
    text = _text_of(agent, code)
    if text is None:
        return []
    found = {}
    for unit in _units_here(text, frame):
        calls = [node for node in walk_expressions(unit.nodes) if type(node).__name__ == 'Call']
        if calls:
            found.update(_offsets(code, text, unit, calls))
    first = frame.f_lasti if top else frame.f_lasti + 1
    return [_call_target(text, offset, found[offset]) for offset in sorted(found) if offset >= first]


def _units_here(text, frame):
    """The statements at the frame's line; those of the line that are over have no call to come, so all may be looked at."""
    unit = text.syntax.covering(frame.f_lineno)
    return text.syntax.at_line(unit.line) if unit is not None else []


def _offsets(code, text, unit, calls):
    """{offset of the call instruction: Call node} for the calls that are in this very code object."""
    numbers = {positions.number(name) for name in _CALLS} - {-1}
    raw, by_end = code.co_code, {}
    for row in text.rows(code, unit.line, unit.end_line):
        if raw[row[0]] in numbers and row[2] is not None:
            by_end.setdefault((row[3], row[4]), []).append(row)
    found = {}
    for node in calls:
        for row in by_end.get((node.end_lineno, node.end_col_offset), ()):
            # A call through an attribute on a later line begins at that attribute.
            if (row[1], row[2]) >= (node.lineno, node.col_offset) and row[0] not in found:
                found[row[0]] = node
                break
    return found


def _call_target(text, offset, node):
    return {'id': offset, 'label': _label(text, node), 'line': node.lineno, 'column': text.utf16(node.lineno, node.col_offset),
            'endLine': node.end_lineno, 'endColumn': text.utf16(node.end_lineno, node.end_col_offset)}


def _label(text, node):
    """The call as written, on one line."""
    rows = [text.line(number).encode('utf-8', 'replace') for number in range(node.lineno, node.end_lineno + 1)]
    rows[-1] = rows[-1][:node.end_col_offset]
    rows[0] = rows[0][node.col_offset:]
    label = ' '.join(row.decode('utf-8', 'replace').strip() for row in rows)
    return label if len(label) <= _LABEL else label[:_LABEL - 3] + '...'


def _scope_units(text, code):
    """The units whose instructions are in this code object, by its scope."""
    scope = text.syntax.scope_of(code)
    for unit in text.syntax.units:
        if unit.scope is scope or (scope is None and code.co_name == '<module>' and unit.scope.parent is None):
            yield unit


def goto_lines(agent, frame):
    """{line as the client sees it: (unit, line to give to f_lineno)}: where the frame may be set to go on."""
    code = frame.f_code
    text = _text_of(agent, code)
    if text is None or code.co_name in positions.NESTED:
        return {}
    blocks = _blocks_here(text, frame)
    if blocks is None:
        return {}
    starts = _line_starts(code)
    found = {}
    for unit in _scope_units(text, code):
        if unit.kind in ('handler', 'case') or unit.line in found or not _may(unit, blocks):
            continue
        entry = _entry_line(code, unit, starts)
        if entry is not None:
            found[unit.line] = unit, entry
    return found


def _may(unit, blocks):
    """Whether every block around the target is around the present statement too, and no handler or `finally` would be left:
    Python 3.10 refuses that, and later ones leave the exception behind as the one being handled."""
    if not set(unit.blocks) <= blocks:
        return False
    return not any(kind in ('finally', 'except') for kind, _ in blocks - set(unit.blocks))


def _blocks_here(text, frame):
    """The blocks around the present statement, those common to all of its line; None if it is not known."""
    unit = text.syntax.covering(frame.f_lineno)
    if unit is None:
        return None
    found = None
    for each in text.syntax.at_line(unit.line):
        found = set(each.blocks) if found is None else found & set(each.blocks)
    return found


def _line_starts(code):
    """{line: offsets at which a stretch of it begins}, in the order of the code."""
    starts, before = {}, None
    for start, _, line in positions.line_runs(code):
        if line and line != before:
            starts.setdefault(line, []).append(start)
        before = line
    return starts


def _entry_line(code, unit, starts):
    """The line of the unit's first instruction, if a jump to that line arrives there; else None."""
    rows = [row for row in positions.positions(code) if unit.line <= row[1] <= unit.end_line]
    found = positions.entries(code, unit, rows)
    if not found:
        return None
    line = next(row[1] for row in rows if row[0] == found[0])
    offsets = starts.get(line) or [None]
    return line if offsets[0] == found[0] or found[0] - offsets[0] <= 2 else None


def goto_targets(agent, frame, line):
    """The DAP GotoTargets of one line of the client for this frame: at most one; none where Python would refuse the jump."""
    text = _text_of(agent, frame.f_code)
    if text is None:
        return []
    possible = goto_lines(agent, frame)
    unit = text.syntax.covering(line)
    if unit is None:
        after = [each for each in text.syntax.after(line) if each.line in possible]
        unit = after[0] if after else None
    if unit is None or unit.line not in possible:
        return []
    unit, entry = possible[unit.line]
    target = {'id': entry, 'label': text.line(unit.line).strip()[:_LABEL] or 'line %d' % unit.line}
    target.update(lines.describe(text, unit))
    return [target]
