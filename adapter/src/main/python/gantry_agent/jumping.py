"""Continues a frame at another line (f_lineno); on the stopped thread, inside the engine's callback."""
import sys

import _warnings


def jump(frame, line):
    """ValueError with CPython's reason. The warning about locals that become None is for nobody: it is silenced."""
    modules = [module for module in (sys.modules.get("warnings"), _warnings) if isinstance(getattr(module, "filters", None), list)]
    entry = ("ignore", None, RuntimeWarning, None, 0)
    changed = getattr(_warnings, "_filters_mutated", None) or getattr(_warnings, "_filters_mutated_lock_held", lambda: None)
    for module in modules:
        module.filters.insert(0, entry)
    try:
        changed()
        frame.f_lineno = line
    finally:
        for module in modules:
            for index, one in enumerate(module.filters):
                if one is entry:
                    del module.filters[index]
                    break
        try:
            changed()
        except RuntimeError:
            pass  # 3.14 wants a lock for it
