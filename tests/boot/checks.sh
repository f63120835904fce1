#!/bin/bash
# checks.sh: inside the booted system, as root. One line a check; the last says whether all hold.
set -u
unit=roletide.service
state=/var/lib/roletide
public=/var/lib/roletide-public
checks=0
failures=0

check() { # SENTENCE COMMAND...
  local sentence=$1
  shift
  checks=$((checks + 1))
  if "$@" >/tmp/check 2>&1; then
    echo "ok   $sentence"
  else
    failures=$((failures + 1))
    echo "BAD  $sentence: $*: $(tail -3 /tmp/check | paste -sd' ')"
  fi
}

# ---- what is asked of systemd ----

prop() { systemctl show -p "$1" --value $unit; }
is() { # PROPERTY WANTED
  local got
  got=$(prop "$1")
  echo "$1=$got"
  [ "$got" = "$2" ]
}

dropin() { # UNIT LINES: what one part of the test changes
  mkdir -p "/etc/systemd/system/$1.d"
  printf '%b\n' "$2" >"/etc/systemd/system/$1.d/50-test.conf"
  systemctl daemon-reload
}

until_true() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

settled() { [[ $(prop ActiveState) =~ ^(inactive|failed)$ ]]; }
mark() { since=$(date '+%F %T.%6N'); }
said() { journalctl -o cat --no-pager --since "$since" "$@"; }
told_failure() { said -t roletide | grep -E "roletide.service failed: result $1 "; }
not() { ! "$@"; }

# ---- the runs ----

fresh() { # DAY: nothing stored, nothing published, the boards on that day
  systemctl stop $unit
  systemctl reset-failed $unit 2>/dev/null
  rm -rf ${state:?}/* ${public:?}/*
  echo "$1" >/srv/boards/day
  mark
}
run_on() {
  fresh "$1"
  timeout 60 systemctl start --wait $unit
  until_true 30 settled
}
slow_request_waits() { # the boards are asked, and one does not answer
  is ActiveState active && [ "$(as_roletide sql "SELECT count(*) FROM v_reading WHERE outcome IN ('complete', 'partial')" | grep -oE '[0-9]+' | tail -1)" -ge 9 ]
}
start_slow() {
  fresh 20
  systemctl start $unit
  until_true 10 slow_request_waits
  pid=$(prop MainPID)
}

as_roletide() { runuser -u roletide -- roletide "$@"; }
outcome_of() { runuser -u roletide -- sqlite3 $state/roletide.db "SELECT outcome FROM v_reading WHERE source = '$1' ORDER BY reading DESC LIMIT 1"; }
outcome_is() { [ "$(outcome_of "$1" | tee /dev/stderr)" = "$2" ]; }
whole() { [ "$(runuser -u roletide -- sqlite3 $state/roletide.db 'PRAGMA integrity_check' | tee /dev/stderr)" = ok ]; }
owned() { # MODE OWNER PATH
  local got
  got=$(stat -c '%a %U:%G' "$3")
  echo "$got"
  [ "$got" = "$1 $2" ]
}
all_owned_by_roletide() { ! find "$@" \( ! -user roletide -o ! -group roletide \) | grep .; }
has_jit() { # memory that can be executed and has no file behind it
  awk '$2 ~ /x/ && $6 == ""' "/proc/$1/maps" | tee /dev/stderr | grep -q .
}
status_is() { grep -P "^$1:\t$2\$" "/proc/$pid/status"; }
exits() { # STATUS COMMAND...
  local want=$1 got=0
  shift
  "$@" || got=$?
  echo "exit $got"
  [ $got = "$want" ]
}

# ---- installed, as docs/operations.md says ----

check "the user is made" systemd-sysusers
check "the published folder is made" systemd-tmpfiles --create roletide.conf
check "the configuration reads" roletide config check
systemd-run -q --unit=boards /usr/local/bin/roletide-boards --root /srv/boards --port 18750
until_true 10 systemctl is-active boards

# ---- without the drop-in, loopback is denied by the kernel ----

run_on 1
check "loopback is denied where no drop-in allows it" is Result exit-code
check "a run in which every source fails ends with 1" is ExecMainStatus 1
check "OnFailure= tells of it at once" until_true 5 told_failure exit-code
one_line_a_source() { said -u $unit | awk '/robots.txt could not be had/ { n[$1 == "roletide:" ? $2 : $1]++ } END { for (s in n) if (n[s] != 1) bad = 1; exit bad || length(n) != 11 }'; }
check "the journal has one line a source in trouble" one_line_a_source

dropin $unit "[Service]\nIPAddressAllow=127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5 127.0.0.6 127.0.0.7 127.0.0.8 127.0.0.9"

# ---- the timer ----

fresh 1
dropin roletide.timer "[Timer]\nOnCalendar=\nOnActiveSec=2s\nRandomizedDelaySec=0\nAccuracySec=100ms"
before=$(prop InvocationID)
systemctl enable -q --now roletide.timer
check "the timer is enabled" systemctl is-enabled roletide.timer
fired() { [ "$(prop InvocationID)" != "$before" ] && [ "$(prop ExecMainExitTimestampMonotonic)" != 0 ] && settled; }
check "the timer fires and the run ends" until_true 30 fired
systemctl disable -q --now roletide.timer
check "the run ends with success" is Result success
check "the run ends with 0" is ExecMainStatus 0
check "it reached READY" not is ActiveEnterTimestampMonotonic 0
check "the board that is only a name is found by DNS" outcome_is lever:namedboard complete
check "the store folder is the service's own" owned 750 roletide:roletide $state
check "the store is not for others" owned 640 roletide:roletide $state/roletide.db
check "all in it is the service's" all_owned_by_roletide $state $public
check "the published folder is for all to read" owned 755 roletide:roletide $public
check "a stranger reads the page" runuser -u nobody -- cat $public/index.html
check "a stranger reads every feed" runuser -u nobody -- find $public -type f -exec cat {} +
check "a stranger does not read the store" not runuser -u nobody -- cat $state/roletide.db
check "the store is whole" whole
check "doctor finds nothing" as_roletide doctor
check "bare roletide answers from it" as_roletide
roletide >/dev/null
check "root's question leaves nothing of root's behind" all_owned_by_roletide $state
check "no trouble is told of" not told_failure '.*'

# ---- a run that partly failed ----

run_on 4
check "a run with a board in trouble ends with 3" is ExecMainStatus 3
check "that counts as success" is Result success
check "the page is published" test -s $public/index.html
which_board() { [ "$(said -u $unit | grep -c 'nilamobility.*HTTP 500')" = 1 ]; }
check "the journal says which board, once" which_board
check "OnFailure= stays silent" not told_failure '.*'

# ---- in the middle of a run ----

start_slow
check "the unit is active while it reads" is ActiveState active
check "it runs as roletide" bash -c "[ \$(stat -c %U /proc/$pid) = roletide ]"
check "it has no capability" status_is CapEff 0000000000000000
check "it gets no new privilege" status_is NoNewPrivs 1
check "its system calls are filtered" status_is Seccomp 2
check "it matches with the JIT" has_jit "$pid"
check "a second start waits for the first" bash -c "systemctl start $unit && [ \$(systemctl show -p MainPID --value $unit) = $pid ]"
check "a run by hand is told to come later" exits 75 runuser -u roletide -- roletide run
check "reading needs no lock" as_roletide sql 'SELECT count(*) FROM v_reading'
stop_in_time() { timeout 10 systemctl stop $unit; }
check "it stops within ten seconds" stop_in_time
check "a stopped run is no failure" is Result success
check "it ended by itself with 3" is ExecMainStatus 3
check "the open reading is partial" outcome_is lever:slowboard partial
check "the read boards stay complete" outcome_is greenhouse:suvarnapay complete
check "the store is whole after a stop" whole

start_slow
systemctl kill -s KILL $unit
until_true 10 settled
check "a killed run is a failure" is Result signal
check "OnFailure= tells of the kill" until_true 5 told_failure signal
check "the store is whole after a kill" whole
echo 1 >/srv/boards/day
timeout 60 systemctl start --wait $unit
check "the next run goes on" is Result success

# ---- a run that hangs ----

dropin $unit "[Service]\nIPAddressAllow=127.0.0.0/8\nWatchdogSec=3s\nTimeoutAbortSec=3s"
start_slow
kill -STOP "$pid"
check "a run that hangs is ended" until_true 20 settled
check "by the watchdog" is Result watchdog
check "OnFailure= tells of the hang" until_true 5 told_failure watchdog
check "the store is whole after a hang" whole

# ---- the JIT's other side, a bad configuration, no room ----

dropin $unit "[Service]\nIPAddressAllow=127.0.0.0/8\nMemoryDenyWriteExecute=yes"
start_slow
check "without the right to it there is no JIT (so the check above can fail)" not has_jit "$pid"
systemctl stop $unit

dropin $unit "[Service]\nIPAddressAllow=127.0.0.0/8"
echo 'fetch: { gap_mss: 1 }' >/etc/roletide/roletide.yaml
run_on 1
check "a bad configuration ends with 78" is ExecMainStatus 78
check "OnFailure= tells of it" until_true 5 told_failure exit-code
one_line() { [ "$(said -u $unit | grep -c '^roletide: ')" = 1 ]; }
check "the journal says so in one line" one_line
at_line() { said -u $unit | grep '^roletide: .*/etc/roletide/roletide.yaml:1'; }
check "with file and line" at_line

echo "     $(systemd-analyze security $unit --no-pager | tail -1)"
journalctl -b --no-pager -u $unit -t roletide >/journal.txt
if [ $failures = 0 ]; then
  echo "all $checks checks hold"
else
  echo "$failures of $checks checks do NOT hold"
fi
