#: name tool
import observe
observe.show()
