#: args one two\x20words --three -c -m
import observe
observe.show()
