"""(stand-in of B's part) Table of breakpoints."""


class Hit:
    def __init__(self, reason, ids, description=None, text=None):
        self.reason, self.ids, self.description, self.text = reason, ids, description, text


class Spot:
    def __init__(self, number, condition):
        self.number, self.condition = number, condition

    def hit(self, frame):
        try:
            if self.condition is not None and not eval(self.condition, frame.f_globals, frame.f_locals):
                return None
        except Exception:
            return None
        return Hit("breakpoint", [self.number])


class Spots:
    def __init__(self, lines):
        self.lines, self.offsets, self.entry = lines, {}, None


class Table:
    def __init__(self, agent):
        self.agent, self.generation, self._by_path, self._last = agent, 0, {}, 0

    def set_source(self, arguments):
        path, answers, spots = arguments["source"]["path"], [], {}
        for wanted in arguments.get("breakpoints") or ():
            self._last += 1
            condition = wanted.get("condition")
            spots[wanted["line"]] = Spot(self._last, compile(condition, "<condition>", "eval") if condition else None)
            answers.append({"id": self._last, "verified": True, "line": wanted["line"]})
        self._by_path[path] = spots
        self.generation += 1
        return answers

    def set_functions(self, arguments):
        return []

    def spots_for(self, code):
        wanted = self._by_path.get(code.co_filename)
        if not wanted:
            return None
        here = {line for _, _, line in code.co_lines()} if hasattr(code, "co_lines") else set(wanted)
        lines = {line: spot for line, spot in wanted.items() if line in here}
        return Spots(lines) if lines else None

    def on_code(self, code):
        pass
