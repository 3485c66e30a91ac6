#!/bin/sh
# Kills itself with the signal given (SEGV), without a core file.
ulimit -c 0
kill -"${1:-SEGV}" $$
