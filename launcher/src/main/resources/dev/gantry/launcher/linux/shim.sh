# Runs a program in a terminal that is somebody else's: stays its parent, tells its process id and status, and ends it when
# whoever prepared this is gone. Beside this file lie "target", which becomes the program, and two FIFOs: "leash" holds one line
# and is held open by the preparer as long as the program may run (or until a line "release" lies in it: then it may run on for
# ever), "report" takes what is told, a line each:
#   hello PID START    the program is about to be executed, in that process (START: clock ticks since boot)
#   refused STEP CODE  it could not be (directory 0, program 126 or 127); a status follows
#   status N           it ended, as a shell sees it: exit code, or 128 and the signal
# "begun" is made by the first that runs this, or by the guardian, when the preparer is gone and nobody has.
# The end of the report without a status: the terminal was closed or this shell killed.
here=${0%/*}
if ! [ -p "$here/leash" ]; then
  echo 'gantry: this launch was cancelled or has ended' >&2
  exit 125
fi
# Two shells would take lines of the leash from each other.
if ! claim "$here"; then
  told='was cancelled'
  [ -e "$here/begun" ] && told='has started already, and starts once only'
  echo "gantry: this launch $told" >&2
  exit 125
fi
# Caught, not ignored: the program starts with the default dispositions, and the keys of a terminal, which it sends to the whole
# group, end the program but not us. A hangup does end us: it comes to the first process of the session alone, which we may be,
# and passes to the program when that process ends.
trap : INT QUIT
# Opened for both first, which never waits; then only the preparer holds the other end.
exec 8<>"$here/leash" 7<"$here/leash" 8<&-
if ! read -r go <&7; then
  echo 'gantry: this launch was cancelled' >&2
  remove_folder "$here"
  exit 125
fi
exec 9<>"$here/report"

# The watcher must act whatever the terminal does to the group, and hold nothing but the leash: redirections of a call would be
# undone after it, so that a copy of what was there is kept.
watch() {
  exec </dev/null >/dev/null 2>&1 9>&-
  trap '' HUP INT QUIT TERM TSTP TTIN TTOU
  while read -r go <&7; do [ "$go" = release ] && exit; done
  : >"$here/ending"
  # Before the look at "pid": the program's shell writes that first and looks for the leash then, so one of the two sees the other.
  rm -f "$here/leash"
  kill -CONT $$
  end_program
  # Our shell does it too, unless it was hung up or killed meanwhile; of one that is just dying nothing tells.
  remove_folder "$here"
}

end_program() {
  target='' start=''
  read -r target start <"$here/pid"
  [ "$target" ] && is "$target" "$start" || return
  oldest=$start
  include "$target"
  scan
  spread
  ask "$known"
  end
}

watch &
watcher=$!
look $watcher
watcher_start=$start
exec 7<&-
/bin/sh "$here/target" 9>&-
status=$?
echo "status $status" >&9
# The program may be the first of its tree to be ended: the rest must be, too.
if ! [ -e "$here/ending" ] && is $watcher "$watcher_start"; then kill -KILL $watcher; fi 2>/dev/null
wait $watcher 2>/dev/null
remove_folder "$here"
exit $status
