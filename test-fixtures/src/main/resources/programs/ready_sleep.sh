#!/bin/sh
# Says "ready", then sleeps the seconds given (60).
echo ready
exec sleep "${1:-60}"
