"""Whether an exception came from a signal handler of the target while the console's code ran. On the stopped thread."""
import _signal

from gantry_agent import private

MESSAGE = 'Interrupted by a signal of the program: %s. It is raised in the program when it goes on.'


def is_from_signal(error):
    """True for what a handler written in Python raised, and for the KeyboardInterrupt of the usual one. The traceback then begins with the
    handler: what it came upon is not the program's."""
    codes = set()
    for number in range(1, _signal.NSIG):
        handler = _signal.getsignal(number)
        code = getattr(getattr(handler, '__func__', handler), '__code__', None)
        if code is not None:
            codes.add(code)
    trace, last = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code in codes:
            error.__traceback__ = trace
            return True
        trace, last = trace.tb_next, trace
    usual = type(error) is KeyboardInterrupt and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler \
        and last is not None and not _is_raise(last)
    if usual:
        error.__traceback__ = None
    return usual


def _is_raise(trace):
    """Whether the code itself raised it, by a statement."""
    return trace.tb_frame.f_code.co_code[trace.tb_lasti] == private.load('opcode').opmap['RAISE_VARARGS']
