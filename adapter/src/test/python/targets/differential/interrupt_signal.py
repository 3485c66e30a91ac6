#: signal INT
import time
print("ready", flush=True)
try:
    time.sleep(30)
finally:
    print("finally")
