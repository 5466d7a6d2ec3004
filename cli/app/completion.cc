#include "cli/app/completion.h"

#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/resources/kinds.h"

namespace okr::cli {
namespace {

// A function that prints the words that fit the command so far, from a case for each command.
std::string WordsFunction(const CompletionWords& words) {
  std::string cases;
  for (const auto& [path, here] : words) {
    absl::StrAppend(&cases, "    '", path, "') echo '", absl::StrJoin(here, " "), "' ;;\n");
  }
  return absl::StrCat("_okrctl_words() {\n  case \"$1\" in\n", cases, "  esac\n}\n");
}

std::string KindFunction(const CompletionWords& words) {
  std::string cases;
  for (const auto& [path, here] : words) {
    const std::string kind = CompletedKind(path);
    if (!kind.empty()) absl::StrAppend(&cases, "    '", path, "') echo '", kind, "' ;;\n");
  }
  return absl::StrCat("_okrctl_kind() {\n  case \"$1\" in\n", cases, "  esac\n}\n");
}

// The command is made of the words so far that are known subcommands. Names come from the service,
// which has a second to answer.
constexpr char kCandidates[] = R"sh(_okrctl_candidates() {
  local path='' word kind
  for word in "$@"; do
    case " $(_okrctl_words "$path") " in
      *" $word "*) case "$word" in -*) ;; *) path="${path:+$path }$word" ;; esac ;;
    esac
  done
  _okrctl_words "$path"
  kind="$(_okrctl_kind "$path")"
  if [ -n "$kind" ]; then
    timeout 1 okrctl list "$kind" --output json 2>/dev/null |
      sed -n 's|^    "name": "organizations/[^/]*/\([^"]*\)",\{0,1\}$|\1|p' |
      sed -e 's|^objectives/\([^/]*\)/keyResults/|\1/|' -e t -e 's|^[a-z]*/||'
  fi
}
)sh";

constexpr char kBash[] = R"sh(_okrctl() {
  local current="${COMP_WORDS[COMP_CWORD]}"
  local before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  mapfile -t COMPREPLY < <(compgen -W "$(_okrctl_candidates "${before[@]}")" -- "$current")
}
complete -o default -F _okrctl okrctl
)sh";

constexpr char kZsh[] = R"sh(_okrctl() {
  local -a candidates
  candidates=(${=$(_okrctl_candidates "${words[@]:1:$((CURRENT-2))}")})
  compadd -- $candidates
}
compdef _okrctl okrctl
)sh";

}  // namespace

std::string CompletedKind(const std::string& command) {
  static const auto& kinds =
      *new std::map<std::string, std::string>{{"checkin", "key-results"},
                                              {"checkins list", "key-results"},
                                              {"grade", "key-results"},
                                              {"key-result retire", "key-results"},
                                              {"score", "objectives"},
                                              {"objective activate", "objectives"},
                                              {"objective retire", "objectives"},
                                              {"objective align", "objectives"},
                                              {"objective unalign", "objectives"},
                                              {"scorecard", "teams"},
                                              {"cycle activate", "cycles"},
                                              {"cycle open-grading", "cycles"},
                                              {"cycle close", "cycles"},
                                              {"report", "cycles"},
                                              {"tree", "cycles"}};
  const auto found = kinds.find(command);
  if (found != kinds.end()) return found->second;
  const std::vector<std::string> words = absl::StrSplit(command, ' ');
  if (words.size() != 2 || (words[0] != "get" && words[0] != "update" && words[0] != "delete")) {
    return "";
  }
  for (const KindInfo& info : AllKinds()) {
    if (info.singular == words[1] && info.kind != Kind::kOrganization &&
        info.kind != Kind::kCheckIn) {
      return info.plural;
    }
  }
  return "";
}

std::string BashCompletion(const CompletionWords& words) {
  return absl::StrCat("# Completion of okrctl for bash: source <(okrctl completion bash)\n",
                      WordsFunction(words), KindFunction(words), kCandidates, kBash);
}

std::string ZshCompletion(const CompletionWords& words) {
  return absl::StrCat(
      "#compdef okrctl\n# Completion of okrctl for zsh: source <(okrctl completion zsh)\n",
      WordsFunction(words), KindFunction(words), kCandidates, kZsh);
}

}  // namespace okr::cli
