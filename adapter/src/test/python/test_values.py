"""What variables show: text, children, paging, hints. Values of every kind, also of classes that lie."""
import array
import collections
import ctypes
import dataclasses
import datetime
import enum
import functools
import pathlib
import queue
import re
import sys
import threading
import time
import types
import unittest

from gantry_agent import budget, values
from looked import View


@dataclasses.dataclass
class Point:
    x: int
    y: object = None
    hidden: int = dataclasses.field(default=0, repr=False)


@dataclasses.dataclass
class Own:
    x: int

    def __repr__(self):
        return 'own repr'


Pair = collections.namedtuple('Pair', 'left right')


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Plain:
    shared = 5

    def __init__(self):
        self.a = 1
        self._b = 2
        self.__c = 3

    @property
    def area(self):
        return self.a * 100

    @functools.cached_property
    def slow(self):
        return 'computed'

    @property
    def bad(self):
        raise KeyError('no')

    def method(self):
        return View()


class Slots:
    __slots__ = ('one', 'two', '__dict__')

    def __init__(self):
        self.one = 1
        self.extra = 2


class Liar(list):
    """A list that raises in whatever is asked of it."""

    def broken(self, *args):
        raise RuntimeError('asked')

    __len__ = __repr__ = __getitem__ = __iter__ = __eq__ = __hash__ = __getattr__ = __bool__ = __str__ = broken
    __getattribute__ = broken

    @property
    def __class__(self):
        raise RuntimeError('asked')

    @property
    def __dict__(self):
        raise RuntimeError('asked')


class Meta(type):
    def __eq__(cls, other):
        raise RuntimeError('compared')

    def __hash__(cls):
        raise RuntimeError('hashed')

    def __getattribute__(cls, name):
        raise RuntimeError('asked')


class OfMeta(metaclass=Meta):
    pass


class Summarised:
    def __gantry_summary__(self):
        return 'my summary'

    def __gantry_children__(self):
        return {'first': 1, 'second': [2]}


def child(value, **settings):
    """The variable of a local that holds the value."""
    return View(**settings).locals()['value']


def shown(value):
    return child(value)['value']


def children(value, **arguments):
    view = View()
    return view.children(view.locals()['value'], **arguments)


class TextTest(unittest.TestCase):
    def test_scalars_and_strings(self):
        for value in (1, -5, True, None, 1.5, 2j, 'a', b'b', bytearray(b'c'), ..., range(3), 10 ** 30):
            self.assertEqual(repr(value), shown(value))

    def test_control_characters_and_lone_surrogates_are_escaped(self):
        self.assertEqual("'\\x00\\udc80\\n\\x1b'", shown('\0\udc80\n\x1b'))

        class Ugly:
            def __repr__(self):
                return 'a\0b\x1b[31m'
        self.assertEqual('a\\x00b\\x1b[31m', shown(Ugly()))

    def test_huge_ints_are_hexadecimal_and_tell_their_size(self):
        self.assertRegex(shown(10 ** 5000), r'^0x31e208.*\.\.\. \(16,610 bits\)$')
        self.assertRegex(shown(-10 ** 5000), r'^-0x31e208')
        self.assertIn('bits', shown([10 ** 5000]))

    def test_text_is_limited_and_quick_for_huge_values(self):
        started = time.thread_time()
        for value in ('x' * 50000000, b'x' * 50000000, list(range(1000000)), [['a' * 10000] * 10000] * 10):
            self.assertLessEqual(len(shown(value)), values.VIEW_CHARS + 50)
        self.assertLess(time.thread_time() - started, 1)

    def test_containers_that_hold_themselves(self):
        value = [1]
        value.append(value)
        self.assertEqual('[1, [...]]', shown(value))
        value = {}
        value['me'] = value
        self.assertEqual("{'me': {...}}", shown(value))

    def test_containers(self):
        for value in ([], (), (1,), {}, set(), {1}, frozenset({1}), {1: [2, {3: (4,)}]}, [None, 'a']):
            self.assertEqual(repr(value), shown(value))
        self.assertTrue(shown(list(range(500))).endswith('... 440 more]'))

    def test_dataclass(self):
        self.assertEqual("Point(x=1, y=[2])", shown(Point(1, [2])))
        self.assertEqual('own repr', shown(Own(1)))
        self.assertLess(len(shown(Point(1, list(range(10 ** 6))))), 1100)

    def test_namedtuple_enum_and_namespace(self):
        self.assertEqual("Pair(left=1, right='r')", shown(Pair(1, 'r')))
        self.assertEqual('<Colour.RED: 1>', shown(Colour.RED))
        self.assertEqual('<Level.LOW: 1>', shown(Level.LOW))
        self.assertEqual("SimpleNamespace(a=1)", shown(types.SimpleNamespace(a=1)))

    def test_collections(self):
        self.assertEqual('deque([1, 2], maxlen=3)', shown(collections.deque([1, 2], 3)))
        self.assertEqual("OrderedDict({'a': 1})", shown(collections.OrderedDict(a=1)))
        self.assertEqual("Counter({'a': 2})", shown(collections.Counter('aa')))
        self.assertEqual("defaultdict({'a': []})", shown(collections.defaultdict(list, a=[])))
        self.assertEqual("array('i', [1, 2])", shown(array.array('i', [1, 2])))
        self.assertEqual("dict_keys(['a'])", shown({'a': 1}.keys()))
        self.assertEqual("mappingproxy({'a': 1})", shown(types.MappingProxyType({'a': 1})))
        self.assertIn('ChainMap', shown(collections.ChainMap({'a': 1})))
        self.assertEqual("{'a': 1}", shown(collections.UserDict(a=1)))
        self.assertEqual(["'a'"], [one['name'] for one in children(collections.UserDict(a=1), filter='indexed')])
        self.assertTrue(shown(functools.partial(len, [1] * 10 ** 6, k=2)).startswith('partial(<built-in function len>, [1'))
        chain = children(collections.ChainMap({'a': 1}, {'a': 2, 'b': 3}), filter='indexed')
        self.assertEqual({"'a'": '1', "'b'": '3'}, {one['name']: one['value'] for one in chain})

    def test_other_library_values(self):
        self.assertEqual('datetime.date(2020, 1, 2)', shown(datetime.date(2020, 1, 2)))
        self.assertEqual("PosixPath('/tmp')", shown(pathlib.PosixPath('/tmp')))
        self.assertIn("match='a'", shown(re.match('a', 'a')))
        self.assertEqual("re.compile('a+')", shown(re.compile('a+')))
        self.assertEqual("ValueError('a', 1)", shown(ValueError('a', 1)))
        self.assertIn('unlocked', shown(threading.Lock()))
        self.assertRegex(shown(threading.current_thread()), "^<_MainThread 'MainThread', ident ")
        self.assertIn("format 'B', shape (3,): b'abc'", shown(memoryview(bytearray(b'abc'))))
        self.assertIn('Queue', shown(queue.Queue()))
        self.assertEqual('c_int(5)', shown(ctypes.c_int(5)))
        wild = ctypes.c_char_p()
        ctypes.memmove(ctypes.addressof(wild), (4096).to_bytes(8, sys.byteorder), ctypes.sizeof(wild))
        self.assertEqual('c_char_p at 0x1000', shown(wild))
        self.assertTrue(children(wild))

    def test_code(self):
        def function(a, b=1, *rest, c, d='x', **more):
            yield a
        inner = function
        self.assertTrue(values.text(inner).endswith(".function(a, b=1, *rest, c, d='x', **more)>"))
        self.assertIn('<bound method Plain.method(self) of <', values.text(Plain().method))
        self.assertEqual("<class '%s.Plain'>" % __name__, values.text(Plain))
        self.assertRegex(values.text(re), "^<module 're' from ")
        made = function(1, c=2)
        self.assertIn('not started', values.text(made))
        next(made)
        self.assertIn('suspended, line %d' % (function.__code__.co_firstlineno + 1), values.text(made))
        list(made)
        self.assertIn('finished', values.text(made))

        async def coroutine():
            pass
        waiting = coroutine()
        self.assertIn('<coroutine ', values.text(waiting))
        waiting.close()

    def test_hexadecimal_format(self):
        view = View()
        value = [255, {16: 17}]
        scope = view.scopes()['Locals']['variablesReference']
        found = view.named(scope, format={'hex': True})
        self.assertEqual('[0xff, {0x10: 0x11}]', found['value']['value'])


class HostileTest(unittest.TestCase):
    def test_a_list_that_raises_in_everything(self):
        value = Liar([1, 2, 3])
        view = View()
        found = view.locals()['value']
        self.assertEqual('<repr failed: RuntimeError: asked>', found['value'])
        self.assertEqual('Liar', found['type'])
        self.assertEqual(3, found['indexedVariables'])
        names = [one['value'] for one in view.children(found, filter='indexed')]
        self.assertEqual(['1', '2', '3'], names)
        view.children(found)
        list.append(value, 4)

    def test_a_metaclass_that_raises_in_everything(self):
        value = OfMeta()
        view = View()
        found = view.locals()['value']
        self.assertEqual('OfMeta', found['type'])
        view.children(found)
        kind = OfMeta
        self.assertIn('OfMeta', view.named(view.locals()['class variables'])['kind']['value'])

    def test_repr_of_wrong_type_or_of_a_str_subclass(self):
        class Wrong:
            def __repr__(self):
                return 5

        class Text(str):
            def __len__(self):
                raise RuntimeError

            def __getitem__(self, index):
                raise RuntimeError

        class Sub:
            def __repr__(self):
                return Text('sub')
        self.assertIn('repr failed: TypeError', shown(Wrong()))
        self.assertEqual('sub', shown(Sub()))

    def test_errors_that_cannot_be_told(self):
        class Mute(Exception):
            def __str__(self):
                raise ValueError

        class Bad:
            def __repr__(self):
                raise Mute()
        self.assertEqual('<repr failed: Mute: <str failed>>', shown(Bad()))

        class Exits:
            def __repr__(self):
                raise SystemExit(3)
        self.assertEqual('<repr failed: SystemExit: 3>', shown(Exits()))

    def test_an_endless_repr_is_interrupted(self):
        class Endless:
            def __repr__(self):
                while True:
                    pass
        started = time.monotonic()
        found = shown([Endless(), 5])
        self.assertRegex(found, r'^\[<repr stopped after 0\.\d s>, 5\]$')
        self.assertLess(time.monotonic() - started, 5)

    def test_many_slow_reprs_do_not_stall_a_view(self):
        class Slow:
            def __repr__(self):
                until = time.monotonic() + 0.4
                while time.monotonic() < until:
                    pass
                return 'slow'
        value = [Slow() for _ in range(50)]
        view = View()
        reference = view.evaluate('value')
        started = time.monotonic()
        found = view.children(reference)
        self.assertEqual(50, len(found))
        self.assertLess(time.monotonic() - started, 6)
        self.assertIn('not shown', found[-1]['value'])
        self.assertEqual(50, len(value))

    def test_repr_that_recurses_for_ever(self):
        class Deep:
            def __repr__(self):
                return repr(self)
        self.assertIn('RecursionError', shown(Deep()))


class ChildrenTest(unittest.TestCase):
    def test_attributes_of_an_object(self):
        value = Plain()
        view = View()
        found = view.named(view.locals()['value'])
        self.assertEqual('1', found['a']['value'])
        self.assertEqual('protected', found['_b']['presentationHint']['visibility'])
        self.assertEqual('private', found['_Plain__c']['presentationHint']['visibility'])
        self.assertIn('static', found['shared']['presentationHint']['attributes'])
        self.assertEqual('value.a', found['a']['evaluateName'])
        self.assertIn('function variables', found)
        methods = view.named(found['function variables'])
        self.assertEqual('method', methods['method']['presentationHint']['kind'])
        self.assertEqual('value.method', methods['method']['evaluateName'])
        self.assertEqual(1, value.a)

    def test_properties_are_lazy(self):
        value = Plain()
        view = View()
        found = view.named(view.locals()['value'])
        for name, text in (('area', '100'), ('slow', "'computed'")):
            self.assertTrue(found[name]['presentationHint']['lazy'])
            self.assertNotIn('slow', vars(value))
            inner, = view.children(found[name])
            self.assertEqual((name, text), (inner['name'], inner['value']))
        inner, = view.children(found['bad'])
        self.assertIn("KeyError: 'no'", inner['value'])
        self.assertNotIn('lazy', view.named(view.locals()['value'])['slow']['presentationHint'])

    def test_what_the_interpreter_keeps_of_functions_generators_and_exceptions(self):
        def function(a=5):
            yield a
        generator = function()
        error = KeyError('k')
        error.__cause__ = ValueError('v')
        view = View()
        found = view.locals()
        inner = view.named(view.named(found['function variables'])['function'])
        self.assertEqual('(5,)', view.named(inner['special variables'])['__defaults__']['value'])
        names = view.named(found['generator'])
        self.assertEqual(('False', 'generator.gi_running'),
                         (names['gi_running']['value'], names['gi_running']['evaluateName']))
        names = view.named(found['error'])
        self.assertEqual("('k',)", names['args']['value'])
        self.assertEqual("ValueError('v')", view.named(names['special variables'])['__cause__']['value'])
        self.assertTrue(generator)

    def test_slots_and_dictionary(self):
        view = View()
        value = Slots()
        found = view.named(view.locals()['value'])
        self.assertEqual(['1', '2'], [found['one']['value'], found['extra']['value']])
        self.assertNotIn('two', found)
        self.assertTrue(value)

    def test_evaluate_names_really_evaluate(self):
        value = {'k': [1, (2,)], 1.5: Plain(), (1, 'a'): {2: 3}, b'x': Slots(), None: Pair(1, 2), Colour.RED: 7}
        odd = types.SimpleNamespace(**{'not a name': 1, '__private': 2})
        deck = collections.deque([5])
        view = View()
        checked = [0]

        def check(found, depth):
            for one in found:
                name = one.get('evaluateName')
                if name and one['value'] != '(...)':
                    self.assertEqual(one['value'], view.value(name), name)
                    checked[0] += 1
                if one['variablesReference'] and depth < 3 and one['presentationHint'].get('kind') != 'virtual':
                    check(view.children(one), depth + 1)
        locals_ = view.locals()
        check([locals_[name] for name in ('value', 'odd', 'deck')], 0)
        self.assertGreater(checked[0], 20)
        self.assertTrue(odd and deck)

    def test_items_of_classes_that_answer_otherwise(self):
        class Other(dict):
            def __getitem__(self, key):
                return 'other'

        class Listed(list):
            def __getitem__(self, index):
                return 'other'
        table, items = Other(a=1), Listed([2])
        percent = {'100%d': [3]}
        view = View()
        for name, text in (('table', '1'), ('items', '2')):
            one = view.children(view.locals()[name], filter='indexed')[0]
            self.assertEqual((text, text), (one['value'], view.value(one['evaluateName'])))
        inner = view.children(view.children(view.locals()['percent'])[0])[0]
        self.assertEqual('3', view.value(inner['evaluateName']))
        self.assertTrue(table and items and percent)

    def test_private_names_by_hand_inside_a_method(self):
        view = Plain().method()
        self.assertEqual('3', view.value('self.__c'))
        self.assertEqual('3', view.value('self._Plain__c'))

    def test_groups_follow_variable_presentation(self):
        value = Plain()
        for how in ('inline', 'hide', 'group'):
            view = View(variable_presentation={'all': how, 'protected': 'inline'})
            found = view.named(view.locals()['value'])
            self.assertEqual(how == 'inline', 'method' in found)
            self.assertEqual(how == 'group', 'function variables' in found)
            self.assertIn('_b', found)
        self.assertTrue(value)

    def test_paging(self):
        for value in (list(range(1000)), tuple(range(1000)), collections.deque(range(1000)), range(1000),
                      array.array('i', range(1000)), dict.fromkeys(range(1000)), set(range(1000)),
                      frozenset(range(1000)), dict.fromkeys(range(1000)).keys(), memoryview(bytes(1000)),
                      types.MappingProxyType(dict.fromkeys(range(1000))), collections.OrderedDict.fromkeys(range(1000))):
            view = View()
            found = view.locals()['value']
            self.assertEqual(1000, found['indexedVariables'], type(value))
            page = view.children(found, filter='indexed', start=900, count=50)
            self.assertEqual(50, len(page))
            if type(value) is not memoryview:
                self.assertIn('925', (page[25]['name'], page[25]['value']))
            self.assertEqual(5, len(view.children(found, filter='indexed', start=995, count=50)))
            self.assertEqual([], view.children(found, filter='indexed', start=2000, count=50))
            self.assertEqual(10, len(view.children(found, filter='indexed', start=0, count=10)))

    def test_clients_that_do_not_page_get_ranges(self):
        value = list(range(12345))
        view = View(client={'variablePaging': False, 'variableType': True})
        found = view.locals()['value']
        self.assertNotIn('indexedVariables', found)
        ranges = view.children(found)
        self.assertEqual('[0..9999]', ranges[0]['name'])
        self.assertEqual(2, len(ranges))
        inner = view.children(ranges[1])
        self.assertEqual('[10000..10099]', inner[0]['name'])
        page = view.children(inner[0])
        self.assertEqual(['10000', '10099'], [page[0]['name'], page[-1]['value']])
        self.assertEqual('value[10099]', page[-1]['evaluateName'])
        self.assertEqual('value[10000:10100]', inner[0]['evaluateName'])

    def test_huge_containers_are_not_copied(self):
        value = list(range(10 ** 7))
        table = dict.fromkeys(range(10 ** 6))
        view = View()
        found = view.locals()
        page = view.children(found['value'], filter='indexed', start=5 * 10 ** 6, count=100)
        self.assertEqual('5000000', page[0]['value'])
        work = min(timed(lambda: view.children(found['value'], filter='indexed', start=10 ** 6, count=100))
                   for _ in range(5))
        self.assertLess(work, 0.01)
        self.assertEqual('900000', view.children(found['table'], filter='indexed', start=900000, count=1)[0]['name'])

    def test_ranges_beyond_what_clients_can_count(self):
        for value in (range(10 ** 12), range(10 ** 30)):
            view = View()
            found = view.locals()['value']
            self.assertEqual(0x7fffffff, found['indexedVariables'])
            page = view.children(found, filter='indexed', start=0x7ffffff0, count=3)
            self.assertEqual(str(0x7ffffff2), page[-1]['value'])

    def test_a_container_that_changes_while_it_is_paged(self):
        value = dict.fromkeys(range(1000))
        view = View()
        found = view.locals()['value']
        self.assertEqual(100, len(view.children(found, filter='indexed', start=0, count=100)))
        value['new'] = 1
        del value[5], value[6]
        page = view.children(found, filter='indexed', start=100, count=100)
        self.assertEqual('102', page[0]['name'])
        value.clear()
        self.assertEqual([], view.children(found, filter='indexed', start=200, count=100))

    def test_equal_names_are_different_things(self):
        class Key:
            def __repr__(self):
                return 'key'
        value = {Key(): [1], Key(): [2]}
        view = View()
        first, second = view.children(view.locals()['value'])
        self.assertNotEqual(first['variablesReference'], second['variablesReference'])
        self.assertEqual('[1]', view.value(first['evaluateName']))
        self.assertEqual(2, len(value))

    def test_the_programs_own_summary_and_children(self):
        value = Summarised()
        view = View()
        found = view.locals()['value']
        self.assertEqual('my summary', found['value'])
        self.assertEqual(['1', '[2]'], [one['value'] for one in view.children(found)])
        self.assertTrue(value)

    def test_a_registry_of_presenters(self):
        module = types.ModuleType('gantry_presenters')
        name = __name__ + '.Slots'
        module.presenters = {name: {'summary': lambda value: 'slots %d' % value.one,
                                    'children': lambda value: [('uno', value.one)]}}
        sys.modules['gantry_presenters'] = module
        try:
            value = Slots()
            view = View()
            found = view.locals()['value']
            self.assertEqual('slots 1', found['value'])
            self.assertEqual('uno', view.children(found)[0]['name'])
            module.presenters[name]['summary'] = lambda value: value.missing
            self.assertIn('summary failed: AttributeError', view.locals()['value']['value'])
        finally:
            del sys.modules['gantry_presenters']
        self.assertTrue(value)


class HandleTest(unittest.TestCase):
    def test_the_same_thing_keeps_its_number(self):
        value = {'a': [1]}
        view = View()
        frame, scope = view.frame, view.scopes()['Locals']['variablesReference']
        first = view.locals()['value']['variablesReference']
        inner = view.children(first)[0]['variablesReference']
        view.stop_at(sys._getframe())
        value = {'a': [2], 'b': 3}
        self.assertEqual(frame, view.frame)
        self.assertEqual(scope, view.scopes()['Locals']['variablesReference'])
        self.assertEqual(first, view.locals()['value']['variablesReference'])
        self.assertEqual(inner, view.children(first)[0]['variablesReference'])
        self.assertEqual('[2]', view.children(first)[0]['value'])

    def test_objects_are_let_go(self):
        import gc
        import weakref

        def called():
            value = Plain()
            view = View()
            view.children(view.locals()['value'])
            view.evaluate('value')
            view.evaluate('new = value', 'repl')
            return view, view.locals()['value']['variablesReference'], weakref.ref(value)
        view, reference, alive = called()
        view.stop_at(sys._getframe())
        view.stack()
        view.stop_at(sys._getframe())
        gc.collect()
        self.assertIsNone(alive())
        with self.assertRaises(values.Refused):
            view.children(reference)

    def test_thread_of_a_number(self):
        value = [1]
        view = View()
        reference = view.locals()['value']['variablesReference']
        self.assertEqual(1, view.looking.thread_of({'variablesReference': reference}))
        self.assertIsNone(view.looking.thread_of({'variablesReference': 987654}))
        self.assertTrue(value)


class SpeedTest(unittest.TestCase):
    """Bounds are wide: what is measured is noted in docs/values.md."""

    def best(self, work):
        return min(timed(work) for _ in range(30))

    def test_a_list_of_100_ints_and_20_locals(self):
        value = list(range(100))
        a, b, c, d, e, f, g, h, i, j = 1, 2.5, 'x', None, True, (1, 2), [1], {1: 2}, b'x', 10
        k, l, m, n, o, p, q, r = a, b, c, d, e, f, g, h
        view = View()
        reference = view.locals()['value']['variablesReference']
        scope = view.scopes()['Locals']['variablesReference']
        self.assertLess(self.best(lambda: view.children(reference)), 0.001)
        self.assertLess(self.best(lambda: view.children(scope)), 0.0015)
        self.assertTrue((i, j, k, l, m, n, o, p, q, r, value))


def timed(work):
    started = time.thread_time()
    work()
    return time.thread_time() - started


class BudgetTest(unittest.TestCase):
    def test_swallowed_interrupts_come_again(self):
        def stubborn():
            count = 0
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    count += 1
                    if count == 2:
                        raise
        with self.assertRaises(budget.TimedOut):
            budget.run(stubborn, 0.05)

    def test_many_short_jobs_near_their_limit_are_never_hit_later(self):
        for _ in range(300):
            try:
                budget.run(lambda: sum(range(100)), 0.0001)
            except budget.TimedOut:
                pass
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            sum(range(100))
        self.assertEqual([], budget.watchdog.jobs)

    def test_cancel_by_request(self):
        ready = threading.Event()

        found = []

        def job():
            budget.serve(77)
            try:
                budget.run(lambda: (ready.set(), endless()))
            except budget.TimedOut as stopped:
                found.append(stopped.cancelled)
            finally:
                budget.serve(None)
        thread = threading.Thread(target=job)
        thread.start()
        ready.wait(5)
        self.assertTrue(budget.cancel(77))
        thread.join(5)
        self.assertEqual([True], found)
        self.assertFalse(budget.cancel(77))


def endless():
    while True:
        pass


if __name__ == '__main__':
    unittest.main()
