"""The instructions of long code of CPython 3.11, with those taken together that an insertion leaves as they are. Pure; any thread.

To take the 60,000 instructions of a long literal apart and put them together again takes longer than to compile and run it. Only what
gets a hook, jumps, where they go, and what the exception table names need be seen one by one: between them a Stretch keeps its bytes.
"""
from gantry_agent import bytecode, positions, private

_MANY, _MUCH = 400, 6000  # pieces, and units of code in them, from which it does not
_BLOCK = 1024
_CACHE, _HAS_ARGUMENT, _NO_LINE = 0, 90, 15
_COUNTING = ("BUILD_TUPLE", "BUILD_LIST", "BUILD_SET", "BUILD_MAP", "BUILD_STRING", "BUILD_CONST_KEY_MAP", "BUILD_SLICE", "CALL", "PRECALL",
             "CALL_FUNCTION_EX", "UNPACK_SEQUENCE", "UNPACK_EX", "RAISE_VARARGS", "MAKE_FUNCTION", "FORMAT_VALUE")
_UNITS = bytes([(byte & 7) + 1 for byte in range(256)])
_WITHIN = bytes(range(128))


class Stretch(bytecode.Instruction):
    """Instructions of which none is jumped to, jumps, ends the code or has a hook; `raw` and `table` are theirs in co_code and
    co_linetable, `line` is what the place of the next one counts from, `effect` what they do to the depth of the stack."""

    __slots__ = ("raw", "table", "line", "effect")

    def __init__(self, first, raw, table, line, has_line, effect):
        super().__init__(-1, 0, 0, len(raw) // 2 - 1, (line if has_line else None, None, None, None), first)
        self.raw, self.table, self.line, self.effect = raw, table, line, effect


class _Otherwise(Exception):
    """This code is to be taken apart as a whole."""


def decode(code, table, lines, offsets, starts):
    """As bytecode.decode, but with stretches between what hooks at these lines, offsets and starts (see instrument.instrument) touch;
    None where that does not pay or cannot be."""
    try:
        return _Decoder(code, table).listing(lines, offsets, starts)
    except (_Otherwise, KeyError, IndexError):
        return None


class _Entries:
    """Where the entries of a location table begin: at which of its bytes, and at which unit of the code. Counted in blocks."""

    def __init__(self, places):
        self._places, self._lengths = places, places.translate(_UNITS, _WITHIN)
        self.count = len(self._lengths)
        self._units, self._counts = [0], [0]  # before each block of entries, of bytes
        for at in range(0, self.count, _BLOCK):
            self._units.append(self._units[-1] + sum(self._lengths[at:at + _BLOCK]))
        for at in range(0, len(places), _BLOCK):
            self._counts.append(self._counts[-1] + len(places[at:at + _BLOCK].translate(None, _WITHIN)))

    def unit(self, entry):
        block = entry // _BLOCK
        return self._units[block] + sum(self._lengths[block * _BLOCK:entry])

    def at(self, unit):
        """The entry that has this unit."""
        block = positions.after(self._units, unit) - 1
        entry, begin = block * _BLOCK, self._units[block]
        while begin + self._lengths[entry] <= unit:
            begin += self._lengths[entry]
            entry += 1
        return entry

    def byte(self, entry):
        if entry == self.count:
            return len(self._places)
        block = positions.after(self._counts, entry) - 1
        at, left = block * _BLOCK, entry - self._counts[block]
        while left or self._places[at] < 128:
            left -= self._places[at] >> 7
            at += 1
        return at

    def next_byte(self, at):
        at += 1
        while at < len(self._places) and self._places[at] < 128:
            at += 1
        return at


class _Decoder:
    def __init__(self, code, table):
        self._code, self._table, self._raw = code, table, code.co_code
        self._ops, self._places = self._raw[::2], code.co_linetable
        self._entries = _Entries(self._places)
        if self._entries.unit(self._entries.count) != len(self._ops):
            raise _Otherwise
        self._rows = positions.line_runs(code)

    def listing(self, lines, offsets, starts):
        pieces, at = [], 0
        for first, last in self._windows(self._points(lines, offsets, starts)) + [(self._entries.count,) * 2]:
            if first > at:
                pieces.append([self._together(at, first)])
            pieces.append(self._apart(first, last))
            at = last
        found = [instruction for piece in pieces for instruction in piece]
        begins = {instruction.old: index for index, instruction in enumerate(found)}
        for instruction in found:
            if instruction.op in self._table.jumps:
                instruction.target = begins[self._goal(instruction)]
        return found

    # -- what is to be seen one by one

    def _points(self, lines, offsets, starts):
        """The units of the code that matter."""
        table, ops = self._table, self._ops
        entry = ops.index(table.resume)
        found = {0, entry, entry + 1}
        found.update([offset // 2 for offset in offsets])
        found.update([start // 2 for start, _, line in self._rows if line in lines and line not in starts])
        found.update([offset // 2 for line in starts for offset in starts[line]])
        found.update(self._jumps())
        for start, length, handler, _ in bytecode.numbers_of_ranges(self._code):
            if handler * 2 in offsets or self._line_at(handler) in lines:
                raise _Otherwise  # what may raise matters there
            found.update((start, start + length, handler))
        found.discard(len(ops))
        return found

    def _jumps(self):
        """Jumps, where they go, and what nothing follows."""
        table, ops, found = self._table, self._ops, set()
        special = bytes([op in table.jumps or op in table.ends for op in range(256)])
        marks = ops.translate(special)
        at = marks.find(1)
        while at >= 0:
            found.add(at)
            if len(found) > _MANY:
                raise _Otherwise
            if ops[at] in table.jumps:
                first = at
                while first and ops[first - 1] == table.extended:
                    first -= 1
                found.add(self._goal(self._instruction(first, None)))
            at = marks.find(1, at + 1)
        return found

    def _windows(self, points):
        """[(first, last) entry of the location table] around the points, each with the instruction before it."""
        entries, found = self._entries, []
        for point in sorted(points):
            first = last = entries.at(point)
            first = max(first - 1, 0)
            while first and self._goes_on(entries.unit(first)):
                first -= 1
            last += 1
            while last < entries.count and self._goes_on(entries.unit(last)):
                last += 1
            if found and found[-1][1] >= first:
                found[-1] = found[-1][0], max(last, found[-1][1])
            else:
                found.append((first, last))
        if len(found) > _MANY or sum([entries.unit(last) - entries.unit(first) for first, last in found]) > _MUCH:
            raise _Otherwise
        return found

    def _goes_on(self, unit):
        """Whether an entry that begins at this unit is of an instruction that has begun before."""
        return self._ops[unit] == _CACHE or self._ops[unit - 1] == self._table.extended

    # -- the pieces

    def _instruction(self, unit, place):
        """The instruction at a unit; `place` its entry in a list of places by unit, from the unit of the first element on."""
        first, arg, raw = unit, 0, self._raw
        while raw[unit * 2] == self._table.extended:
            arg = arg << 8 | raw[unit * 2 + 1]
            unit += 1
        op = raw[unit * 2]
        arg = arg << 8 | raw[unit * 2 + 1]
        place = place[unit] if place is not None else bytecode.NO_PLACE
        return bytecode.Instruction(op, arg, unit - first, self._table.caches[op], place, first)

    def _goal(self, jump):
        after = jump.old + jump.size()
        return after - jump.arg if self._table.jumps[jump.op] == bytecode.BACK else after + jump.arg

    def _apart(self, first, last):
        begin, end = self._entries.unit(first), self._entries.unit(last)
        line, at, unit, places = self._line_before(begin), self._entries.byte(first), begin, {}
        while unit < end:
            line, place = bytecode.read_place(self._places, at, line)
            for _ in range((self._places[at] & 7) + 1):
                places[unit] = place
                unit += 1
            at = self._entries.next_byte(at)
        found, unit = [], begin
        while unit < end:
            found.append(self._instruction(unit, places))
            unit += found[-1].size()
        if unit != end:
            raise _Otherwise
        return found

    def _together(self, first, last):
        begin, end = self._entries.unit(first), self._entries.unit(last)
        table = self._places[self._entries.byte(first):self._entries.byte(last)]
        has_line = self._places[self._entries.byte(last - 1)] >> 3 & 15 != _NO_LINE
        return Stretch(begin, self._raw[begin * 2:end * 2], table, self._line_before(end), has_line, self._effect(begin, end))

    def _line_at(self, unit):
        return self._rows[self._row_after(unit) - 1][2]

    def _row_after(self, unit):
        return positions.after(self._rows, (unit * 2, len(self._raw) + 1))

    def _line_before(self, unit):
        """What the place of the entry at this unit counts from."""
        index = self._row_after(unit - 1) - 1 if unit else -1
        while index >= 0 and self._rows[index][2] is None:
            index -= 1
        return self._rows[index][2] if index >= 0 else self._code.co_firstlineno

    def _effect(self, begin, end):
        """What a stretch does to the depth of the stack, instruction by instruction of each kind."""
        table, ops, total, counts = self._table, self._ops[begin:end], 0, {}
        if table.extended in ops:
            for name in _COUNTING:
                if bytes((table.extended, table.map[name])) in ops:
                    raise _Otherwise  # how much depends on the whole argument
        private.load("_collections")._count_elements(counts, memoryview(self._raw[begin * 2:end * 2]).cast("H"))
        for number, count in counts.items():
            op, arg = number.to_bytes(2, private.sys.byteorder)
            if op not in (_CACHE, table.extended):
                total += count * table.effect(op, arg if op >= _HAS_ARGUMENT else None, jump=False)
        return total
