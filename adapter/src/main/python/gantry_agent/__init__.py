"""The debug agent that runs inside a Python target; boot.py starts it, core.py holds it together."""
