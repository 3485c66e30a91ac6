"""Insert calls into the bytecode of CPython 3.11: pure, no state, usable on any thread.

`instrument` returns a copy of a code object that calls a hook wherever `sys.settrace` would report a "line" event of a
wanted line, or before a wanted instruction. A line event belongs to an edge between two instructions (the line changes, or
the jump goes back), so the hook is placed on edges: where only some are wanted, the others step over it.

The inserted instructions have the line of the one they stand before: f_lineno and tracebacks are right even inside the
hook, and a trace function that is on already gets the same events as before, at the call instead of behind it. A hook that
wants to stop switches a trace function on and returns True: the way back from there has no line, so that a real "line"
event follows at the instruction itself, where jumps and written locals work.

An exception inside the inserted call (the recursion limit, a signal handler that raises) has a handler of its own, behind
the target's instructions: the first is dropped, another one is raised at the line, without the frames of the hook.
"""

from . import private

_NO_PLACE = (None, None, None, None)
_JUMP, _BACK = 1, 2
_SUSPENDS = 0x20 | 0x80 | 0x200  # generator, coroutine, async generator: they begin with the sent value on the stack


class _Opcodes:
    """Numbers of the running interpreter, taken from a private copy of its `opcode` module."""

    def __init__(self):
        module = private.load("opcode")
        self.map = module.opmap
        self.jumps = {}
        for op in module.hasjrel:
            self.jumps[op] = _BACK if "BACKWARD" in module.opname[op] else _JUMP
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


def _table():
    global _opcodes
    if _opcodes is None:
        _opcodes = _Opcodes()
    return _opcodes


class _Instruction:
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


class _Plan:
    """What is inserted before one instruction, and which of its incoming edges run it."""

    __slots__ = ("hook", "falls", "sources", "raised", "skip", "call", "stop", "rescue")

    def __init__(self, hook):
        self.hook = hook
        self.falls = False
        self.sources = set()
        self.raised = False
        self.skip = None  # True: the instruction before comes here and does not want the hook; then the jump over it
        self.call = ()  # runs the hook, and goes to `stop` when it returned true
        self.stop = None  # goes on at the instruction, with no line: so that a line event follows
        self.rescue = ()  # the handler of `call`


def instrument(code, lines, offsets, mend, consts=None):
    """A copy of `code` that calls `lines[line]()` at each line event of that line and `offsets[offset]()` before that
    instruction, whose true result makes a line event follow; `mend()` is called when such a call raised and returns the
    exception to raise at the line. `consts` replaces the constants (nested functions). The same code if nothing is inserted.
    Returns it with {offset in the copy at which a call begins: its hook}."""
    table = _table()
    listing = _decode(code, table)
    ranges = _ranges(code, listing)
    plans = _plan(listing, ranges, lines, offsets, table)
    constants = list(code.co_consts if consts is None else consts)
    if not plans:
        return (code if consts is None else code.replace(co_consts=tuple(constants))), {}
    depths = _depths(listing, ranges, 1 if code.co_flags & _SUSPENDS else 0, table)
    for instruction, plan in plans:
        instruction.plan = plan
        _fill(instruction, plan, constants, mend, table)
    behind = _layout(listing, plans)
    made = code.replace(
        co_code=_encode(listing, behind),
        co_consts=tuple(constants),
        co_stacksize=code.co_stacksize + 5,
        co_exceptiontable=_encode_ranges(listing, ranges, plans, depths),
        co_linetable=_encode_places(code, listing, behind))
    return made, {instruction.hook_at * 2: plan.hook for instruction, plan in plans}


def _decode(code, table):
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
        listing.append(_Instruction(op, arg, unit - first, caches, places[unit], first))
        unit += 1 + caches
    for instruction in listing:
        way = table.jumps.get(instruction.op)
        if way is not None:
            after = instruction.old + instruction.size()
            instruction.target = starts[after - instruction.arg if way == _BACK else after + instruction.arg]
    return listing


def _ranges(code, listing):
    """The exception table as [first instruction, instruction after the last, handler, depth, lasti]."""
    starts = {instruction.old: index for index, instruction in enumerate(listing)}
    starts[len(code.co_code) // 2] = len(listing)
    numbers = []
    value = 0
    for byte in code.co_exceptiontable:
        value = (0 if byte & 0x80 else value << 6) | byte & 63
        if not byte & 64:
            numbers.append(value)
            value = 0
    found = []
    for i in range(0, len(numbers), 4):
        start, length, target, depth = numbers[i:i + 4]
        found.append([starts[start], starts[start + length], starts[target], depth >> 1, depth & 1])
    return found


def _plan(listing, ranges, lines, offsets, table):
    entry = next(index for index, instruction in enumerate(listing) if instruction.op == table.resume)
    sources = {}
    for index, instruction in enumerate(listing):
        if instruction.target is not None:
            sources.setdefault(instruction.target, []).append(index)
    raising = {row[2]: set() for row in ranges}
    for start, stop, handler, _, _ in ranges:
        raising[handler].update(_raising(listing, ranges, start, stop, table))
    plans = []
    for index in range(entry + 1, len(listing)):
        instruction = listing[index]
        if instruction.op == table.resume:
            continue
        hook = lines.get(instruction.place[0])
        plan = _line_plan(listing, index, hook, entry, sources, raising, table) if hook is not None else None
        hook = offsets.get(instruction.old * 2)
        if hook is not None:
            plan = _whole_plan(hook, index, sources, raising)
        if plan is not None:
            plans.append((instruction, plan))
    return plans


def _raising(listing, ranges, start, stop, table):
    """The instructions that an exception caught by this range can come from, as far as their lines matter: re-raising
    with the position restored counts as the first raise."""
    for index in range(start, stop):
        instruction = listing[index]
        if instruction.op == table.reraise and instruction.arg:
            for first, last, handler, _, lasti in ranges:
                if lasti and start <= handler <= index:
                    yield from (source for source in range(first, last) if listing[source].op not in table.silent)
        elif instruction.op not in table.silent and instruction.place[0] is not None:
            yield index


def _whole_plan(hook, index, sources, raising):
    plan = _Plan(hook)
    plan.falls = True
    plan.sources.update(sources.get(index, ()))
    plan.raised = index in raising
    return plan


def _line_plan(listing, index, hook, entry, sources, raising, table):
    instruction = listing[index]
    line = instruction.place[0]
    plan = _Plan(hook)
    before = listing[index - 1]
    if before.op not in table.ends:
        plan.falls = index - 1 <= entry or before.place[0] != line
        plan.skip = None if plan.falls else True
    for source in sources.get(index, ()):
        back = source > index and instruction.op != table.send
        if back or listing[source].place[0] != line:
            plan.sources.add(source)
    # A handler that begins with COPY only restores the position and raises on.
    plan.raised = instruction.op != table.copy and any(
        source > index or listing[source].place[0] != line
        for source in raising.get(index, ()))
    return plan if plan.falls or plan.sources or plan.raised else None


def _fill(instruction, plan, constants, mend, table):
    """The instructions of one call, of the way around it, and of its handler."""
    names = table.map

    def make(name, arg=0, place=instruction.place):
        return _Instruction(names[name], arg, _prefixes(arg), table.caches[names[name]], place)

    def constant(value):
        constants.append(value)
        return make("LOAD_CONST", len(constants) - 1)

    leave, stop = make("JUMP_BACKWARD_NO_INTERRUPT"), make("JUMP_BACKWARD_NO_INTERRUPT", 0, _NO_PLACE)
    leave.target = stop.target = instruction
    plan.call = [make("PUSH_NULL"), constant(plan.hook), make("PRECALL"), make("CALL"), make("POP_JUMP_FORWARD_IF_TRUE")]
    plan.call[-1].target = plan.stop = stop
    if plan.skip:
        plan.skip = make("JUMP_FORWARD")
        plan.skip.target = instruction
    plan.rescue = [make("PUSH_EXC_INFO"), constant(RecursionError), make("CHECK_EXC_MATCH"),
                   make("POP_JUMP_FORWARD_IF_FALSE"), make("POP_TOP"), make("POP_EXCEPT"), leave, make("POP_TOP"),
                   make("PUSH_NULL"), constant(mend), make("PRECALL"), make("CALL"), make("SWAP", 2), make("POP_EXCEPT"),
                   make("RAISE_VARARGS", 1)]
    plan.rescue[3].target = plan.rescue[7]


def _prefixes(arg):
    return (arg > 0xff) + (arg > 0xffff) + (arg > 0xffffff)


def _layout(listing, plans):
    """Give every instruction its position; jumps that need more prefixes get them, until nothing moves. Returns what
    stands behind the target"s own instructions."""
    behind, inserted = [], []
    for _, plan in plans:
        behind += [plan.stop] + plan.rescue
        inserted += plan.call + ([plan.skip] if plan.skip else []) + [plan.stop] + plan.rescue
    moving = True
    while moving:
        _place_all(listing, behind)
        moving = False
        for index, instruction in enumerate(listing):
            if instruction.target is not None:
                goal = listing[instruction.target]
                hooked = goal.plan is not None and index in goal.plan.sources
                moving |= _aim(instruction, goal.hook_at if hooked else goal.at)
        for part in inserted:
            if part.target is not None:
                moving |= _aim(part, part.target.at)
    return behind


def _place_all(listing, behind):
    at = 0
    for instruction in listing:
        instruction.begin = at
        plan = instruction.plan
        if plan is not None:
            if plan.skip:
                plan.skip.at = at
                at += plan.skip.size()
            instruction.hook_at = at
            for part in plan.call:
                part.at = at
                at += part.size()
        instruction.at = at
        at += instruction.size()
    for part in behind:
        part.at = at
        at += part.size()


def _aim(instruction, to):
    after = instruction.at + instruction.size()
    instruction.arg = abs(to - after)
    if _prefixes(instruction.arg) > instruction.prefixes:
        instruction.prefixes = _prefixes(instruction.arg)
        return True
    return False


def _parts(listing, behind):
    for instruction in listing:
        plan = instruction.plan
        if plan is not None:
            if plan.skip:
                yield plan.skip
            yield from plan.call
        yield instruction
    yield from behind


def _encode(listing, behind):
    extended = _table().extended
    raw = bytearray()
    for part in _parts(listing, behind):
        for shift in range(part.prefixes, 0, -1):
            raw += bytes((extended, part.arg >> 8 * shift & 0xff))
        raw += bytes((part.op, part.arg & 0xff))
        raw += bytes(2 * part.caches)
    return bytes(raw)


def _encode_ranges(listing, ranges, plans, depths):
    """The exception table: the ranges moved and cut where a call with its own handler stands in them, plus those handlers."""
    end = plans[0][1].stop.at
    rows = []
    around = {}
    for start, stop, handler, depth, lasti in ranges:
        goal = listing[handler]
        target = goal.hook_at if goal.plan is not None and goal.plan.raised else goal.at
        first = listing[start].begin
        for index in range(start, stop):
            instruction = listing[index]
            if instruction.plan is not None:
                rows.append((first, instruction.hook_at, target, depth, lasti))
                first = instruction.at
                around[instruction.old] = (target, depth, lasti)
        rows.append((first, listing[stop].begin if stop < len(listing) else end, target, depth, lasti))
    for instruction, plan in plans:
        depth = depths.get(instruction.old)
        first, last = plan.rescue[0], plan.rescue[-1]
        if depth is not None:
            rows.append((instruction.hook_at, instruction.at, first.at, depth, 0))
        if instruction.old in around:
            rows.append((first.at, last.at + last.size()) + around[instruction.old])
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


def _depths(listing, ranges, depth, table):
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
            arg = instruction.arg if instruction.op >= 90 else None
            if instruction.target is not None:
                todo.append((instruction.target, depth + table.effect(instruction.op, arg, jump=True)))
            if instruction.op in table.ends:
                break
            depth += table.effect(instruction.op, arg, jump=False)
            index += 1
    return {instruction.old: found[index] for index, instruction in enumerate(listing) if found[index] is not None}


def _encode_places(code, listing, behind):
    raw = bytearray()
    line = code.co_firstlineno
    for part in _parts(listing, behind):
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
