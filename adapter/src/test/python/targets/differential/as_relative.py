#: as relative
import observe
observe.show()
