"""budget.py alone: what two threads begin at the same moment is limited in both."""
import os
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "main", "python"))
from gantry_agent import budget

ROUNDS = 300


def busy():
    """Far longer than its limit; ends, so that a lost limit is a failure and no hang."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        pass


class FirstJobs(unittest.TestCase):
    def setUp(self):
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        self.addCleanup(setattr, budget, "watchdog", budget.watchdog)
        self.addCleanup(setattr, budget, "POLL", budget.POLL)
        sys.setswitchinterval(1e-6)
        budget.POLL = 0.001

    def test_the_first_two_are_both_interrupted(self):
        for _ in range(ROUNDS):
            budget.watchdog = budget.Watchdog()
            interrupted, together = [], threading.Barrier(2)

            def limited():
                together.wait()
                try:
                    budget.run(busy, 0.001)
                except budget.TimedOut:
                    interrupted.append(True)
            threads = [threading.Thread(target=limited) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([True, True], interrupted)
            self.assertEqual([], budget.watchdog.jobs)


if __name__ == "__main__":
    unittest.main()
