#!/bin/sh
# Prints the lines SigBlk, SigIgn and SigCgt of a program's /proc status; of cat's, since grep itself catches SIGSEGV.
cat /proc/self/status | grep -E '^Sig(Blk|Ign|Cgt)'
