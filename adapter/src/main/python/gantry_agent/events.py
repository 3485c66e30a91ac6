"""What the engines that use sys.settrace (3.8 to 3.11) read from a frame at an event. Pure; on the target's threads."""
from gantry_agent import private
from gantry_agent.threads import SUSPENDS

_codes = {}  # numbers of instructions, by name


def _op(frame, further=0):
    if not _codes:
        _codes.update(private.load("opcode").opmap)
    at = frame.f_lasti + further
    text = frame.f_code.co_code
    return text[at] if 0 <= at < len(text) else None


def yields(frame):
    """Whether the return event of a frame is a yield or an await."""
    if not frame.f_code.co_flags & SUSPENDS:
        return False
    return _op(frame) == _codes["YIELD_VALUE"] or "YIELD_FROM" in _codes and _codes["YIELD_FROM"] in (_op(frame), _op(frame, 2))


def ends_iteration(frame):
    """Whether the instruction takes StopIteration as the end of what it iterates over."""
    now = _op(frame)
    return now in (_codes["FOR_ITER"], _codes.get("SEND")) or "YIELD_FROM" in _codes and _codes["YIELD_FROM"] in (now, _op(frame, 2))


def loops(frame):
    """Whether the instruction jumps back."""
    return _op(frame) in (_codes.get("JUMP_BACKWARD"), _codes.get("JUMP_ABSOLUTE"))


def is_fresh(frame):
    """Whether a call event is the beginning of the call, and not a generator that goes on."""
    if frame.f_lasti < 0:
        return True
    now = _op(frame)
    return now == _codes.get("RESUME", -1) and frame.f_code.co_code[frame.f_lasti + 1] & 3 == 0


def generator_types():
    """{type: (name of its code, name of its frame)} of generators and coroutines."""
    async def coroutine():
        yield

    async def waits():
        pass
    made = waits()
    made.close()
    return {type((lambda: (yield))()): ("gi_code", "gi_frame"), type(coroutine()): ("ag_code", "ag_frame"), type(made): ("cr_code", "cr_frame")}


def is_suspended(thing):
    """Whether a generator or coroutine (or None) has not ended."""
    for name in ("gi_frame", "ag_frame", "cr_frame"):
        if getattr(thing, name, None) is not None:
            return True
    return False
