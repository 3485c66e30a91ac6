"""Data breakpoints by trace functions (before 3.12). On the threads of the program, inside a trace function.

While `watches.active`, an engine gives every frame whose code `watches.wants` a local trace function, those that run
already too, and hands each event to `told` before it looks at breakpoints and steps.
"""
from gantry_agent import places, writers


def told(watches, frame, event):
    """An event of a frame whose code is wanted: a watch.Hit to stop at, or None."""
    if event == 'line':
        return watches.line(frame, frame.f_lineno)
    if event == 'return':
        return watches.left(frame, frame.f_lineno, not suspended(frame))
    if event == 'call':
        watches.started(frame)
    return None


def suspended(frame):
    """In a 'return' event: whether the call has only yielded."""
    code = frame.f_code
    if not code.co_flags & places.SUSPENDS or frame.f_lasti < 0:
        return False
    table, text, last = writers.opcodes(), code.co_code, frame.f_lasti
    if text[last] in table.yields:
        return True
    if text[last] == table.resume:                 # 3.13 stands behind the yield already
        return last >= 2 and text[last - 2] in table.yields
    return last + 2 < len(text) and text[last + 2] == table.yield_from      # up to 3.10 before it: it is run again
