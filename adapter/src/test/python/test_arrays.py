"""numpy, pandas, torch, attrs and pydantic values, where this Python has them (torch by a stand-in)."""
import sys
import time
import types
import unittest

from looked import View

try:
    import numpy
except ImportError:
    numpy = None
try:
    import pandas
except ImportError:
    pandas = None
try:
    import attr
except ImportError:
    attr = None
try:
    import pydantic
except ImportError:
    pydantic = None


def page(view, name, **arguments):
    return view.children(view.locals()[name], **arguments)


@unittest.skipUnless(numpy, 'no numpy in this Python')
class NumpyTest(unittest.TestCase):
    def test_summaries(self):
        line, grid = numpy.arange(3), numpy.zeros((2, 2))
        scalar, empty = numpy.array(5), numpy.zeros((0, 3))
        objects = numpy.array([1, 'a', None], dtype=object)
        one = numpy.float32(1.5)
        found = View().locals()
        self.assertEqual('ndarray int64 (3,): [0, 1, 2]', found['line']['value'])
        self.assertEqual('ndarray float64 (2, 2): [[0.0, 0.0], [0.0, 0.0]]', found['grid']['value'])
        self.assertEqual('ndarray int64 (): 5', found['scalar']['value'])
        self.assertEqual('ndarray float64 (0, 3)', found['empty']['value'])
        self.assertEqual("ndarray object (3,): [1, 'a', None]", found['objects']['value'])
        self.assertEqual(0, found['one']['variablesReference'])
        self.assertTrue((line, grid, scalar, empty, objects, one))

    def test_rows_and_attributes(self):
        grid = numpy.arange(6).reshape(2, 3)
        view = View()
        found = view.locals()['grid']
        self.assertEqual(2, found['indexedVariables'])
        rows = view.children(found, filter='indexed')
        self.assertEqual('grid[1]', rows[1]['evaluateName'])
        items = view.children(rows[1])
        self.assertIn('5', items[2]['value'])
        self.assertEqual('grid[1][2]', items[2]['evaluateName'])
        names = view.named(found, filter='named')
        self.assertEqual('(2, 3)', names['shape']['value'])
        self.assertTrue(names['mean']['presentationHint']['lazy'])
        self.assertIn('2.5', view.children(names['mean'])[0]['value'])
        self.assertEqual(6, grid.size)

    def test_huge_arrays_are_immediate(self):
        huge = numpy.zeros((10000, 10000), dtype='i1')
        view = View()
        started = time.thread_time()
        found = view.locals()['huge']
        view.children(found, filter='indexed', start=9000, count=100)
        self.assertLess(time.thread_time() - started, 0.2)
        self.assertEqual(10 ** 8, huge.size)

    def test_the_console_shows_numpys_own_text(self):
        grid = numpy.zeros((2, 2))
        self.assertEqual(repr(grid), View().value('grid', 'repl'))


@unittest.skipUnless(pandas, 'no pandas in this Python')
class PandasTest(unittest.TestCase):
    def test_a_frame(self):
        table = pandas.DataFrame({'a': range(1000), 'b': 'x'})
        view = View()
        found = view.locals()['table']
        self.assertEqual('DataFrame 1000 rows x 2 columns: a, b', found['value'])
        self.assertEqual(1000, found['indexedVariables'])
        row = page(view, 'table', filter='indexed', start=500, count=1)[0]
        self.assertEqual(('500', "Series 2 object: {a: 500, b: 'x'}", 'table.iloc[500]'),
                         (row['name'], row['value'], row['evaluateName']))
        names = view.named(found, filter='named')
        self.assertEqual("table['a']", names["['a']"]['evaluateName'])
        self.assertIn('columns', names)
        self.assertEqual(repr(table), view.value('table', 'repl'))

    def test_a_series(self):
        line = pandas.Series([1.5, 2.5], index=['p', 'q'], name='n')
        view = View()
        self.assertEqual('Series 2 float64: {p: 1.5, q: 2.5}', view.locals()['line']['value'])
        items = page(view, 'line', filter='indexed')
        self.assertEqual(["'p'", "'q'"], [one['name'] for one in items])
        self.assertEqual('2.5', view.value(items[1]['evaluateName']))
        self.assertEqual(2, len(line))


class TorchTest(unittest.TestCase):
    """torch itself is not needed: its class is recognised by where the program has it from."""

    def setUp(self):
        module = types.ModuleType('torch')

        class Tensor:
            dtype, device, requires_grad = 'torch.float32', 'cpu', True

            def __init__(self, items):
                self.items = items
                self.shape = (len(items),)

            def __getitem__(self, index):
                return self.items[index]

            def __repr__(self):
                raise AssertionError('repr would read the whole storage')
        Tensor.__module__, Tensor.__qualname__ = 'torch', 'Tensor'
        module.Tensor = Tensor
        sys.modules['torch'] = module

    def tearDown(self):
        del sys.modules['torch']

    def test_a_tensor(self):
        value = sys.modules['torch'].Tensor(list(range(1000)))
        view = View()
        found = view.locals()['value']
        self.assertEqual('Tensor torch.float32 (1000,) on cpu, requires_grad', found['value'])
        self.assertEqual('998', page(view, 'value', filter='indexed', start=998, count=1)[0]['value'])
        self.assertEqual('(1000,)', view.named(found, filter='named')['shape']['value'])
        self.assertTrue(value)


class GeneratedTest(unittest.TestCase):
    @unittest.skipUnless(attr, 'no attrs in this Python')
    def test_attrs(self):
        @attr.s
        class Place:
            name = attr.ib()
            hidden = attr.ib(default=1, repr=False)
        value = Place([1] * 10 ** 6)
        shown = View().locals()['value']['value']
        self.assertTrue(shown.startswith('Place(name=[1, 1, '), shown[:50])
        self.assertNotIn('hidden', shown)
        self.assertTrue(value)

    @unittest.skipUnless(pydantic, 'no pydantic in this Python')
    def test_pydantic(self):
        class Model(pydantic.BaseModel):
            x: int = 1
            names: list = []
        value = Model(names=list(range(10 ** 5)))
        view = View()
        self.assertTrue(view.locals()['value']['value'].startswith('Model(x=1, names=[0, 1, 2'))
        self.assertEqual('value.x', view.named(view.locals()['value'])['x']['evaluateName'])
        self.assertTrue(value)


if __name__ == '__main__':
    unittest.main()
