#: as link
import observe
observe.show()
