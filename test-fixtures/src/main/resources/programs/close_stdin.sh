#!/bin/sh
# Closes its standard input, says "ready", then sleeps the seconds given (60).
exec <&-
echo ready
exec sleep "${1:-60}"
