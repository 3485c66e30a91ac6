"""Bytecode of CPython 3.11 taken apart and put together: instructions, jumps, exception table, location table. Pure; any thread."""
from gantry_agent import private

NO_PLACE = (None, None, None, None)
_JUMP, BACK = 1, 2
SUSPENDS = 0x20 | 0x80 | 0x200  # generator, coroutine, async generator: they begin with the sent value on the stack


class _Opcodes:
    """Numbers of the running interpreter, taken from a private copy of its `opcode` module."""

    def __init__(self):
        module = private.load("opcode")
        self.map = module.opmap
        self.jumps = {}
        for op in module.hasjrel:
            self.jumps[op] = BACK if "BACKWARD" in module.opname[op] else _JUMP
        self.caches = module._inline_cache_entries
        self.effect = module.stack_effect
        names = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "RETURN_VALUE", "RAISE_VARARGS", "RERAISE")
        self.ends = frozenset(self.map[name] for name in names)
        self.reraise = self.map["RERAISE"]
        names = ("NOP", "PUSH_EXC_INFO", "POP_EXCEPT", "COPY", "SWAP", "POP_TOP", "LOAD_CONST", "JUMP_FORWARD")
        self.copy = self.map["COPY"]
        self.silent = frozenset(self.map[name] for name in names)  # never raise
        self.extended = self.map["EXTENDED_ARG"]
        self.resume = self.map["RESUME"]
        self.send = self.map["SEND"]


_opcodes = None


def prefixes_of(arg):
    """How many EXTENDED_ARG an argument needs."""
    return (arg > 0xff) + (arg > 0xffff) + (arg > 0xffffff)


def table():
    """The numbers, looked up once."""
    global _opcodes
    if _opcodes is None:
        _opcodes = _Opcodes()
    return _opcodes


class Instruction:
    """One instruction with its prefixes and caches; `begin` is where a fall-through enters, hook included."""

    __slots__ = ("op", "arg", "prefixes", "caches", "place", "target", "old", "at", "begin", "hook_at", "plan")

    def __init__(self, op, arg, prefixes, caches, place, old=-1):
        self.op = op
        self.arg = arg
        self.prefixes = prefixes
        self.caches = caches
        self.place = place
        self.target = None
        self.old = old
        self.at = self.begin = self.hook_at = 0
        self.plan = None

    def size(self):
        return self.prefixes + 1 + self.caches


def decode(code, table):
    """The instructions of a code object, jumps with the index of the one they go to."""
    raw = code.co_code
    places = list(code.co_positions())
    listing = []
    starts = {}
    unit, end = 0, len(raw) // 2
    while unit < end:
        first, arg = unit, 0
        op = raw[unit * 2]
        while op == table.extended:
            arg = arg << 8 | raw[unit * 2 + 1]
            unit += 1
            op = raw[unit * 2]
        arg = arg << 8 | raw[unit * 2 + 1]
        caches = table.caches[op]
        starts[first] = len(listing)
        listing.append(Instruction(op, arg, unit - first, caches, places[unit], first))
        unit += 1 + caches
    for instruction in listing:
        way = table.jumps.get(instruction.op)
        if way is not None:
            after = instruction.old + instruction.size()
            instruction.target = starts[after - instruction.arg if way == BACK else after + instruction.arg]
    return listing


def numbers_of_ranges(code):
    """The exception table as [first unit, number of units, handler's unit, depth and lasti]."""
    numbers = []
    value = 0
    for byte in code.co_exceptiontable:
        value = (0 if byte & 0x80 else value << 6) | byte & 63
        if not byte & 64:
            numbers.append(value)
            value = 0
    return [numbers[i:i + 4] for i in range(0, len(numbers), 4)]


def ranges_of(code, listing):
    """The exception table as [first instruction, instruction after the last, handler, depth, lasti]."""
    starts = {instruction.old: index for index, instruction in enumerate(listing)}
    starts[len(code.co_code) // 2] = len(listing)
    found = []
    for start, length, target, depth in numbers_of_ranges(code):
        found.append([starts[start], starts[start + length], starts[target], depth >> 1, depth & 1])
    return found


def encode(parts):
    """co_code of the instructions `parts`, whose arguments are final."""
    extended = table().extended
    raw = bytearray()
    for part in parts:
        if part.op < 0:  # a stretch, see stretches.py
            raw += part.raw
            continue
        for shift in range(part.prefixes, 0, -1):
            raw += bytes((extended, part.arg >> 8 * shift & 0xff))
        raw += bytes((part.op, part.arg & 0xff))
        raw += bytes(2 * part.caches)
    return bytes(raw)


def encode_ranges(rows):
    """co_exceptiontable of (start, end, handler, depth, lasti) in code units."""
    raw = bytearray()
    for start, stop, target, depth, lasti in sorted(rows):
        if stop > start:
            for number, flag in ((start, 0x80), (stop - start, 0), (target, 0), (depth << 1 | lasti, 0)):
                _append_number(raw, number, flag)
    return bytes(raw)


def _append_number(raw, number, flag):
    groups = []
    while True:
        groups.append(number & 63)
        number >>= 6
        if not number:
            break
    for group in reversed(groups[1:]):
        raw.append(flag | 64 | group)
        flag = 0
    raw.append(flag | groups[0])


def depths(listing, ranges, depth, table):
    """The depth of the stack before each instruction that can be reached, by its old position; `depth` at the start."""
    found = [None] * len(listing)
    caught = [None] * len(listing)
    for start, stop, handler, below, lasti in ranges:
        caught[start:stop] = [(handler, below + lasti + 1)] * (stop - start)
    todo = [(0, depth)]
    while todo:
        index, depth = todo.pop()
        while found[index] is None:
            found[index] = depth
            if caught[index] is not None:
                todo.append(caught[index])
            instruction = listing[index]
            if instruction.op < 0:
                depth += instruction.effect
                index += 1
                continue
            arg = instruction.arg if instruction.op >= 90 else None
            if instruction.target is not None:
                todo.append((instruction.target, depth + table.effect(instruction.op, arg, jump=True)))
            if instruction.op in table.ends:
                break
            depth += table.effect(instruction.op, arg, jump=False)
            index += 1
    return {instruction.old: found[index] for index, instruction in enumerate(listing) if found[index] is not None}


def encode_places(code, parts):
    """co_linetable: an entry or more for each instruction, as the compiler writes it."""
    raw = bytearray()
    line = code.co_firstlineno
    for part in parts:
        if part.op < 0:
            raw += part.table
            line = part.line
            continue
        left = part.size()
        while left:
            units = min(left, 8)
            line = _append_place(raw, units, part.place, line)
            left -= units
    return bytes(raw)


def _append_place(raw, units, place, last):
    """One entry of the location table; returns the line that the next one counts from."""
    line, end, column, last_column = place
    if line is None:
        raw.append(0x80 | 15 << 3 | units - 1)
        return last
    delta = line - last
    if column is None or last_column is None:
        if end == line or end is None:
            raw.append(0x80 | 13 << 3 | units - 1)
            _append_signed(raw, delta)
            return line
    elif end == line and delta == 0 and column < 80 and 0 <= last_column - column < 16:
        raw.append(0x80 | column >> 3 << 3 | units - 1)
        raw.append((column & 7) << 4 | last_column - column)
        return line
    elif end == line and 0 <= delta < 3 and column < 128 and last_column < 128:
        raw.append(0x80 | 10 + delta << 3 | units - 1)
        raw += bytes((column, last_column))
        return line
    raw.append(0x80 | 14 << 3 | units - 1)
    _append_signed(raw, delta)
    _append_varint(raw, end - line)
    _append_varint(raw, 0 if column is None else column + 1)
    _append_varint(raw, 0 if last_column is None else last_column + 1)
    return line


def _append_varint(raw, number):
    while number > 63:
        raw.append(number & 63 | 64)
        number >>= 6
    raw.append(number)


def _append_signed(raw, number):
    _append_varint(raw, -number << 1 | 1 if number < 0 else number << 1)


def read_place(raw, at, last):
    """(the line that the next place counts from, the place) of the entry of the location table at this byte."""
    kind = raw[at] >> 3 & 15
    if kind == 15:
        return last, NO_PLACE
    if kind < 10:
        column = kind << 3 | raw[at + 1] >> 4 & 7
        return last, (last, last, column, column + (raw[at + 1] & 15))
    if kind < 13:
        line = last + kind - 10
        return line, (line, line, raw[at + 1], raw[at + 2])
    delta, at = _read_varint(raw, at + 1)
    line = last + (-(delta >> 1) if delta & 1 else delta >> 1)
    if kind == 13:
        return line, (line, line, None, None)
    lines, at = _read_varint(raw, at)
    column, at = _read_varint(raw, at)
    last_column, at = _read_varint(raw, at)
    return line, (line, line + lines, column - 1 if column else None, last_column - 1 if last_column else None)


def _read_varint(raw, at):
    number = shift = 0
    while True:
        number |= (raw[at] & 63) << shift
        if not raw[at] & 64:
            return number, at + 1
        shift += 6
        at += 1
