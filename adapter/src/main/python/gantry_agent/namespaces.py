"""Reading and binding the names of a frame. On the thread the frame belongs to.

From 3.13 on `frame.f_locals` writes through. Before, it is a copy: it is refreshed, changed and written back at once.
Names that its code does not have are kept in the frame too, as pdb does: they end with it.
"""
from gantry_agent.budget import lazily
from gantry_agent.private import sys
from gantry_agent.values import NOTHING, Refused

OPTIMIZED = 1
WRITES_THROUGH = sys.version_info >= (3, 13)
CAN_DELETE = sys.version_info < (3, 11)


def separate(frame):
    """Whether the frame has locals that are not the module's globals."""
    return frame is not None and (frame.f_code.co_flags & OPTIMIZED or frame.f_locals is not frame.f_globals)


def read_all(known):
    """A new dict of the local names of a handles.Frame, those that evaluations added included."""
    local = known.frame.f_locals
    space = dict(local) if type(local) is dict else {name: local[name] for name in local}
    space.pop('.0', None)
    return space


def is_slot(frame, name):
    code = frame.f_code
    return name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars


def bind(known, name, value):
    """Binds a local name of a frame."""
    frame = known.frame
    frame.f_locals[name] = value
    if frame.f_code.co_flags & OPTIMIZED and not WRITES_THROUGH and is_slot(frame, name):
        flush(frame, 0)
        if frame.f_locals.get(name, NOTHING) is not value:
            frame.f_locals[name] = value       # another thread looked, and so refreshed the copy, in between
            flush(frame, 0)


def unbind(known, name):
    frame = known.frame
    if not frame.f_code.co_flags & OPTIMIZED:
        del frame.f_locals[name]
    elif is_slot(frame, name) and not CAN_DELETE or WRITES_THROUGH:
        raise Refused('%s is a local of a running function: this Python cannot unbind it, assign None instead.' % name)
    else:
        del frame.f_locals[name]
        if is_slot(frame, name):
            flush(frame, 1)


def flush(frame, clear):
    ctypes = lazily('ctypes')
    if ctypes is None:
        raise Refused('Locals cannot be changed: this Python was built without ctypes.')
    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(clear))


def write_back(known, before, after):
    """Binds what an evaluation changed in its copy of the locals; the names that could not be unbound, if any."""
    stuck = []
    for name, value in after.items():
        if before.get(name, NOTHING) is not value:
            bind(known, name, value)
    for name in before:
        if name not in after:
            try:
                unbind(known, name)
            except Refused as failed:
                stuck.append(failed)
    if stuck:
        raise stuck[0]


def main_globals():
    """The globals of `__main__`, where evaluations without a frame happen."""
    module = sys.modules.get('__main__')
    space = None if module is None else getattr(module, '__dict__', None)
    if type(space) is not dict:
        raise Refused('The program has no __main__ to evaluate in.')
    return space
