"""The scopes of a frame."""
import sys
import unittest

from looked import View

GLOBAL = 1


def shadowed(View):
    GLOBAL = 'local'
    from looked import View
    return View() if GLOBAL else None


class ScopesTest(unittest.TestCase):
    def test_a_function(self):
        number, text = 1, 'a'
        view = View()
        scopes = view.scopes()
        self.assertEqual(['Locals', 'Globals'], list(scopes))
        found = scopes['Locals']
        self.assertEqual(('locals', False, 4), (found['presentationHint'], found['expensive'], found['namedVariables']))
        code = sys._getframe().f_code
        self.assertEqual((code.co_firstlineno, sys._getframe().f_lineno + 3), (found['line'], found['endLine']))
        self.assertEqual(['self', 'number', 'text', 'view'], [one['name'] for one in view.children(found)][:4])
        self.assertEqual('number', view.named(found)['number']['evaluateName'])
        self.assertTrue(number and text)

    def test_closure(self):
        outer, unused = 1, 2

        def inner():
            own = 3
            return View(), outer, own
        view = inner()[0]
        scopes = view.scopes()
        self.assertEqual(['Locals', 'Closure', 'Globals'], list(scopes))
        self.assertEqual(['own'], list(view.named(scopes['Locals'])))
        self.assertEqual(['outer'], list(view.named(scopes['Closure'])))
        self.assertTrue(unused)

    def test_module_level_has_one_scope(self):
        space = {'View': View, '__name__': 'm'}
        exec(compile('x = 1\nv = View()\n', 'm.py', 'exec'), space)
        view = space['v']
        self.assertEqual(['Locals'], list(view.scopes()))
        found = view.locals()
        self.assertEqual('1', found['x']['value'])
        self.assertIn('class variables', found)
        self.assertIn('special variables', found)
        self.assertIn('__name__', view.named(found['special variables']))

    def test_class_body(self):
        class Body:
            x = 1
            view = View()
        view = Body.view
        self.assertEqual(['Class Body', 'Globals'], list(view.scopes()))
        self.assertEqual('1', view.named(view.scopes()['Class Body'])['x']['value'])

    def test_class_body_with_a_namespace_of_its_own(self):
        class Space(dict):
            def __getitem__(self, name):
                return dict.__getitem__(self, name)

        class Meta(type):
            @classmethod
            def __prepare__(mcs, name, bases):
                return Space()

        class Body(metaclass=Meta):
            x = 1
            view = View()
        self.assertEqual('1', Body.view.named(Body.view.scopes()['Class Body'])['x']['value'])

    def test_comprehension_frames_hide_the_compilers_names(self):
        names, = [View().locals() for one in (7,) if one]
        self.assertEqual('7', names['one']['value'])
        self.assertFalse([name for name in names if name.startswith('.')])

    def test_exception_and_return_value(self):
        error = ValueError('bad')
        view = View(exc=error, returned=('called', [1, 2]))
        scopes = view.scopes()
        self.assertEqual(['Exception', 'Locals', 'Return value', 'Globals'], list(scopes))
        self.assertEqual('returnValue', scopes['Return value']['presentationHint'])
        returned, = view.children(scopes['Return value'])
        self.assertEqual(('(return) called', '[1, 2]'), (returned['name'], returned['value']))
        self.assertIn('readOnly', returned['presentationHint']['attributes'])
        raised, = view.children(scopes['Exception'])
        self.assertEqual(("ValueError('bad')", '__exception__'), (raised['value'], raised['evaluateName']))
        self.assertEqual("('bad',)", view.value('__exception__.args'))
        self.assertEqual('[1, 2]', view.value(returned['evaluateName']))
        self.assertEqual('2', view.value(view.children(returned)[1]['evaluateName']))
        self.assertEqual(['Locals'], list(view.scopes(view.stack()[1]['id']))[:1])

    def test_a_global_is_changed_through_its_scope(self):
        view = View()
        scope = view.scopes()['Globals']
        self.assertIn('GLOBAL', view.named(scope))
        view.ask('set_variable', variablesReference=scope['variablesReference'], name='GLOBAL', value='5')
        self.assertEqual(5, GLOBAL)

    def test_a_global_hidden_by_a_local_has_an_expression_of_its_own(self):
        View = 'hidden'
        view = shadowed(View)
        found = view.named(view.scopes()['Globals'])['GLOBAL']
        self.assertEqual(found['value'], view.value(found['evaluateName']))
        self.assertEqual("'local'", view.value('GLOBAL'))

    def test_an_unbound_local_is_not_shown(self):
        view = View()
        self.assertNotIn('later', view.locals())
        later = 1
        self.assertIn('later', view.locals())
        del later
        self.assertNotIn('later', view.locals())


if __name__ == '__main__':
    unittest.main()
