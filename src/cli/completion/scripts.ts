export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** The line by which `tidegate complete` says that a file may stand here; shells know files best. */
export const FILES = '<files>'

/** What each shell needs: it hands the words up to the cursor to `tidegate complete`, which answers a line each, a word, a tab and what it
 *  means. So a script stays true when Tidegate changes. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completion of tidegate for bash: eval "$(tidegate completion bash)", or save it as
# ~/.local/share/bash-completion/completions/tidegate
_tidegate() {
  local at word prefix rest=$COMP_LINE words=()
  COMPREPLY=()
  # bash ends words at = and : as well; what stands together in the line is put together again.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $at == 0 || $rest == [[:space:]]* ]]; then words+=("$word"); else words[-1]+=$word; fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$word"}
  done
  [[ $word == [=:] ]] && word=
  prefix=\${words[-1]%"$word"}
  while IFS=$'\\t' read -r word _; do
    if [[ $word == '${FILES}' ]]; then compopt -o default; else COMPREPLY+=("\${word#"$prefix"}"); fi
  done < <("$1" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _tidegate tidegate
`,
  zsh: `#compdef tidegate
# Completion of tidegate for zsh: eval "$(tidegate completion zsh)" after compinit, or save it as _tidegate in a folder of $fpath.
_tidegate() {
  local line
  local -a lines found
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == '${FILES}' ]]; then
    _files
    return
  fi
  for line in $lines; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe tidegate found
}
if [[ $funcstack[1] == _tidegate ]]; then _tidegate "$@"; else compdef _tidegate tidegate; fi
`,
  fish: `# Completion of tidegate for fish: tidegate completion fish | source, or save it as ~/.config/fish/completions/tidegate.fish
function __tidegate_complete
    set -l before (commandline -opc)
    set -l lines ($before[1] complete -- $before[2..] (commandline -ct | string collect --allow-empty) 2>/dev/null)
    if test "$lines[1]" = '${FILES}'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $lines
    end
end
complete --command tidegate --no-files --arguments '(__tidegate_complete)'
`,
}
