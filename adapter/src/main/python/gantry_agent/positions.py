"""What compiled code says about lines and columns: pure functions over code objects, on any thread.

Nothing here reads a file or runs code of the target. An `offset` is a byte offset into co_code, as f_lasti gives it.
"""
import sys

from gantry_agent import private

COMPREHENSIONS = ('<listcomp>', '<setcomp>', '<dictcomp>', '<genexpr>')
NESTED = COMPREHENSIONS + ('<lambda>',)
_PROLOGUE = ('__module__', '__qualname__', '__firstlineno__', '.type_params')
_CLEANUP_NAMES = ('PUSH_EXC_INFO', 'POP_EXCEPT', 'RERAISE', 'SWAP', 'COPY', 'END_FOR', 'LIST_APPEND', 'SET_ADD', 'MAP_ADD',
                  'CHECK_EXC_MATCH', 'WITH_EXCEPT_START', 'CLEANUP_THROW', 'END_ASYNC_FOR', 'RETURN_VALUE')
_CODE_TYPE = type((lambda: 0).__code__)
_LARGE, _KEPT = 4000, 8
_NEVER = 1 << 60
_numbers = {}
_large = {}  # what was compiled to much -> its line_runs
_cleanups = []


def number(name):
    """The opcode's number, or -1 where this Python has no such instruction."""
    if not _numbers:
        _numbers.update(private.load('opcode').opmap)
    return _numbers.get(name, -1)


def walk(code):
    """The code object and everything nested in it, outermost first, in the order of the constants."""
    waiting = [code]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend([each for each in reversed(code.co_consts) if type(each) is _CODE_TYPE])


def line_runs(code):
    """[(start, end, line)] of each stretch of instructions of one line, in their order; line None where there is none."""
    table = code.co_linetable if hasattr(code, 'co_lines') else code.co_lnotab
    if len(table) < _LARGE:
        return _runs(code)
    # Asked several times for each module; what was compiled from one text, and is one but for its name, shares the table.
    key = table, code.co_firstlineno, len(code.co_code)
    found = _large.get(key)
    if found is None:
        found = _runs(code)
        if len(_large) >= _KEPT:
            _large.clear()
        _large[key] = found
    return found


def _runs(code):
    if not hasattr(code, 'co_lines'):
        return _runs_of_lnotab(code)
    runs, first, last, before = [], 0, 0, ()
    for start, end, line in code.co_lines():  # 3.11 gives a row for each position, not for each line
        if line != before:
            if last:
                runs.append((first, last, before))
            first, before = start, line
        last = end
    if last:
        runs.append((first, last, before))
    return runs


def _runs_of_lnotab(code):
    table, line, offset, start, runs = code.co_lnotab, code.co_firstlineno, 0, 0, []
    for index in range(0, len(table), 2):
        step, delta = table[index], table[index + 1]
        if step:
            offset += step
        if delta:
            if offset > start:
                runs.append((start, offset, line))
                start = offset
            line += delta - 256 if delta >= 128 else delta
    runs.append((start, len(code.co_code), line))
    return runs


def is_class_body(code):
    return not code.co_flags & 1 and code.co_name not in ('<module>', '<string>') and '__qualname__' in code.co_names


def first_traceable(code):
    """The offset before which no line event comes; in a class body, the end of what the compiler put before the first statement."""
    raw = code.co_code
    start = 0
    if sys.version_info >= (3, 11):
        resume = number('RESUME')
        for offset in range(0, len(raw), 2):
            if raw[offset] == resume:
                start = offset + 2
                break
    if is_class_body(code):
        store, names = number('STORE_NAME'), code.co_names
        for offset in range(start, min(len(raw), start + 60), 2):
            if raw[offset] == store and raw[offset + 1] < len(names) and names[raw[offset + 1]] in _PROLOGUE:
                start = offset + 2
    return start


def code_lines(code):
    """The lines at which this one code object can stop."""
    first = first_traceable(code)
    return frozenset([line for start, end, line in line_runs(code) if line and end > first])


def starts_line(code, offset):
    """Whether a line event comes at this offset."""
    runs, first = line_runs(code), first_traceable(code)
    start, end, line = runs[max(after(runs, (offset, _NEVER)) - 1, 0)]
    return bool(line) and end > first and max(start, first) == offset


def after(ordered, value):
    """The index behind the last element that is not greater than the value."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


def first_event(code):
    """(line, offset) of the first line event of a call."""
    first = first_traceable(code)
    for start, end, line in line_runs(code):
        if line and end > first:
            return line, max(start, first)
    return code.co_firstlineno, first


def comes_back(code, offset):
    """Whether a jump goes back to this offset at the beginning of the code; not so from 3.10 on, where tests of loops are repeated."""
    if sys.version_info >= (3, 10):
        return False
    raw, jump = code.co_code, number('JUMP_ABSOLUTE')
    return any(raw[at] == jump and raw[at + 1] == offset for at in range(0, len(raw), 2))


def all_lines(code):
    """The lines at which this code object or one nested in it can stop."""
    found = set()
    for each in walk(code):
        found |= code_lines(each)
    return found


def has_columns(code):
    """Whether positions say columns: Python 3.11 and later, unless started with -X no_debug_ranges."""
    if not hasattr(code, 'co_positions'):
        return False
    for row in code.co_positions():
        if row[2] is not None:
            return True
    return False


def positions(code):
    """(offset, line, column, end line, end column) per instruction; columns are UTF-8 byte offsets, None if not known."""
    rows = []
    if hasattr(code, 'co_positions'):
        offset = 0
        for line, end_line, column, end_column in code.co_positions():
            if line is not None:
                rows.append((offset, line, column, end_line or line, end_column))
            offset += 2
        return rows
    for start, end, line in line_runs(code):
        if line:
            rows.extend((offset, line, None, line, None) for offset in range(start, end, 2))
    return rows


def inside(row, unit):
    """Whether an instruction lies within the unit; without columns, whether its line does."""
    _, line, column, end_line, end_column = row
    if column is None or end_column is None:
        return unit.line <= line <= unit.end_line
    start = unit.line, unit.column
    if (line, column) == start and unit.kind in ('header', 'handler'):
        return True  # what makes a function, or begins a `try`, has the position of the whole statement
    return start <= (line, column) and (end_line, end_column) <= (unit.end_line, unit.end_column)


def entries(code, unit, rows=None):
    """The offsets at which control comes into the unit: the first instruction of each stretch that belongs to it.

    Nested scopes of the unit (its `holes`) neither begin nor end a stretch: they run as part of it, or elsewhere.
    """
    rows = positions(code) if rows is None else rows
    first, raw, found, within = first_traceable(code), code.co_code, [], False
    cleanup = _cleanup()
    for row in rows:
        if row[0] < first or _in_hole(row, unit):
            continue
        here = inside(row, unit)
        if here and not within:
            if raw[row[0]] in cleanup:
                continue
            found.append(row[0])
        within = here
    return found


def line_entries(code, unit):
    """[(line, offset), ...] at which control comes into the lines of the unit, from the line table alone."""
    first, raw, found, within = first_traceable(code), code.co_code, [], False
    cleanup, lowest, highest = _cleanup(), unit.line, unit.end_line
    for start, end, line in line_runs(code):
        if line is None or end <= first:
            continue
        here = lowest <= line <= highest
        if here and not within and raw[max(start, first)] not in cleanup:
            found.append((line, max(start, first)))
        within = here
    return found


def _in_hole(row, unit):
    if row[2] is None:
        return False
    hole = unit.hole_at(row[1], row[2])
    return hole is not None and inside(row, hole)


def _cleanup():
    """Instructions that begin a stretch only when an exception passes, a comprehension's own loop goes round, or `finally` is done."""
    if not _cleanups:
        names = _CLEANUP_NAMES if sys.version_info >= (3, 11) else ('RERAISE', 'RETURN_VALUE', 'ROT_TWO')
        _cleanups.append(frozenset(number(name) for name in names) - {-1})
    return _cleanups[0]


def fits(code, unit):
    """Whether the code object is of the kind in which the unit's own instructions are."""
    name = code.co_name
    if unit.kind == '<lambda>':
        return name == '<lambda>'
    if unit.kind in COMPREHENSIONS:
        return name == unit.kind or (unit.kind != '<genexpr>' and name not in COMPREHENSIONS and sys.version_info >= (3, 12))
    return name not in NESTED and not name.startswith('<generic parameters of')


def aligned(code, twin):
    """[(offset, offset in the twin), ...] of two compilations that differ at most in what only lines make (NOP); None if in more."""
    ours, theirs = _instructions(code), _instructions(twin)
    if [number for _, _, number in ours] != [number for _, _, number in theirs]:
        return None
    return [(offset, other) for (first, last, _), (_, other, _) in zip(ours, theirs) for offset in range(first, last + 2, 2)]


def _instructions(code):
    """(offset with its prefixes, offset, opcode) of each instruction, without NOPs."""
    raw, prefix, nothing, found, first = code.co_code, number('EXTENDED_ARG'), number('NOP'), [], None
    cache = 0 if sys.version_info >= (3, 11) else -1
    for offset in range(0, len(raw), 2):
        if raw[offset] == prefix:
            first = offset if first is None else first
        elif raw[offset] not in (cache, nothing):
            found.append((offset if first is None else first, offset, raw[offset]))
            first = None
    return found


def same_code(code):
    """What two compilations of one text have in common for one code object."""
    return code.co_name, code.co_firstlineno, code.co_code, code.co_names, code.co_varnames
