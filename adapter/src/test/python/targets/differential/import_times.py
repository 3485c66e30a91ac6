#: python -X importtime
import this_is_missing
