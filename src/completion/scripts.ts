/** What each shell is to run when Tab is pressed; they ask `upyw __complete`. */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of upyw for bash: upyw completion bash
_upyw() {
  local cur value line words
  # A word ends at a colon for bash, and does not for upyw: the words are taken from the line itself.
  line=\${COMP_LINE:0:COMP_POINT}
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  cur=\${words[-1]}
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    if [[ $value == :files ]]; then
      compopt -o filenames
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$cur")
    else
      [[ $value == */ ]] && compopt -o nospace
      COMPREPLY+=("$value")
    fi
  done < <(upyw __complete bash "\${words[@]:1}" 2> /dev/null)
}
complete -F _upyw upyw
`,
  zsh: `#compdef upyw
# Completion of upyw for zsh: upyw completion zsh
_upyw() {
  local line value text
  local -a values shown folders
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    text=\${line#*$'\\t'}
    if [[ $value == :files ]]; then
      _files
    elif [[ $value == */ ]]; then
      folders+=("$value")
    else
      values+=("$value")
      shown+=("$value\${text:+  -- $text}")
    fi
  done < <(upyw __complete zsh "\${(@)words[2,CURRENT]}" 2> /dev/null)
  (( $#values )) && compadd -l -d shown -a values
  (( $#folders )) && compadd -S '' -a folders
  return 0
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _upyw upyw
`,
  fish: `# Completion of upyw for fish: upyw completion fish
function __upyw_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (upyw __complete fish $words[2..] "$current" 2> /dev/null)
    if test "$line" = :files
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c upyw -f -a '(__upyw_complete)'
`,
  powershell: `# Completion of upyw for PowerShell: upyw completion powershell
Register-ArgumentCompleter -Native -CommandName upyw -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }
  & upyw __complete powershell @words "=$wordToComplete" 2>$null | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if ($value -ne ':files') {
      if (-not $text) { $text = $value }
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
    }
  }
}
`,
};

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';
