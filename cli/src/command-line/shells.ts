/** Scripts that ask this program for completions: `gantry __complete -- WORDS`, one a line, with its description after a tab. */

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** `:files` alone leaves the word to the shell's own completion of files. */
const bash = `# bash completion of gantry
_gantry() {
  local line piece last=0 rest="$COMP_LINE" before=""
  local -a words=()
  COMPREPLY=()
  # bash cuts words at ":" and "=", which are parts of names and of options: pieces without a space between are one word
  for piece in "\${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if [[ \${#words[@]} -eq 0 || "$rest" == [[:space:]]* ]]; then
      words+=("$piece")
    else
      last=$((\${#words[@]} - 1))
      words[last]+="$piece"
    fi
    rest="\${rest#"\${rest%%[![:space:]]*}"}"
    rest="\${rest#"$piece"}"
  done
  last=$((\${#words[@]} - 1))
  # an offer replaces the last piece only
  case "\${COMP_WORDS[COMP_CWORD]}" in
    : | =) before="\${words[last]}" ;;
    *) before="\${words[last]%"\${COMP_WORDS[COMP_CWORD]}"}" ;;
  esac
  while IFS= read -r line; do
    line="\${line%%$'\\t'*}"
    if [ "$line" = ":files" ]; then
      compopt -o default 2>/dev/null
      continue
    fi
    COMPREPLY+=("$(printf '%q' "\${line#"$before"}")")
  done < <(gantry __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _gantry gantry
`

const zsh = `#compdef gantry
# zsh completion of gantry
_gantry() {
  local line files
  local -a offers
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then
      files=1
      continue
    fi
    offers+=("\${\${line%%$'\\t'*}//:/\\\\:}\${\${(M)line%$'\\t'*}/$'\\t'/:}")
  done < <(gantry __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  [[ -n "$files" ]] && _files
  (( \${#offers} )) && _describe gantry offers
}
compdef _gantry gantry
`

const fish = `# fish completion of gantry
function __gantry_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (gantry __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c gantry -f -a '(__gantry_complete)'
`

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }
