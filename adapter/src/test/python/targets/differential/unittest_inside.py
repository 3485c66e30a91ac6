import unittest
import sys
class T(unittest.TestCase):
    def test(self):
        with self.assertWarns(UserWarning):
            import warnings
            warnings.warn("x")
    def test_log(self):
        import logging
        with self.assertLogs() as logs:
            logging.warning("where")
        record = logs.records[0]
        print(record.funcName, record.lineno, record.threadName, record.processName, record.module)
unittest.main(argv=["x"], exit=False, testRunner=unittest.TextTestRunner(stream=open("/dev/null", "w")))
