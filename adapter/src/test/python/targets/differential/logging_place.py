import logging
logging.basicConfig(format="%(filename)s:%(lineno)d:%(funcName)s:%(threadName)s:%(message)s")
logging.warning("top")
logging.getLogger("x").error("text", exc_info=False)
