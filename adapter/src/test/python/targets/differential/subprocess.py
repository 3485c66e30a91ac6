import subprocess
import sys
print(subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, sorted(sys.modules)); sys.exit(4)", "a"], stdout=subprocess.PIPE, universal_newlines=True))
print(subprocess.run([sys.executable, "-c", "print(1)"], stdout=subprocess.PIPE, preexec_fn=lambda: print("in the child", flush=True)).returncode)
print(subprocess.Popen(["sh", "-c", "kill -9 $$"]).wait())
