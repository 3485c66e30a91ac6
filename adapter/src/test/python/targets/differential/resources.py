import resource, os
print(resource.getrlimit(resource.RLIMIT_NOFILE), os.getpriority(os.PRIO_PROCESS, 0), os.umask(0), sorted(os.environ) == sorted(os.environ), os.getcwd())
print({name: value for name, value in os.environ.items() if "GANTRY" in name.upper() or name.startswith("PYTHON")})
