import sys
class Stream:
    def write(self, text):
        sys.__stdout__.write("<%s>" % text)
    def flush(self):
        sys.__stdout__.write("flush\n")
sys.stderr = Stream()
sys.stdout = Stream()
1 / 0
