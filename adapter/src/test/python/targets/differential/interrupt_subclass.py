class Other(KeyboardInterrupt):
    pass
raise Other("not the same")
