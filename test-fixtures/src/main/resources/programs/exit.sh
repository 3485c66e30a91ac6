#!/bin/sh
# Exits at once with the code given.
exit "$1"
