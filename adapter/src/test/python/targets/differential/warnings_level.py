import warnings
warnings.warn("here")
warnings.warn("below", stacklevel=2)
warnings.warn("far below", stacklevel=3)
def f():
    warnings.warn("caller", stacklevel=2)
    warnings.warn("below all", DeprecationWarning, stacklevel=4)
f()
print({key: value for key, value in __warningregistry__.items() if key != "version"})
