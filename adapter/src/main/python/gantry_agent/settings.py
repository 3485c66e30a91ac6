"""What `configure` has set; read on any thread, replaced whole on the agent's."""


class Refused(Exception):
    """What was asked cannot be done; the text is for the user and says why."""


class Settings:
    """Attributes in the agent's own spelling, with the defaults of the contract."""

    def __init__(self, arguments=None):
        arguments = arguments or {}
        self.just_my_code = _flag(arguments, "justMyCode", True)
        self.rules = list(arguments.get("rules") or ())
        self.stop_on_entry = _flag(arguments, "stopOnEntry", False)
        self.show_return_value = _flag(arguments, "showReturnValue", True)
        wanted = arguments.get("breakOnSystemExit")
        self.break_on_system_exit = None if wanted is None else tuple(wanted) if isinstance(wanted, (list, tuple)) else wanted
        self.break_on_system_exit_zero = _flag(arguments, "breakOnSystemExitZero", False)
        self.max_exception_stack_frames = arguments.get("maxExceptionStackFrames") or 0
        self.stepping_resumes_all = _flag(arguments, "steppingResumesAllThreads", True)
        self.stop_all = _flag(arguments, "stopAllThreadsOnSuspend", True)
        self.resolve_symlinks = arguments.get("resolveSymlinks")
        self.variable_presentation = arguments.get("variablePresentation") or {}
        self.client = arguments.get("client") or {}
        self.arguments = arguments


def _flag(arguments, name, default):
    value = arguments.get(name)
    return default if value is None else bool(value)
