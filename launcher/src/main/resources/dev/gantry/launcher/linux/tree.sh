# Functions over process trees, for scripts that must end one. Builtins only, but to wait: at the worst moment of a machine nothing
# can be forked. Pids and start times (clock ticks since boot) come from /proc; a match is never made on a name alone.
#
# known: the processes to end, " 12 34 ", oldest knowledge first.
# groups: numbers of dead leaders whose groups and sessions still count as theirs.
# grew: not empty if the last step found another process.

self=$$ known=' ' groups=' ' old=' ' oldest=0

# include PID: it is to be ended.
include() {
  case "$known" in *" $1 "*) return ;; esac
  [ "$1" = "$self" ] && return
  known="$known$1 "
  grew=1
}

# look PID [TASK]: sets state, parent, pgrp, sid, threads and start; fails if there is no such process. A name may hold blanks,
# parentheses and newlines: what counts comes after the last ")".
look() {
  line=
  read -r line <"/proc/$1/${2+task/$2/}stat" || return 1
  case "$line" in
  *\)*) ;;
  *) while read -r more; do line="$line $more"; done <"/proc/$1/${2+task/$2/}stat" ;;
  esac
  set -- ${line##*) }
  state=$1 parent=$2 pgrp=$3 sid=$4 threads=${18} start=${20}
}

# is PID START: whether that very process is there (a zombie is).
is() {
  look "$1" && [ "$start" = "$2" ]
}

# lead PID START: its tree, its group and its session are to be ended, as far as it is still itself. Without a leader its number
# can be no one else's while a member of its group or session lives.
lead() {
  if is "$1" "$2"; then
    include "$1"
  elif ! [ -d "/proc/$1" ]; then
    groups="$groups$1 "
  fi
}

# scan: sets table to a row "pid:parent:pgrp:sid:start" for each live process started at $oldest or later. What is older is
# remembered, so that a second scan costs next to nothing.
scan() {
  table=
  for entry in /proc/[0-9]*; do
    entry=${entry#/proc/}
    case "$old" in *" $entry "*) continue ;; esac
    look "$entry" || continue
    if [ "$start" -lt "$oldest" ]; then
      old="$old$entry "
      continue
    fi
    case "$state" in Z | X) [ "$threads" -gt 1 ] || continue ;; esac
    table="$table $entry:$parent:$pgrp:$sid:$start"
  done
}

# spread: includes every row of the table that is a child of a known process or in a group or session of one.
spread() {
  while :; do
    grew=
    for row in $table; do
      pid=${row%%:*} row=${row#*:}
      parent=${row%%:*} row=${row#*:}
      pgrp=${row%%:*} row=${row#*:}
      sid=${row%%:*}
      case "$known" in
      *" $parent "* | *" $pgrp "* | *" $sid "*) include "$pid" ;;
      *) case "$groups" in *" $pgrp "* | *" $sid "*) include "$pid" ;; esac ;;
      esac
    done
    [ "$grew" ] || return 0
  done
}

# any_lives: whether anybody known is alive.
any_lives() {
  for pid in $known; do
    look "$pid" && case $state in Z | X) ;; *) return 0 ;; esac
  done
  return 1
}

# ask LIST: these are asked to end; waits a second and a half at most until nobody known is alive.
ask() {
  kill -TERM $1
  kill -CONT $1
  tries=0
  while [ $tries -lt 15 ] && any_lives; do
    sleep 0.1
    tries=$((tries + 1))
  done
}

# settle: stops what is known and walks to its children, until a walk finds nobody new and nobody running. A fork under way may
# outlast the stop signal, so a process counts only once it was seen stopped; the number of walks is bounded all the same.
settle() {
  walks=0
  while [ $walks -lt 40 ]; do
    kill -STOP $known
    grew= running=
    for pid in $known; do
      for task in /proc/"$pid"/task/[0-9]*; do
        children=
        read -r children <"$task/children"
        for child in $children; do include "$child"; done
        look "$pid" "${task##*/}" && case "$state" in R | S) running=1 ;; esac
      done
    done
    if [ "$no_children" ]; then
      before_spread=$known
      scan
      spread
      [ "$known" = "$before_spread" ] || grew=1
    fi
    [ "$grew$running" ] || return 0
    walks=$((walks + 1))
  done
}

# end: everything known and everything of it is killed, until a look around finds no more. Killed processes cannot fork.
end() {
  no_children=
  [ -r "/proc/$self/task/$self/children" ] || no_children=1
  while :; do
    before=$known
    [ "$known" = ' ' ] || { settle; kill -KILL $known; }
    scan
    spread
    [ "$known" = "$before" ] && return 0
  done
}
