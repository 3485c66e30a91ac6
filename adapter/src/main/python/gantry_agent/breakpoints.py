"""The table of breakpoints: set on the agent thread, looked up on the target's threads without a lock.

The maps are replaced as a whole, never changed in place, so that a reader sees the old or the new table. `generation`
counts the tables; spots are cached by code object for one generation.
"""
from gantry_agent import expressions, functions, lines, logpoints, positions, spots, texts

_CHANGED = 'The file has changed since the program loaded it: this is a line of what was loaded. Restart to run the new text.'
_NO_COLUMNS = 'This Python cannot stop at this column by itself: the breakpoint is for the line.'


class Breakpoint:
    """One breakpoint as the client set it, and what has become of it. `kind` is the reason of its stop."""

    def __init__(self, number, kind, arguments):
        self.id, self.kind = number, kind
        self.line, self.column = arguments.get('line'), arguments.get('column')
        if type(self.column) is not int:
            self.column = None
        self.name = arguments.get('name')
        self.place = self.text = self.source = None
        self.verified, self.message, self.reason = False, None, 'pending'
        self.condition = self.test = self.log = None
        self.refused = None
        self.failures = 0
        # The next number of a hit; a range's iterator counts without a lock.
        self.next_hit = iter(range(1, 1 << 62)).__next__
        try:
            self._compile(arguments)
        except expressions.Invalid as error:
            self.refused = str(error)

    def _compile(self, arguments):
        for name in ('condition', 'hitCondition', 'logMessage'):
            if not isinstance(arguments.get(name) or '', str):
                raise expressions.Invalid('The %s of a breakpoint is a text, not %s.' % (name, type(arguments[name]).__name__))
        if (arguments.get('condition') or '').strip():
            self.condition = expressions.Expression(arguments['condition'])
        if (arguments.get('hitCondition') or '').strip():
            self.test = expressions.hit_test(arguments['hitCondition'])
        if arguments.get('logMessage'):
            self.log = logpoints.Template(arguments['logMessage'])

    def armed(self):
        return self.refused is None and self.verified and self.place is not None

    def refuse(self, message, reason='failed'):
        self.verified, self.message, self.reason, self.place = False, message, reason, None

    def put(self, place, text):
        self.place, self.text = place, text
        self.verified, self.message, self.reason = True, place.message, None
        if self.refused:
            self.verified, self.message, self.reason = False, self.refused, 'failed'

    def answer(self):
        """The DAP Breakpoint."""
        body = {'id': self.id, 'verified': self.verified}
        if self.message:
            body['message'] = self.message
        if not self.verified and self.reason:
            body['reason'] = self.reason
        if self.source:
            body['source'] = self.source
        place = self.place
        if place is None:
            if self.line is not None:
                body['line'] = self.line
            return body
        body['line'] = place.line
        if place.unit is not None and self.text is not None:
            if self.column or place.nested:
                body.update(lines.describe(self.text, place.unit))
        return body

    def counted(self, frame, item, agent):
        """The condition holds here: counts the hit, writes the log message; whether to stop. On the target's thread."""
        if self.test is not None and not self.test(self.next_hit()):
            return False
        return self.reached(frame, item, agent)

    def reached(self, frame, item, agent):
        """The count holds too."""
        if self.log is None:
            return True
        spots.said(frame, self, agent, 'stdout', self.log.render(frame, item.class_name))
        return False

    def condition_failed(self, frame, error, agent):
        """The text with which to stop at the first failure; None at later ones, and for a log message, which never stops."""
        if type(error) is RecursionError and _no_room(error):
            raise error
        self.failures += 1
        if self.failures > 1:
            return None
        text = 'The condition "%s" failed: %s' % (self.condition.text, expressions.failure_text(error))
        spots.said(frame, self, agent, 'important', text)
        return text if self.log is None else None


def _no_room(error):
    """Whether the target's own recursion has left no room for the condition, which has not recursed itself. Then it is the target's
    error; to stop there would need more room, and Python 3.8 ends the process for that."""
    trace, length = error.__traceback__, 0
    while trace is not None and length < 8:
        trace, length = trace.tb_next, length + 1
    return length < 8


class Table:
    """All line, column and function breakpoints."""

    def __init__(self, agent):
        self.agent, self.files = agent, agent.files
        self.generation = 0
        self.by_key = {}
        self.functions = []
        self.roots = functions.Roots(self.files)
        self._numbers = {}
        self._cache = {}

    # ---- setting, on the agent thread

    def number_for(self, identity):
        found = self._numbers.get(identity)
        if found is None:
            found = self._numbers[identity] = self.agent.next_breakpoint_id()
        return found

    def set_source(self, arguments):
        """setBreakpoints: the answers, in the order of the request."""
        source = arguments.get('source') or {}
        wanted = arguments.get('breakpoints')
        if wanted is None:
            wanted = [{'line': line} for line in arguments.get('lines') or ()]
        key = self.files.source_key(source)
        known = {each.identity: each for each in self.by_key.get(key, ())}
        chosen, used = [], {}
        for each in wanted:
            each = each if isinstance(each, dict) else {}
            place = key, repr(each.get('line')), repr(each.get('column'))
            used[place] = used.get(place, 0) + 1
            chosen.append(self._kept(known, place + (used[place],), 'breakpoint', each))
        text, problem = self._text(key)
        for each in chosen:
            each.source = self.files.source_of_key(key)
            self._resolve(each, key, text, problem)
        table = dict(self.by_key)
        table.pop(key, None)
        if chosen:
            table[key] = chosen
        self._replace(table, self.functions)
        return [each.answer() for each in chosen]

    def _kept(self, known, identity, kind, arguments):
        """The breakpoint of before, with its count, if it is asked for in the same words; else a new one of the same number."""
        definition = tuple(repr(arguments.get(name) or '') for name in ('condition', 'hitCondition', 'logMessage'))
        old = known.get(identity)
        if old is not None and old.definition == definition:
            return old
        made = Breakpoint(self.number_for(identity), kind, arguments)
        made.identity, made.definition = identity, definition
        return made

    def _text(self, key):
        """(Text, None), (None, None) when there is no such file, (None, message) when it cannot be read as source."""
        try:
            return self.files.text(key), None
        except SyntaxError as error:
            return None, 'This file cannot be read as Python source: %s.' % texts.reason_of(error)
        except (OSError, ValueError):
            return None, None

    def _resolve(self, breakpoint, key, text, problem):
        if type(breakpoint.line) is not int:
            return breakpoint.refuse('A breakpoint needs the number of a line.')
        place = self._place(breakpoint, key, text, problem)
        if isinstance(place, lines.Refusal):
            breakpoint.refuse(place.message)
        elif place is None:
            breakpoint.refuse('No code of this file is loaded and there is no such file: the breakpoint waits for it.', 'pending')
        else:
            breakpoint.put(place, text)
        if breakpoint.refused:
            breakpoint.verified, breakpoint.message, breakpoint.reason = False, breakpoint.refused, 'failed'

    def _place(self, breakpoint, key, text, problem):
        loaded = self.roots.lines(key)
        if loaded is not None:
            if text is None or text.outline.code is None:
                return lines.resolve_loaded(loaded, breakpoint.line, _CHANGED if problem or text is not None else None)
            if self.roots.changed(key, text, self.files.stamp(key)):
                return lines.resolve_loaded(loaded, breakpoint.line, _CHANGED)
        if text is None:
            return lines.Refusal(problem) if problem else None
        place = lines.resolve(text, breakpoint.line, breakpoint.column)
        if isinstance(place, lines.Place) and place.columned and not text.can_stop_at(place.unit):
            place = lines.resolve(text, breakpoint.line)
            if isinstance(place, lines.Place):
                place.message = _NO_COLUMNS
        return place

    def set_functions(self, arguments):
        """setFunctionBreakpoints: the answers, in the order of the request."""
        known = {each.identity: each for each in self.functions}
        chosen, used = [], {}
        for each in arguments.get('breakpoints') or ():
            name = (each.get('name') or '').strip()
            used[name] = used.get(name, 0) + 1
            made = self._kept(known, ('function', name, used[name]), 'function breakpoint', each)
            chosen.append(made)
            if made.place is None:
                self._find_function(made, name)
        self._replace(self.by_key, chosen)
        return [each.answer() for each in chosen]

    def _find_function(self, breakpoint, name):
        try:
            breakpoint.wanted = functions.Name(name)
        except expressions.Invalid as error:
            breakpoint.wanted = None
            return breakpoint.refuse(str(error))
        breakpoint.refuse('No function named %s has been seen yet: the breakpoint waits for it.' % name, 'pending')
        code = self.roots.find(breakpoint.wanted)
        if code is not None:
            self._found(breakpoint, code)
        elif breakpoint.refused:
            breakpoint.refuse(breakpoint.refused)

    def _found(self, breakpoint, code):
        breakpoint.source = self.files.source(code)
        breakpoint.put(lines.Place(positions.first_event(code)[0]), None)

    def _replace(self, by_key, chosen_functions):
        self.by_key, self.functions = by_key, chosen_functions
        self._cache = {}
        self.generation += 1

    # ---- looking up, on the target's threads

    def spots_for(self, code):
        """The Spots of a code object, or None: cached, with the code kept alive so that its id stays its own."""
        known = self._cache.get(id(code))
        if known is not None:
            return known[1]
        cache, found = self._cache, None
        if self.by_key or self.functions:
            try:
                found = self._build(code)
            except Exception as error:
                spots.guard(error, self.agent, 'spots_for')
        cache[id(code)] = code, found
        return found

    def forget(self, code):
        """Lets go of a code object that holds nothing, for an engine that asks only once."""
        self._cache.pop(id(code), None)

    def _build(self, code):
        here = self.by_key.get(self.files.key_of(code), ()) if self.by_key else ()
        if here and not any(each.armed() for each in here):
            here = ()
        entered = [each for each in self.functions if each.wanted is not None and self._enters(each, code)]
        if not here and not entered:
            return None
        return spots.build(code, here, entered, self.roots.scope(code), self.agent)

    def _enters(self, breakpoint, code):
        if not self.roots.matches(breakpoint.wanted, code):
            return False
        if breakpoint.place is None:
            self._found(breakpoint, code)
            self._tell(breakpoint)
        return True

    def on_code(self, code):
        """A code object was seen for the first time: what waited for it is resolved, and the client told."""
        try:
            fresh = self.roots.add(code)
            if fresh:
                self.files.seen(code)
                key = self.files.key_of(code) if self.by_key else None
                if key in self.by_key:
                    self._loaded(key)
            if self.functions:
                self._look_for_functions(positions.walk(code) if fresh else (code,))
        except Exception as error:
            spots.guard(error, self.agent, 'on_code')

    def _loaded(self, key):
        text, problem = self._text(key)
        changed = []
        for each in self.by_key[key]:
            before = each.answer()
            self._resolve(each, key, text, problem)
            if each.answer() != before:
                changed.append(each)
        if changed:
            self._replace(self.by_key, self.functions)
            for each in changed:
                self._tell(each)

    def _look_for_functions(self, codes):
        waiting = {}
        for each in self.functions:
            if each.wanted is not None and each.place is None:
                waiting.setdefault(each.wanted.last, []).append(each)
        for code in codes if waiting else ():
            for each in waiting.get(code.co_name, ()):
                if each.place is None and self.roots.matches(each.wanted, code):
                    self._found(each, code)
                    self._tell(each)

    def _tell(self, breakpoint):
        self.agent.send_event('breakpoint', {'reason': 'changed', 'breakpoint': breakpoint.answer()})

    # ---- other requests

    def requests(self):
        return {'breakpointLocations': ('here', self.locations)}

    def locations(self, arguments):
        """breakpointLocations."""
        text, problem = self._text(self.files.source_key(arguments.get('source') or {}))
        if text is None:
            return {'breakpoints': []}
        first = arguments.get('line') or 1
        last = arguments.get('endLine') or first
        return {'breakpoints': lines.locations(text, first, last, arguments.get('column'), arguments.get('endColumn'))}
