"""What bash and zsh run after the tab key, in place of Typer's scripts for them.

Typer's bash takes the parts of `field=value` for words, so that nothing is offered after the `=`. Neither shell leaves
the cursor where the value is to be typed, and zsh reads the texts beside the offers as its own code, though the service
may have taken them from strangers. These scripts ask as fish does, whose answer is an offer and its text on each line.
"""

from __future__ import annotations

from typing import Final

from typer import _completion_shared

BASH: Final = r"""
%(complete_func)s() {
    local line=${COMP_LINE:0:COMP_POINT} cursor=${COMP_WORDS[COMP_CWORD]} value text before
    local -a shown=()
    # bash breaks words at = and :, and replaces the last part alone.
    case $cursor in "=" | ":") cursor="" ;; esac
    before=${line##*[[:space:]]}
    before=${before%%"$cursor"}
    COMPREPLY=()
    while IFS=$'\t' read -r value text; do
        [ -n "$value" ] || continue
        value=${value#"$before"}
        COMPREPLY+=("$value")
        shown+=("$value${text:+  ($text)}")
    done < <(env %(autocomplete_var)s=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
        _TYPER_COMPLETE_ARGS="$line" "$1")
    if [ ${#COMPREPLY[@]} -gt 1 ]; then
        # What is shown to choose from; with another key bash would write it all.
        case $COMP_TYPE in 9 | 33 | 63 | 64) COMPREPLY=("${shown[@]}") ;; esac
    fi
    case ${COMPREPLY[0]-} in *=) compopt -o nospace ;; esac
}

complete -o default -F %(complete_func)s %(prog_name)s
"""

ZSH: Final = r"""
#compdef %(prog_name)s

%(complete_func)s() {
    local value text
    local -a open open_shown whole whole_shown
    while IFS=$'\t' read -r value text; do
        [[ -n $value ]] || continue
        if [[ $value == *= ]]; then
            open+=("$value") open_shown+=("$value${text:+  ($text)}")
        else
            whole+=("$value") whole_shown+=("$value${text:+  ($text)}")
        fi
    done < <(env %(autocomplete_var)s=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
        _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" ${words[1]})
    (( $#open + $#whole )) || { _files; return }
    (( $#open )) && compadd -S "" -l -d open_shown -a open
    (( $#whole )) && compadd -l -d whole_shown -a whole
}

compdef %(complete_func)s %(prog_name)s
"""


def use_own_scripts() -> None:
    """Lets `--install-completion` and `--show-completion` give these scripts."""
    _completion_shared._completion_scripts |= {"bash": BASH, "zsh": ZSH}
