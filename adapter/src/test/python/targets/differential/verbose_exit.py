import sys
class Watch:
    def __del__(self, out=sys.stdout):
        out.write("module gone\n")
module = type(sys)("made")
module.watch = Watch()
sys.modules["made"] = module
del module
