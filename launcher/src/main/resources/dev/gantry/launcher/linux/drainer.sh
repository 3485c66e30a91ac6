# drainer PID START HOLD FD...: waits for a line on standard input (an end of file there calls it off), then reads each FD to its
# end. With HOLD not empty, it then stays until the process is gone, so that what it holds open for writing stays open.
# Everything that it starts holds that too, until it ends.
trap '' HUP INT QUIT
read -r go || exit 1
pid=$1 start=$2 hold=$3 readers=
shift 3

# The others' descriptors are closed in each reader: a reader that died must be felt.
closed=
for fd; do closed="$closed $fd<&-"; done
for fd; do
  eval "{ exec <&$fd $closed; exec cat; } >/dev/null 2>&1 &"
  readers="$readers $!"
done
eval "exec $closed"
trap 'kill $readers; exit 143' TERM
wait

lives() {
  read -r line <"/proc/$pid/stat" || return 1
  set -- ${line##*) }
  case $1 in Z | X) return 1 ;; esac
  [ "${20}" = "$start" ]
}
while [ "$hold" ] && lives; do
  sleep 2 &
  readers=$!
  wait
done 2>/dev/null
