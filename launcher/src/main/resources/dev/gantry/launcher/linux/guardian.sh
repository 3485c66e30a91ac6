# Ends what its parent has started when the parent is gone, however it went: then standard input ends. It runs in a session of
# its own and costs nothing until that moment. Each line is a command; ID is a number that the parent counts up:
#   intent ID TICKS        a process is about to be started, at this time or later (clock ticks since boot)
#   link ID LINK           a pipe or terminal, as /proc/*/fd shows them, that only this process's tree will hold
#   bare ID GROUP FORM     it holds no such thing: its group ("own" or a number) and, as one text without separators, the
#                          beginning of its command line
#   gentle ID              it runs in a terminal: its shell asks it to end, and what hangs on it; its members are asked here
#   root ID PID START      it was started
#   member ID PID START    a descendant that could not be found from the root one day
#   gone ID PID START      that one ended
#   closed ID LINK         the parent's end of that pipe or terminal is closed, its name may come to belong to others
#   folder ID PATH         the directory of a launch that waits for a terminal: removed if nobody has begun to use it
#   failed ID, release ID  nothing of this one is to be ended, or removed
exec >/dev/null 2>&1
trap '' HUP INT QUIT TERM PIPE ALRM USR1 USR2 TSTP TTIN TTOU
LC_ALL=C
low=1 top=0 folders=

# without LIST WORD: sets list to LIST less WORD.
without() {
  list=
  for word in $1; do [ "$word" = "$2" ] || list="$list $word"; done
}

forget() {
  unset "folder_$1" "since_$1" "links_$1" "roots_$1" "members_$1" "group_$1" "form_$1" "gentle_$1"
  while [ $low -le $top ]; do
    eval "[ \"\${since_$low+x}\" ]" && break
    low=$((low + 1))
  done
}

while read -r verb id rest; do
  case $id in '' | *[!0-9]*) continue ;; esac
  case $verb in
  intent)
    eval "since_$id=\$rest"
    [ "$id" -gt $top ] && top=$id
    ;;
  folder)
    eval "folder_$id=\$rest"
    folders="$folders $id"
    ;;
  link) eval "links_$id=\"\$links_$id \$rest\"" ;;
  bare) eval "group_$id=\${rest%% *} form_$id=\${rest#* }" ;;
  gentle) eval "gentle_$id=1" ;;
  root) eval "unset form_$id; roots_$id=\"\$roots_$id \${rest%% *}:\${rest#* }\"" ;;
  member) eval "members_$id=\"\$members_$id \${rest%% *}:\${rest#* }\"" ;;
  gone)
    eval "without \"\$members_$id\" \"\${rest%% *}:\${rest#* }\""
    eval "members_$id=\$list"
    ;;
  closed)
    eval "without \"\$links_$id\" \"\$rest\""
    eval "links_$id=\$list"
    ;;
  failed | release)
    without "$folders" "$id"
    folders=$list
    forget "$id"
    ;;
  esac
done

# bare_match ID: whether the process of the current row is the one that ID announced and never registered: of the same parent as
# we are (the dead one, or who took its children over), started since the announcement, in the announced group, with the
# announced command line. Whoever runs a script has the script's path before the arguments instead of the first argument.
bare_match() {
  eval "since=\$since_$1 group=\$group_$1 form=\$form_$1"
  [ "$start" -ge "$since" ] || return 1
  case $parent in $PPID | $heir) ;; *) return 1 ;; esac
  [ "$group" = own ] && group=$pid
  [ "$pgrp" = "$group" ] || return 1
  text=
  read -r text <"/proc/$pid/cmdline"
  case $text in "${form%%	*}"* | *"${form#*	}"*) return 0 ;; esac
  return 1
}

find_bare() {
  look $self && heir=$parent
  for row in $table; do
    pid=${row%%:*} row=${row#*:}
    parent=${row%%:*} row=${row#*:}
    pgrp=${row%%:*} row=${row#*:}
    start=${row#*:}
    for id in $bare; do bare_match "$id" && include "$pid"; done
  done
}

# find_holders: includes what holds a pipe or terminal of an ID and started after its announcement. A terminal whose other end
# is gone is shown as deleted; before that, its name might be that of another's.
find_holders() {
  links='|' descriptors=
  for id in $ids; do
    eval "for link in \$links_$id; do note_link; done"
  done
  for row in $table; do
    pid=${row%%:*}
    case "$known" in *" $pid "*) ;; *) descriptors="$descriptors /proc/$pid/fd" ;; esac
  done
  [ "$links" = '|' ] || [ -z "$descriptors" ] || read_descriptors
}

note_link() {
  case $link in /*) link="$link (deleted)" ;; esac
  links="$links$link|"
}

# The one program that is run, since no builtin reads a link: what can be found without it is dead by now.
read_descriptors() {
  shown=$(ls -l /dev/null $descriptors)
  IFS='
'
  for shown in $shown; do
    case $shown in
    /proc/*/fd:) holder=${shown#/proc/} holder=${holder%/fd:} ;;
    l*)
      link=${shown##* -> }
      case $links in *"|$link|"*) judge_holder ;; esac
      ;;
    esac
  done
  unset IFS
}

judge_holder() {
  unset IFS
  link=${link%' (deleted)'}
  for id in $ids; do
    eval "since=\$since_$id; case \" \$links_$id \" in *\" \$link \"*) is_since $holder \$since && include $holder ;; esac"
  done
}

is_since() {
  look "$1" && [ "$start" -ge "$2" ]
}

# gather GENTLE: sets ids, bare and oldest to the announced processes that are gentle ("1") or not (""), roots and members to what
# is registered of them.
gather() {
  ids= bare= roots= members= oldest= known=' ' groups=' ' old=' '
  id=$low
  while [ $id -le $top ]; do
    eval "since=\$since_$id form=\$form_$id gentle=\$gentle_$id"
    if [ "$since" ] && [ "$gentle" = "$1" ]; then
      ids="$ids $id"
      [ "$oldest" ] && [ "$oldest" -le "$since" ] || oldest=$since
      [ "$form" ] && bare="$bare $id"
      eval "roots=\"\$roots \$roots_$id\" members=\"\$members \$members_$id\""
    fi
    id=$((id + 1))
  done
  [ "$ids" ]
}

lead_all() {
  for process in $1; do lead "${process%:*}" "${process#*:}"; done
}

end_at_once() {
  lead_all "$roots $members"
  [ "$known" = ' ' ] || kill -STOP $known
  scan
  spread
  [ "$bare" ] && find_bare
  end
  while :; do
    before=$known
    find_holders
    [ "$bare" ] && find_bare
    [ "$known" = "$before" ] && return 0
    end
  done
}

# Whom the shell in the terminal finds, it asks: to be asked twice means to many programs to drop everything.
end_gently() {
  lead_all "$roots"
  scan
  spread
  by_shell=$known
  lead_all "$members"
  spread
  asked=
  for pid in $known; do
    case "$by_shell" in *" $pid "*) ;; *) asked="$asked $pid" ;; esac
  done
  ask "$asked"
  end
}

# Only of ours: the name may belong to somebody else by now.
remove_folders() {
  for id in $folders; do
    eval "folder=\$folder_$id"
    [ -O "$folder" ] && claim "$folder" && remove_folder "$folder"
  done
}

if gather ''; then end_at_once; fi
remove_folders
if gather 1; then end_gently; fi
exit 0
