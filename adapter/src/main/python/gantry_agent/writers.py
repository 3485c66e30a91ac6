"""Which code can write to a watched place, and on which of its lines: read off the bytecode.

A data breakpoint watches only code that may write: everything else runs at full speed. Pure functions over code objects;
any thread may call them, nothing of the program runs.

Code can write in two ways. By an instruction of its own that stores to that name, or to a subscript. Or through a call
of something written in C (`setattr`, `dict.update`, `list.append`): such code is known by the names it uses.
"""
import sys

from gantry_agent import private

NAMES, SUBSCRIPTS, VARIABLES = 'names', 'subscripts', 'variables'   # what a place is written by

_BY_NAME = ('STORE_ATTR', 'DELETE_ATTR', 'STORE_GLOBAL', 'DELETE_GLOBAL', 'STORE_NAME', 'DELETE_NAME')
_BY_SUBSCRIPT = ('STORE_SUBSCR', 'DELETE_SUBSCR', 'STORE_SLICE')
_IN_PLACE = ('INPLACE_OR',)      # of a dictionary; += and *= of a list only add items behind the others
_DEREF = ('STORE_DEREF', 'DELETE_DEREF')

_REACH_NAMES = frozenset(('setattr', 'delattr', '__setattr__', '__delattr__', '__dict__', 'vars', 'globals', 'locals',
                          '_setattr', '__setstate__', 'update'))
_REACH_ITEMS = frozenset((
    'update', 'pop', 'popitem', 'setdefault', 'clear', 'append', 'extend', 'insert', 'remove', 'reverse', 'sort',
    'appendleft', 'extendleft', 'popleft', 'rotate', 'move_to_end', 'subtract', '__setitem__', '__delitem__',
    '__ior__', '__iadd__', '__imul__', 'setitem', 'delitem', 'iadd', 'ior', 'imul', 'heappush', 'heappop',
    'heappushpop', 'heapreplace', 'heapify', 'insort', 'insort_left', 'insort_right', 'readinto', 'readinto1',
    'recv_into', 'recvfrom_into', 'pack_into', 'fromlist', 'frombytes', 'byteswap'))


class _Opcodes:
    """Numbers of the instructions that matter, in this interpreter."""

    def __init__(self):
        opcode = private.load('opcode')
        opmap = opcode.opmap
        self.extended = opmap['EXTENDED_ARG']
        self.by_name = self._numbers(opmap, _BY_NAME)
        self.by_subscript = self._numbers(opmap, _BY_SUBSCRIPT)
        self.in_place = self._numbers(opmap, _IN_PLACE)
        self.binary = opmap.get('BINARY_OP', 255)
        operators = [pair[1] for pair in getattr(opcode, '_nb_ops', ())]
        self.in_place_args = frozenset(operators.index(sign) for sign in ('|=',) if sign in operators)
        self.deref = self._numbers(opmap, _DEREF)
        self.yields = self._numbers(opmap, ('YIELD_VALUE',))
        self.yield_from, self.resume = opmap.get('YIELD_FROM', 255), opmap.get('RESUME', 255)
        self.calls = frozenset(number for name, number in opmap.items() if name.startswith('CALL'))

    @staticmethod
    def _numbers(opmap, names):
        return frozenset(opmap[name] for name in names if name in opmap)


_opcodes = []


def opcodes():
    """The table of this interpreter, made at the first use."""
    if not _opcodes:
        _opcodes.append(_Opcodes())
    return _opcodes[0]


def instructions(code):
    """(offset, opcode, argument) of each instruction; inline caches come out as opcode 0 and match nothing."""
    text, extended, extension = code.co_code, opcodes().extended, 0
    for offset in range(0, len(text), 2):
        number = text[offset]
        argument = text[offset + 1] | extension
        extension = argument << 8 if number == extended else 0
        yield offset, number, argument


def line_ranges(code):
    """(start, end, line) of each stretch of bytecode that belongs to one line."""
    if sys.version_info >= (3, 10):
        return [piece for piece in code.co_lines() if piece[2] is not None]
    pieces, offset, line = [], 0, code.co_firstlineno
    start, table = 0, code.co_lnotab
    for index in range(0, len(table), 2):
        if table[index]:
            pieces.append((start, offset + table[index], line))
            offset += table[index]
            start = offset
        step = table[index + 1]
        line += step - 256 if step > 127 else step
    pieces.append((start, len(code.co_code), line))
    return pieces


def line_at(code, offset):
    """The line of the instruction at `offset`, or None."""
    for start, end, line in line_ranges(code):
        if start <= offset < end:
            return line
    return None


def _cell_name(code, argument):
    """The variable of a STORE_DEREF: the argument counts cells and free variables, from 3.11 on after the locals."""
    cells = code.co_cellvars + code.co_freevars
    if sys.version_info < (3, 11):
        return cells[argument] if argument < len(cells) else None
    names = code.co_varnames + tuple(name for name in code.co_cellvars if name not in code.co_varnames) \
        + code.co_freevars
    return names[argument] if argument < len(names) else None


def _stores(code, way, name):
    """Offsets of the instructions of `code` that may store to the place by themselves."""
    table, names = opcodes(), code.co_names
    found = set()
    for offset, number, argument in instructions(code):
        if number in table.by_name:
            if way == NAMES and argument < len(names) and names[argument] == name:
                found.add(offset)
        elif number in table.deref:
            if way == VARIABLES and _cell_name(code, argument) == name:
                found.add(offset)
        elif way == SUBSCRIPTS:
            if number in table.by_subscript or number in table.in_place \
                    or number == table.binary and argument in table.in_place_args:
                found.add(offset)
    return found


def _reaches(code, way, name):
    """Whether it uses a name by which code written in C is made to store there."""
    if way == NAMES:
        return not _REACH_NAMES.isdisjoint(code.co_names) or name in code.co_consts
    return way == SUBSCRIPTS and not _REACH_ITEMS.isdisjoint(code.co_names)


class Lines(frozenset):
    """Lines that may write. `direct`: {line: offset of the first instruction there that does so itself}, not through a call."""


def may_write(code, ways, name):
    """Whether `code` may write there at all, told from its names and the instructions it has: quick, may be wrong with yes."""
    table, text = opcodes(), None
    for way in ways:
        if way == VARIABLES:
            if (name in code.co_freevars or name in code.co_cellvars) and _has(code.co_code[::2], table.deref):
                return True
            continue
        if _reaches(code, way, name):
            return True
        text = code.co_code[::2] if text is None else text
        if way == NAMES:
            if name in code.co_names and _has(text, table.by_name) and _stores(code, way, name):
                return True
        elif _has(text, table.by_subscript) or _has(text, table.in_place):
            return True
        elif table.binary in text and _stores(code, way, name):
            return True
    return False


def _has(text, numbers):
    for number in numbers:
        if number in text:
            return True
    return False


def hot_lines(code, ways, name):
    """The lines after which the place may have changed, or None if `code` cannot write there.

    It is a `Lines`. `ways`: how the place can be written (NAMES with `name`, SUBSCRIPTS, VARIABLES with `name`).
    A line with a call is among them: what is called may write where no event is looked at.
    """
    stores, reaches = set(), False
    for way in ways:
        if way == NAMES and name not in code.co_names and not _reaches(code, way, name):
            continue
        if way == VARIABLES and name not in code.co_freevars and name not in code.co_cellvars:
            continue
        stores |= _stores(code, way, name)
        reaches = reaches or _reaches(code, way, name)
    if not stores and not reaches:
        return None
    calls = opcodes().calls
    lines, direct = set(), {}
    called = {offset for offset, number, _ in instructions(code) if number in calls}
    for start, end, line in line_ranges(code):
        for offset in range(start, end, 2):
            if offset in stores:
                lines.add(line)
                direct.setdefault(line, offset)
            elif offset in called:
                lines.add(line)
    made = Lines(lines)
    made.direct = direct
    return made


def nested(code):
    """The code objects inside `code`, at every depth."""
    found, waiting = [], [code]
    while waiting:
        for constant in waiting.pop().co_consts:
            if type(constant) is type(code):
                found.append(constant)
                waiting.append(constant)
    return found
