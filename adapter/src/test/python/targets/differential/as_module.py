#: as module
#: args one -x
import observe
observe.show()
1 / 0
