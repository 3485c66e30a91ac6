#: as package
import observe
observe.show()
print(__name__, __package__, __spec__.name)
raise ValueError("in a package")
