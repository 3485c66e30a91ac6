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

from gantry_agent import bytecode, stretches

LONG = 8000  # bytes of code from which it pays to leave stretches of it together


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


def instrument(code, lines, offsets, mend, consts=None, starts=None, entry=None):
    """A copy of `code` that calls `lines[line]()` at each line event of that line (only at the offsets `starts[line]`, if it is
    there), `offsets[offset]()` before that instruction and `entry(line)()` when a call begins; a true result makes a line event
    follow. `mend()` is called when such a call raised and returns the exception to raise at the line. `consts` replaces the
    constants (nested functions). The same code if nothing is inserted. Returns it with {offset in the copy at which a call
    begins: its hook}."""
    table = bytecode.table()
    listing = stretches.decode(code, table, lines, offsets, starts or {}) if len(code.co_code) > LONG else None
    listing = listing or bytecode.decode(code, table)
    ranges = bytecode.ranges_of(code, listing)
    plans = _plan(listing, ranges, _Wanted(lines, offsets, starts or {}, entry), table)
    constants = list(code.co_consts if consts is None else consts)
    if not plans:
        return (code if consts is None else code.replace(co_consts=tuple(constants))), {}
    depths = bytecode.depths(listing, ranges, 1 if code.co_flags & bytecode.SUSPENDS else 0, table)
    for instruction, plan in plans:
        instruction.plan = plan
        _fill(instruction, plan, constants, mend, table)
    behind = _layout(listing, plans)
    parts = list(_parts(listing, behind))
    made = code.replace(
        co_code=bytecode.encode(parts), co_consts=tuple(constants), co_stacksize=code.co_stacksize + 5,
        co_exceptiontable=bytecode.encode_ranges(_moved_ranges(listing, ranges, plans, depths)),
        co_linetable=bytecode.encode_places(code, parts))
    return made, {instruction.hook_at * 2: plan.hook for instruction, plan in plans}


class _Wanted:
    """Where hooks are wanted."""

    def __init__(self, lines, offsets, starts, entry):
        self._lines, self.offsets, self._starts, self.entry = lines, offsets, starts, entry

    def line_hook(self, instruction):
        line = instruction.place[0]
        hook = self._lines.get(line) if instruction.op >= 0 else None
        if hook is not None and line in self._starts and instruction.old * 2 not in self._starts[line]:
            return None
        return hook


def _plan(listing, ranges, wanted, table):
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
        hook = wanted.line_hook(instruction)
        plan = _line_plan(listing, index, hook, entry, sources, raising, table) if hook is not None else None
        hook = wanted.offsets.get(instruction.old * 2)
        if hook is not None:
            plan = _whole_plan(hook, index, sources, raising)
        if index == entry + 1 and wanted.entry is not None:
            plan = _Plan(wanted.entry(instruction.place[0]))
            plan.falls = True
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
        return bytecode.Instruction(names[name], arg, bytecode.prefixes_of(arg), table.caches[names[name]], place)

    def constant(value):
        constants.append(value)
        return make("LOAD_CONST", len(constants) - 1)

    leave, stop = make("JUMP_BACKWARD_NO_INTERRUPT"), make("JUMP_BACKWARD_NO_INTERRUPT", 0, bytecode.NO_PLACE)
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


def _layout(listing, plans):
    """Give every instruction its position; jumps that need more prefixes get them, until nothing moves. Returns what
    stands behind the target's own instructions."""
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
    if bytecode.prefixes_of(instruction.arg) > instruction.prefixes:
        instruction.prefixes = bytecode.prefixes_of(instruction.arg)
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


def _moved_ranges(listing, ranges, plans, depths):
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
    return rows
