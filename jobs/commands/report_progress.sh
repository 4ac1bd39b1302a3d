#!/bin/sh
# A command job in POSIX shell: measures the lines of its standard input and says how far it is.
set -eu

event() { echo "$1" >&"$ROTA_EVENTS_FD"; }  # the one line: an event is a line of JSON

unit=${ROTA_PARAM_UNIT:-characters}
done=0
while read -r line; do
  echo "$line: ${#line} $unit" # what is printed is the run's log
  done=$((done + 1))
  event "{\"type\":\"progress\",\"done\":$done}"
done
event "{\"type\":\"result\",\"lines_added\":$done}"
