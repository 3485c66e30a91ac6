"""setVariable and setExpression."""
import array
import collections
import sys
import unittest

from gantry_agent.values import Refused
from looked import View

GLOBAL = [1]


class Plain:
    __slots__ = ('slot', '__dict__')
    shared = 1

    def __init__(self):
        self.slot = 1
        self.own = 2
        self._half = 4

    @property
    def double(self):
        return self._half * 2

    @double.setter
    def double(self, value):
        self._half = value // 2

    @property
    def fixed(self):
        return 1


class AssignTest(unittest.TestCase):
    def put(self, view, parent, name, value, **more):
        """Sets a child of a local (None: a local) as a client does, after having shown it."""
        reference = view.scopes()['Locals'] if parent is None else view.locals()[parent]
        view.children(reference)
        return view.ask('set_variable', variablesReference=reference['variablesReference'], name=name, value=value,
                        **more)

    def refused(self, view, parent, name, value):
        with self.assertRaises(Refused) as caught:
            self.put(view, parent, name, value)
        return str(caught.exception)

    def test_locals_and_cells(self):
        number, cell = 1, 2

        def reads():
            return cell
        view = View()
        self.assertEqual({'value': '5', 'type': 'int', 'variablesReference': 0}, self.put(view, None, 'number', '4 + 1'))
        self.put(view, None, 'cell', 'number * 2')
        self.assertEqual((5, 10, 10), (number, cell, reads()))
        made = self.put(view, None, 'number', '[cell]')
        self.assertEqual(('[10]', 1), (made['value'], made['indexedVariables']))
        self.assertEqual([10], number)

    def test_a_closure_variable(self):
        free = 1

        def inner():
            return View(), free
        view = inner()[0]
        scope = view.scopes()['Closure']['variablesReference']
        view.ask('set_variable', variablesReference=scope, name='free', value='2')
        self.assertEqual(2, free)

    def test_items(self):
        items, table = [1, 2], {'a': 1, 5: [0], (1, 2): 3}
        deck, numbers = collections.deque([1, 2]), array.array('i', [1, 2])
        view = View()
        self.put(view, 'items', '1', '"new"')
        self.put(view, 'table', "'a'", 'items')
        self.put(view, 'table', '(1, 2)', '9')
        self.put(view, 'deck', '0', '7')
        self.put(view, 'numbers', '0', '8')
        self.assertEqual([1, 'new'], items)
        self.assertEqual({'a': [1, 'new'], 5: [0], (1, 2): 9}, table)
        self.assertEqual((7, 8), (deck[0], numbers[0]))
        self.assertIn('TypeError', self.refused(view, 'numbers', '0', '"text"'))

    def test_attributes_slots_properties_and_class_attributes(self):
        value = Plain()
        view = View()
        self.put(view, 'value', 'own', '20')
        self.put(view, 'value', 'slot', '30')
        self.put(view, 'value', 'double', '100')
        self.put(view, 'value', 'shared', '3')
        self.assertEqual((20, 30, 50, 3, 1), (value.own, value.slot, value._half, value.shared, Plain.shared))
        self.assertIn('AttributeError', self.refused(view, 'value', 'fixed', '2'))

    def test_a_property_that_was_expanded(self):
        value = Plain()
        view = View()
        lazy = view.named(view.locals()['value'])['double']
        view.children(lazy)
        view.ask('set_variable', variablesReference=lazy['variablesReference'], name='double', value='10')
        self.assertEqual(5, value._half)

    def test_in_a_group(self):
        value = Plain()
        value.__class__
        value.function = len
        view = View()
        group = view.named(view.locals()['value'])['function variables']
        view.children(group)
        view.ask('set_variable', variablesReference=group['variablesReference'], name='function', value='max')
        self.assertIs(max, value.function)

    def test_what_cannot_be_changed_says_why(self):
        fixed, some, number = (1, 2), {1}, range(3)
        view = View()
        self.assertIn('A tuple cannot be changed', self.refused(view, 'fixed', '0', '5'))
        self.assertIn('elements of a set', self.refused(view, 'some', '0', '5'))
        self.assertIn('A range cannot be changed', self.refused(view, 'number', '0', '5'))
        self.assertIn('not shown here', self.refused(view, 'fixed', 'missing', '5'))
        self.assertEqual(((1, 2), {1}, range(3)), (fixed, some, number))
        view = View(returned=('f', 1))
        scope = view.scopes()['Return value']['variablesReference']
        view.children(scope)
        with self.assertRaises(Refused):
            view.ask('set_variable', variablesReference=scope, name='(return) f', value='2')

    def test_the_new_value_is_refused_when_it_cannot_be_computed(self):
        number = 1
        view = View()
        self.assertEqual('ZeroDivisionError: division by zero', self.refused(view, None, 'number', '1/0'))
        self.assertIn('SyntaxError', self.refused(view, None, 'number', '1 +'))
        self.assertIn('SyntaxError', self.refused(view, None, 'number', 'x = 1'))
        self.assertEqual(1, number)

    def test_an_item_of_a_class_with_its_own_setitem(self):
        class Doubling(dict):
            def __setitem__(self, key, value):
                dict.__setitem__(self, key, value * 2)
        value = Doubling(a=1)
        view = View()
        self.put(view, 'value', "'a'", '5')
        self.assertEqual(10, value['a'])

    def test_hexadecimal_answer(self):
        number = 1
        view = View()
        self.assertEqual('0xff', self.put(view, None, 'number', '255', format={'hex': True})['value'])
        self.assertEqual(255, number)

    def test_numpy_elements(self):
        try:
            import numpy
        except ImportError:
            self.skipTest('no numpy in this Python')
        value = numpy.zeros((2, 2))
        view = View()
        row = view.named(view.locals()['value'])['1']
        view.children(row)
        made = view.ask('set_variable', variablesReference=row['variablesReference'], name='0', value='5')
        self.assertEqual(5.0, value[1, 0])
        self.assertIn('5.0', made['value'])


class ExpressionTest(unittest.TestCase):
    def put(self, view, expression, value):
        return view.ask('set_expression', expression=expression, value=value, frameId=view.frame)

    def test_anything_that_can_be_assigned(self):
        number, items, value = 1, [1, 2, 3], Plain()
        view = View()
        self.assertEqual(('5', 'int'), tuple(self.put(view, 'number', '5')[key] for key in ('value', 'type')))
        self.put(view, 'items[0]', 'number')
        self.put(view, 'items[1:]', '[8, 9]')
        self.put(view, 'value.own', '7')
        self.put(view, 'value.double', '8')
        self.assertEqual((5, [5, 8, 9], 7, 4), (number, items, value.own, value._half))
        self.put(view, 'number, items', '1, 2')
        self.assertEqual((1, 2), (number, items))

    def test_a_global_from_a_function(self):
        global GLOBAL
        self.put(View(), 'GLOBAL', '[2]')
        self.assertEqual([2], GLOBAL)
        self.put(View(), 'GLOBAL[0]', '3')
        self.assertEqual([3], GLOBAL)

    def test_no_place_to_assign_to(self):
        view = View()
        for text in ('1', 'len("a")', 'a + b', '', 'None', 'x ='):
            with self.assertRaises(Refused):
                self.put(view, text, '1')

    def test_module_frames(self):
        space = {'View': View}
        exec('x = 1\nv = View()', space)
        self.put(space['v'], 'x', '2')
        self.assertEqual(2, space['x'])
        self.assertNotIn('_gantry_value_', space)


if __name__ == '__main__':
    assert sys
    unittest.main()
