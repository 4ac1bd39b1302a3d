# bash completion for rota(1)                              -*- shell-script -*-

_rota_jobs() {
  timeout 2 rota jobs --json 2>/dev/null | grep -o '"name":"[A-Za-z0-9_.:@+-]*","schedule"' | cut -d '"' -f 4
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
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
    --state)
      words='queued running succeeded failed timed_out cancelled crashed lost skipped missed'
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
      return
      ;;
    --job)
      mapfile -t COMPREPLY < <(compgen -W "$(_rota_jobs)" -- "$current")
      return
      ;;
    --url | --since | --limit | --param | --group | --zone | --from | --count | --seed | --sub | --scope | \
      --expires | --days | --hours | --assume | --user | --prefix)
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
      next) words='--zone --from --count --seed --help' ;;
      token) words='--sub --scope --expires --config --secret-file --help' ;;
      check) words='--config --from --json --help' ;;
      import) words='--system --user --prefix --output --directory --zone --from --count --help' ;;
      forecast) words='--days --hours --from --config --jobs --database --assume --json --utc --ascii --help' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    return
  fi

  case $subcommand in
    job | run | pause | resume) mapfile -t COMPREPLY < <(compgen -W "$(_rota_jobs)" -- "$current") ;;
    backup | check) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    import)
      if ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W crontab -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi
      ;;
  esac
}

complete -F _rota rota
