#: as missing
#: name nowhere.py
