#include "cli/apply/progress.h"

#include "absl/strings/str_cat.h"

namespace okr::cli {

void Progress::Start(absl::string_view what, size_t total) {
  Finish();
  what_ = std::string(what);
  total_ = total;
  done_ = 0;
  if (terminal_ && total_ > 0) Draw("");
}

void Progress::Advance(size_t steps) {
  done_ += steps;
  if (terminal_) Draw("");
}

void Progress::Finish() {
  if (total_ > 0) Draw("\n");
  total_ = 0;
}

void Progress::Draw(absl::string_view end) {
  out_ << (terminal_ ? "\r\x1B[K" : "") << what_ << " " << done_ << "/" << total_ << end;
  out_.flush();
}

void Summary::Add(absl::string_view verb, absl::string_view singular, absl::string_view plural,
                  size_t count) {
  if (count == 0) return;
  for (Count& known : counts_) {
    if (known.verb == verb && known.plural == plural) {
      known.count += count;
      return;
    }
  }
  counts_.push_back({std::string(verb), std::string(singular), std::string(plural), count});
}

std::string Summary::ToJson() const {
  std::vector<std::string> verbs;
  std::map<std::string, std::string> objects;
  for (const Count& count : counts_) {
    std::string& object = objects[count.verb];
    if (object.empty()) verbs.push_back(count.verb);
    absl::StrAppend(&object, object.empty() ? "" : ", ", "\"", count.plural, "\": ", count.count);
  }
  std::string json;
  for (const std::string& verb : verbs) {
    absl::StrAppend(&json, json.empty() ? "" : ", ", "\"", verb, "\": {", objects[verb], "}");
  }
  return absl::StrCat("{", json, "}");
}

std::string Summary::ToText() const {
  if (empty()) return "nothing to change";
  std::vector<std::string> verbs;
  std::map<std::string, std::string> texts;
  for (const Count& count : counts_) {
    std::string& text = texts[count.verb];
    if (text.empty()) verbs.push_back(count.verb);
    absl::StrAppend(&text, text.empty() ? " " : ", ", count.count, " ",
                    count.count == 1 ? count.singular : count.plural);
  }
  std::string all;
  for (const std::string& verb : verbs) {
    absl::StrAppend(&all, all.empty() ? "" : "; ", verb, texts[verb]);
  }
  return all;
}

}  // namespace okr::cli
