# The part of unittest that MicroPython's own tests use, for boards that have none; the report is in the form that run-tests.py reads.
import sys


class SkipTest(Exception):
    pass


def skip(reason):
    def decorate(_):
        def skipped(*_):
            raise SkipTest(reason)

        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda test: test


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


class _Raises:
    def __init__(self, expected):
        self._expected = expected

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        self.exception = error
        if kind is None:
            raise AssertionError("%r was not raised" % self._expected)
        return issubclass(kind, self._expected)


class _SubTest:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


class TestCase:
    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def skipTest(self, reason):
        raise SkipTest(reason)

    def subTest(self, *_, **__):
        return _SubTest()

    def fail(self, message=""):
        raise AssertionError(message)

    def _check(self, holds, message):
        if not holds:
            raise AssertionError(message)

    def assertEqual(self, a, b, msg=None):
        self._check(a == b, msg or "%r != %r" % (a, b))

    def assertNotEqual(self, a, b, msg=None):
        self._check(a != b, msg or "%r == %r" % (a, b))

    def assertAlmostEqual(self, a, b, places=None, msg=None, delta=None):
        near = abs(a - b) <= delta if delta is not None else round(abs(a - b), 7 if places is None else places) == 0
        self._check(near, msg or "%r is not near %r" % (a, b))

    def assertIs(self, a, b, msg=None):
        self._check(a is b, msg or "%r is not %r" % (a, b))

    def assertIsNone(self, a, msg=None):
        self._check(a is None, msg or "%r is not None" % (a,))

    def assertIsNotNone(self, a, msg=None):
        self._check(a is not None, msg or "it is None")

    def assertIn(self, a, b, msg=None):
        self._check(a in b, msg or "%r is not in %r" % (a, b))

    def assertNotIn(self, a, b, msg=None):
        self._check(a not in b, msg or "%r is in %r" % (a, b))

    def assertIsInstance(self, a, b, msg=None):
        self._check(isinstance(a, b), msg or "%r is no %r" % (a, b))

    def assertTrue(self, a, msg=None):
        self._check(a, msg or "%r is not true" % (a,))

    def assertFalse(self, a, msg=None):
        self._check(not a, msg or "%r is true" % (a,))

    def assertLess(self, a, b, msg=None):
        self._check(a < b, msg or "%r is not less than %r" % (a, b))

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, msg or "%r is more than %r" % (a, b))

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, msg or "%r is not more than %r" % (a, b))

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, msg or "%r is less than %r" % (a, b))

    def assertRaises(self, expected, function=None, *args, **kwargs):
        raises = _Raises(expected)
        if function is None:
            return raises
        with raises:
            function(*args, **kwargs)


def _run(case, name, counts):
    print("%s (%s) ..." % (name, case.__class__.__qualname__ if hasattr(case.__class__, "__qualname__") else case.__class__.__name__), end="")
    try:
        case.setUp()
        try:
            getattr(case, name)()
        finally:
            case.tearDown()
        print(" ok")
    except SkipTest as reason:
        counts["skipped"] += 1
        print(" skipped:", reason)
    except Exception as error:
        counts["failed"] += 1
        print(" FAIL")
        sys.print_exception(error)


def main(module="__main__"):
    counts = {"run": 0, "failed": 0, "skipped": 0}
    scope = sys.modules[module] if module in sys.modules else __import__(module)
    for name in sorted(dir(scope)):
        kind = getattr(scope, name)
        if not (isinstance(kind, type) and issubclass(kind, TestCase) and kind is not TestCase):
            continue
        try:
            kind.setUpClass()
        except SkipTest:
            continue
        case = kind()
        for test in sorted(dir(kind)):
            if test.startswith("test"):
                counts["run"] += 1
                _run(case, test, counts)
        kind.tearDownClass()
    print("-" * 70)
    print("Ran %d tests\n" % counts["run"])
    result = "FAILED (failures=%d, errors=0)" % counts["failed"] if counts["failed"] else "OK"
    print(result + (" (skipped=%d)" % counts["skipped"] if counts["skipped"] else ""))
