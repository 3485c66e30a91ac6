#: before 3.13
#: python -X importtime
import this_is_missing
