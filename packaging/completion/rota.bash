# bash completion for rota(1)                              -*- shell-script -*-

_rota_jobs() {
  timeout 2 rota jobs --json 2>/dev/null | grep -o '"name":"[A-Za-z0-9_.-]*","schedule"' | cut -d '"' -f 4
}

_rota_groups() {
  timeout 2 rota jobs --json 2>/dev/null | grep -o '"group":"[A-Za-z0-9_.-]*"' | cut -d '"' -f 4 | sort -u
}

# Ids of the latest runs; the arguments choose which.
_rota_runs() {
  timeout 2 rota runs --limit 20 "$@" --json 2>/dev/null | grep -o '"id":[0-9]*,"job_name"' | cut -d : -f 2 | cut -d , -f 1
}

# Names of files, which the shell quotes where that is needed.
_rota_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_rota() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local ask='--socket --url --token-file --json --help'
  local words='' subcommand=${COMP_WORDS[1]}
  COMPREPLY=()

  if ((COMP_CWORD == 1)); then
    words='status jobs job runs run cancel logs pause resume reload backup prune next check token forecast import
           --help --version'
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi

  case $previous in
    --socket | --token-file | --config | --secret-file | --jobs | --database | --output | --directory)
      _rota_files "$current"
      return
      ;;
    --state)
      words='queued running succeeded failed timed_out cancelled crashed lost skipped missed'
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
      return
      ;;
    --group)
      mapfile -t COMPREPLY < <(compgen -W "$(_rota_groups)" -- "$current")
      return
      ;;
    --scope)
      mapfile -t COMPREPLY < <(compgen -W 'run read admin' -- "$current")
      return
      ;;
    --user)
      mapfile -t COMPREPLY < <(compgen -u -- "$current")
      return
      ;;
    --job | --seed)
      mapfile -t COMPREPLY < <(compgen -W "$(_rota_jobs)" -- "$current")
      return
      ;;
    --url | --since | --limit | --param | --zone | --from | --count | --sub | --expires | \
      --days | --hours | --assume | --prefix)
      return
      ;;
  esac

  if [[ $current == -* ]]; then
    case $subcommand in
      status | jobs | job) words="$ask --utc" ;;
      runs) words="$ask --utc --job --state --since --limit --follow" ;;
      run) words="$ask --param --wait" ;;
      logs) words="$ask --follow" ;;
      pause | resume) words="$ask --group --all" ;;
      cancel | reload | backup | prune) words="$ask" ;;
      next) words='--zone --from --count --seed --json --utc --help' ;;
      token) words='--sub --scope --expires --config --secret-file --json --help' ;;
      check) words='--config --from --json --utc --help' ;;
      import) words='--system --user --prefix --output --directory --zone --from --count --json --help' ;;
      forecast) words='--days --hours --from --config --jobs --database --assume --json --utc --ascii --help' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi

  case $subcommand in
    job | run | pause | resume) mapfile -t COMPREPLY < <(compgen -W "$(_rota_jobs)" -- "$current") ;;
    cancel) mapfile -t COMPREPLY < <(compgen -W "$(_rota_runs --state running)" -- "$current") ;;
    logs) mapfile -t COMPREPLY < <(compgen -W "$(_rota_runs)" -- "$current") ;;
    backup | check) _rota_files "$current" ;;
    import)
      if ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W crontab -- "$current")
      else
        _rota_files "$current"
      fi
      ;;
  esac
}

complete -F _rota rota
