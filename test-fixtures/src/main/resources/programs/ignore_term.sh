#!/bin/sh
# Ignores SIGTERM, says "ready", sleeps 60 s. An ignored signal stays ignored after exec.
trap '' TERM
echo ready
exec sleep 60
