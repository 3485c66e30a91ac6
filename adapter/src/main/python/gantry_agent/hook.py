"""`breakpoint()`: the program asks to be stopped. Runs on the thread that calls it, outside of the engine's callbacks."""
import os
import sys

from gantry_agent.stepping import Step


def install(agent):
    """From now on breakpoint() stops at the next line, unless PYTHONBREAKPOINT names something else. The main thread, before the program."""
    original, getframe, getpid = sys.breakpointhook, sys._getframe, os.getpid

    def breakpointhook(*args, **kws):
        if agent.ended or agent.pid != getpid() or _is_meant_for_another():
            return original(*args, **kws)
        try:
            thread = agent.threads.current()
            if not thread.inside:
                frame = getframe(1)
                step = Step("next", frame, _everybodys, show=False)
                step.reason = "breakpoint"
                agent.engine.arm_step(thread, frame, step)
        except Exception:
            agent.trouble("breakpoint()")
        return None

    # Both: a program that sets it back to the interpreter's own means the debugger that it runs under.
    sys.breakpointhook = sys.__breakpointhook__ = breakpointhook


def _everybodys(code):
    """Who writes breakpoint() into a library means to look at the library."""
    return True


def _is_meant_for_another():
    try:
        return bool(os.environ.get("PYTHONBREAKPOINT"))
    except Exception:
        return False
