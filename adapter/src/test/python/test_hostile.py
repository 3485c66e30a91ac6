"""Seeded random classes that raise, lie or recurse in their special methods: looking at them never fails as a whole."""
import random
import unittest

from gantry_agent import values
from looked import View

METHODS = ('__len__ __repr__ __str__ __getattr__ __getattribute__ __class__ __eq__ __hash__ __iter__ __next__ __bool__ '
           '__getitem__ __setitem__ __contains__ __dir__ __format__ __call__ __dict__ __doc__ __module__ __index__ '
           '__int__ __float__ __reversed__ __length_hint__ __get__ __set__ __dataclass_fields__ __attrs_attrs__ _fields '
           '__gantry_summary__ __gantry_children__ __annotations__').split()
OF_CLASS = '__eq__ __hash__ __getattribute__ __instancecheck__ __repr__ __call__ __len__'.split()
BASES = (object, list, dict, tuple, set, str, int, bytes, Exception, type, frozenset, float)


def misbehaving(way):
    def method(*args, **more):
        if way < 3:
            raise (RuntimeError, SystemExit, KeyboardInterrupt)[way]('asked')
        return (5, None, 'text', args[0] if args else None, [args])[way - 3]
    return method


class Descriptor:
    def __init__(self, work):
        self.work = work

    def __get__(self, value, kind=None):
        return self.work()

    def __set__(self, value, new):
        self.work()


def member(chance):
    work = misbehaving(chance.randrange(8))
    way = chance.randrange(4)
    if way < 2:
        return work
    return property(work) if way == 2 else chance.choice([5, None, 's', (), [], Descriptor(work)])


def hostile(chance):
    """An object of a new class, or a class; None where Python itself refuses to make it."""
    base = chance.choice(BASES)
    space = {name: member(chance) for name in chance.sample(METHODS, chance.randrange(1, 12))}
    of_class = {name: misbehaving(chance.randrange(8)) for name in chance.sample(OF_CLASS, chance.randrange(4))}
    try:
        meta = type('Meta', (type,), of_class) if of_class and base is not type else type
        kind = type.__new__(meta, 'Kind', (base,), space)
        if base is type:
            return type.__new__(kind, 'Made', (), {})
        value = base.__new__(kind, *([[1, 2]] if base in (tuple, frozenset) else []))
    except Exception:
        return None
    if base is list:
        list.extend(value, [1, value])
    elif base is dict:
        dict.update(value, {'a': 1, 2: value})
    elif base is set:
        set.update(value, {1})
    return value


def look(value):
    """Everything that a client may ask about a value; only Refused may come."""
    view = View()
    asked = [lambda: view.value('value', 'repl'), lambda: view.value('value', 'clipboard'),
             lambda: view.value('[value for _ in "a"]'), lambda: view.value('value.a', 'hover'),
             lambda: view.ask('completions', text='value.', column=7, frameId=view.frame),
             lambda: view.ask('set_variable', variablesReference=view.scopes()['Locals']['variablesReference'],
                              name='value', value='value'),
             lambda: view.stack(format={'parameters': True, 'parameterValues': True})]
    if values.derives(type(value), BaseException):
        stopped = View(exc=value)
        asked.extend((lambda: stopped.ask('exception_info', threadId=1), stopped.stack, stopped.scopes))
    for one in view.locals().values():
        if one['variablesReference']:
            for child in view.children(one):
                if child['variablesReference']:
                    asked.append(lambda number=child['variablesReference']: view.children(number))
    for work in asked:
        try:
            work()
        except values.Refused:
            pass


class HostileTest(unittest.TestCase):
    def test_random_classes(self):
        chance = random.Random(20)
        count = 0
        for number in range(400):
            value = hostile(chance)
            if value is not None:
                count += 1
                try:
                    look(value)
                except BaseException as error:
                    raise AssertionError('object %d of the series' % number) from error
        self.assertGreater(count, 200)


if __name__ == '__main__':
    unittest.main()
