"""setVariable and setExpression. On the stopped thread.

Where a variable is kept was noted when it was shown (`place`); values are expressions of the frame.
"""
from gantry_agent import budget, children, evaluate, namespaces, values, variables
from gantry_agent.containers import Child
from gantry_agent.values import Refused, derives, known, lookup

NEW_VALUE = '_gantry_value_'
SECONDS = 10.0


def computed(text, frame, stop):
    """The value of an expression that the user typed."""
    snippet = evaluate.checked(text, frame, 'watch')
    return guarded(lambda: evaluate.execute(snippet, frame, stop))


def guarded(work):
    try:
        return budget.run(work, SECONDS)
    except budget.TimedOut as stopped:
        raise Refused(evaluate.timed_out(stopped))
    except evaluate.Failed as failed:
        raise Refused(values.error_text(failed.error))
    except (Refused, budget.Interrupted):
        raise
    except BaseException as error:
        raise Refused(values.error_text(error))


def set_variable(looking, arguments, stop):
    entry = looking.entry(arguments.get('variablesReference'))
    name = arguments.get('name')
    place = entry.places.get(name) or guess(entry, name)
    refuse_early(entry, place)
    value = computed(arguments.get('value') or '', entry.frame, stop)
    stored = guarded(lambda: store(entry, place, value))
    expr = None
    for child in shown_again(looking, entry, name, place):
        expr = child.expr
    view = looking.view(entry.frame, entry.thread, arguments.get('format'))
    made = view.variable(Child(name, stored, expr, place), entry.number, name)
    return {key: made[key] for key in made if key not in ('name', 'presentationHint', 'evaluateName')}


def shown_again(looking, entry, name, place):
    """The child as its parent shows it, for its expression: cheap only for names and attributes."""
    if place[0] in ('local', 'global') and name.isidentifier():
        return [Child(name, None, name)]
    if place[0] == 'attribute':
        return [Child(name, None, children.attribute_expr(entry.expr, name))]
    if place[0] == 'item' and entry.expr and type(place[1]) in (int, str):
        return [Child(name, None, '%s[%r]' % (entry.expr, place[1]))]
    return []


def guess(entry, name):
    """Where a variable is kept that was not listed at this stop."""
    source = entry.source
    if type(source) is variables.Value:
        kind = type(source.value)
        if derives(kind, list) and type(name) is str and name.isdigit():
            return 'item', int(name)
        if children.stored(source.value, name) is not values.NOTHING:
            return 'attribute', name
    place = getattr(source, 'place', None)
    if place in ('local', 'global'):
        return place, name
    raise Refused('%s is not shown here: list the variables again.' % name)


REASONS = {'member': 'The elements of a set cannot be replaced: evaluate .remove() and .add() instead.',
           'fixed': 'A %s cannot be changed: assign a new one to its variable.'}


def refuse_early(entry, place):
    """Before the new value is computed, what can never be assigned."""
    if place[0] in REASONS:
        reason = REASONS[place[0]]
        raise Refused(reason % values.type_name(entry.value) if '%s' in reason else reason)
    if type(entry.value) is values.PROXY:
        raise Refused('A mappingproxy cannot be changed: change the mapping behind it.')


def store(entry, place, value):
    """Assigns; gives what is there afterwards, which a property or an array may have converted."""
    what, key = place
    if what == 'local':
        namespaces.bind(entry.frame, key, value)
        return value
    if what == 'global':
        entry.frame.frame.f_globals[key] = value
        return value
    if what == 'attribute':
        target = entry.source.value if type(entry.source) in (variables.Value, children.Lazy) else owner(entry)
        setattr(target, key, value)
        found = children.stored(target, key)
        return value if found is values.NOTHING else found
    return store_item(entry.value if entry.value is not None else entry.source.value, key, value)


def owner(entry):
    found = getattr(entry.source, 'owner', None)
    if found is None:
        raise Refused('This cannot be assigned here: use its expression.')
    return found


def store_item(target, key, value):
    """Through the class's own __setitem__ where it has one, as an assignment in the program would."""
    kind = type(target)
    if lookup(kind, '__setitem__') is values.NOTHING:
        raise Refused('A %s cannot be changed: assign a new one to its variable.' % values.type_name(target))
    target[key] = value
    array = known('numpy', 'ndarray')
    if array is not None and derives(kind, array) or derives(kind, list) or kind is dict:
        return target[key]
    return value


def set_expression(looking, arguments, stop):
    """`expression = value`, where the expression may be any that Python can assign to."""
    frame = looking.frame(arguments.get('frameId'), stop)
    text = (arguments.get('expression') or '').strip()
    value = computed(arguments.get('value') or '', frame, stop)
    if frame is not None and text.isidentifier() and namespaces.separate(frame.frame) and \
            text not in namespaces.read_all(frame) and text in frame.frame.f_globals:
        frame.frame.f_globals[text] = value
    else:
        assign_to(text, frame, stop, value)
    shown = evaluate.checked(text, frame, 'watch')
    found = guarded(lambda: evaluate.execute(shown, frame, stop))
    made = evaluate.result(looking, frame, stop, found, evaluate.expression_text(text), text, 'watch',
                           arguments.get('format'))
    made['value'] = made.pop('result')
    return made


def assign_to(text, frame, stop, value):
    try:
        snippet = evaluate.snippets.parse('%s = %s' % (text, NEW_VALUE),
                                          frame.frame if frame is not None else None)
    except SyntaxError as error:
        raise Refused('Nothing can be assigned to this expression: %s.' % error.msg)
    guarded(lambda: evaluate.execute(snippet, frame, stop, {NEW_VALUE: value}))
