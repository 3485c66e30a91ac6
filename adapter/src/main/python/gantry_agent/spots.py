"""The places in one code object where breakpoints are, and what happens there: on the target's threads, inside an engine's callback.

A Spot is immutable once built; a changed breakpoint table builds new ones. Only conditions and log messages run code of
the user; no lock is held meanwhile, and nothing but KeyboardInterrupt leaves `hit`.
"""
from gantry_agent import expressions, lines, paths, positions
from gantry_agent.expressions import class_of
from gantry_agent.logpoints import flush_output


_HERE = (lambda: 0).__code__.co_filename.replace('\\', '/').rpartition('/')[0] + '/'


def guard(error, agent, where):
    """Inside `except`: reports an error of our own. One that a signal handler of the program has raised goes on into the program."""
    if type(error) is RecursionError:
        raise error  # no room for us: the engine decides
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace('\\', '/')
        if not name.startswith((_HERE, '<frozen ', paths.standard_library())):
            raise error
        trace = trace.tb_next
    agent.trouble(where)


class Hit:
    """Why a thread is to stop."""
    __slots__ = ('reason', 'ids', 'description', 'text')

    def __init__(self, reason, ids, description=None, text=None):
        self.reason, self.ids, self.description, self.text = reason, ids, description, text


class Item:
    """One breakpoint at one spot: the offsets at which it counts (None: each time) and its condition for this code."""
    __slots__ = ('breakpoint', 'starts', 'condition', 'class_name')

    def __init__(self, breakpoint, starts, class_name):
        self.breakpoint, self.class_name = breakpoint, class_name
        self.starts = None if starts is None else frozenset(starts)
        self.condition = breakpoint.condition and breakpoint.condition.code_for(class_name)


class Spot:
    """`hit(frame)` is called at each event of the spot and gives a Hit, or None to go on.

    `starts` are the offsets at which any of its breakpoints counts, None for every event of the line: an engine that puts
    its own instructions into the code puts them there only.
    """
    __slots__ = ('code', 'items', 'starts', 'hit')

    def __init__(self, code, items, agent):
        self.code, self.items = code, tuple(items)
        self.starts = None
        if all(item.starts is not None for item in items):
            self.starts = frozenset().union(*[item.starts for item in items])
        self.hit = _plan(self, agent)


def _plan(spot, agent):
    """The function for `hit`: as short as the breakpoints allow, since it is called for each false condition."""
    reached = _all(spot, agent)
    only = spot.items[0]
    if len(spot.items) > 1 or only.starts is not None:
        return reached
    if only.condition is None:
        return _counting(only, agent) if only.breakpoint.test is not None else reached
    if only.breakpoint.condition.nested:
        return reached
    quick = expressions.by_local(only.breakpoint.condition, spot.code)
    if quick is not None:
        return _quick(quick, only, reached, agent)
    condition, failed, passed = only.condition, _one_failed(only, agent), _one_passed(only, agent)

    def hit(frame):
        try:
            if not eval(condition, frame.f_globals, frame.f_locals):
                return None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return failed(frame, error)
        return passed(frame)
    return hit


def _counting(only, agent):
    breakpoint = only.breakpoint
    test, following = breakpoint.test, breakpoint.next_hit

    def hit(frame):
        if not test(following()):
            return None
        try:
            return _hit([only], None) if breakpoint.reached(frame, only, agent) else None
        except Exception as error:
            return guard(error, agent, 'breakpoint')
    return hit


def _quick(quick, only, reached, agent):
    """A condition on one local alone as a function of it: cheaper than eval. A local without a value yet goes the long way."""
    name, test = quick
    failed, passed = _one_failed(only, agent), _one_passed(only, agent)

    def hit(frame):
        try:
            local = frame.f_locals[name]
        except KeyError:
            return reached(frame)
        try:
            if not test(local):
                return None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return failed(frame, error)
        return passed(frame)
    return hit


def _one_failed(item, agent):
    def failed(frame, error):
        try:
            text = item.breakpoint.condition_failed(frame, error, agent)
            return _hit([item], text) if text else None
        except Exception as error:
            return guard(error, agent, 'breakpoint condition')
    return failed


def _one_passed(item, agent):
    def passed(frame):
        try:
            return _hit([item], None) if item.breakpoint.counted(frame, item, agent) else None
        except Exception as error:
            return guard(error, agent, 'breakpoint')
    return passed


def _all(spot, agent):
    code, items = spot.code, spot.items

    def hit(frame):
        try:
            offset = frame.f_lasti if frame.f_code is code else None
            stopping, text = [], None
            for item in items:
                if item.starts is not None and offset is not None and offset not in item.starts:
                    continue
                stop, failure = _reach(item, frame, agent)
                if stop:
                    stopping.append(item)
                    text = text or failure
            return _hit(stopping, text) if stopping else None
        except Exception as error:
            return guard(error, agent, 'breakpoint')
    return hit


def _reach(item, frame, agent):
    """(whether to stop, text of a failing condition)."""
    breakpoint = item.breakpoint
    if item.condition is not None:
        try:
            if not breakpoint.condition.value(item.condition, frame):
                return False, None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            text = breakpoint.condition_failed(frame, error, agent)
            return text is not None, text
    return breakpoint.counted(frame, item, agent), None


def _hit(items, text):
    kinds = {item.breakpoint.kind for item in items}
    reason = 'function breakpoint' if kinds == {'function breakpoint'} else 'breakpoint'
    description = 'Paused because the condition of a breakpoint failed' if text else None
    return Hit(reason, [item.breakpoint.id for item in items], description, text)


def said(frame, breakpoint, agent, category, text):
    """Sends text as output of the program at this place, behind what the program has printed so far."""
    flush_output()
    body = {'category': category, 'output': text + '\n', 'line': frame.f_lineno}
    source = agent.files.source(frame.f_code)
    if source:
        body['source'] = source
    agent.inorder.send(body)


class Spots:
    """All spots of one code object: those at line events by line, the others by the offset of an instruction.

    A function breakpoint is a spot at the line event of the first instruction, so that it is told together with others there;
    where a loop comes back to that instruction (before 3.10), it is `entry`, for the first line event of a call.
    """
    __slots__ = ('code', 'lines', 'offsets', 'entry')

    def __init__(self, code):
        self.code, self.lines, self.offsets, self.entry = code, {}, {}, None


def build(code, source_breakpoints, function_breakpoints, scope, agent):
    """The Spots of a code object, or None. `scope` says its class where the code does not (before 3.11)."""
    by_line, by_offset, class_name = {}, {}, class_of(code, scope)
    here = positions.code_lines(code) if source_breakpoints else ()
    last = max(here) if here else 0
    for each in source_breakpoints:
        if here and each.armed() and code.co_firstlineno <= (each.place.unit.end_line if each.place.unit else each.place.line):
            if each.place.line <= last:
                _put(code, each, class_name, here, by_line, by_offset)
    entering = [each for each in function_breakpoints if each.armed()]
    line, offset = positions.first_event(code)
    again = bool(entering) and positions.comes_back(code, offset)
    for each in () if again else entering:
        by_line.setdefault(line, []).append(Item(each, [offset], class_name))
    if not (by_line or by_offset or again):
        return None
    spots = Spots(code)
    spots.lines = {line: Spot(code, items, agent) for line, items in by_line.items()}
    spots.offsets = {offset: Spot(code, items, agent) for offset, items in by_offset.items()}
    if again:
        spots.entry = Spot(code, [Item(each, None, class_name) for each in entering], agent)
    return spots


def _put(code, breakpoint, class_name, here, by_line, by_offset):
    """An offset at which a line event comes is a matter of lines: both events at one instruction disturb each other (3.12, 3.13)."""
    of_lines = {}
    for line, offset in lines.spot_lines(code, breakpoint.place, breakpoint.text, here):
        if offset is None:
            of_lines[line] = None
            continue
        if positions.starts_line(code, offset):
            of_lines.setdefault(line, []).append(offset)
        else:
            by_offset.setdefault(offset, []).append(Item(breakpoint, [offset], class_name))
    for line, offsets in of_lines.items():
        by_line.setdefault(line, []).append(Item(breakpoint, offsets, class_name))
