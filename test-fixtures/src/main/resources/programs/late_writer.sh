#!/bin/sh
# late_writer.sh DIRECTORY: leaves a grandchild behind that holds standard output and writes "late 1" when DIRECTORY/1 exists,
# "late 2" when DIRECTORY/2 does, then ends; prints its pid and exits with 5 itself.
(
    for n in 1 2; do
        tries=0
        while [ ! -e "$1/$n" ] && [ "$tries" -lt 1500 ]; do
            tries=$((tries + 1))
            sleep 0.02
        done
        echo "late $n"
    done
) &
echo "$!"
exit 5
