// What all resource names have in common; the kinds of names are in names.h.
#pragma once

#include <compare>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/status/error.h"

namespace okr {

// Whether `id` may be the last part of a name (AIP-122, AIP-133): 1 to 63 lower-case letters,
// digits and hyphens, no hyphen at either end. A UUID is one.
bool IsResourceId(absl::string_view id);

// OK, or INVALID_FIELDS that names `field` and the pattern of ids.
absl::Status CheckResourceId(absl::string_view field, absl::string_view id);

namespace names_internal {

// Whether `name` is `pattern` with ids in place of the parts in braces; `wildcards` also
// allows "-" for ids other than the organization.
bool Matches(absl::string_view pattern, absl::string_view name, bool wildcards);
// Empty if it matches; else what is wrong and what is expected.
std::string DescribeMismatch(absl::string_view pattern, absl::string_view name, bool wildcards);
// Fills the ids into the pattern.
std::string Fill(absl::string_view pattern, std::initializer_list<absl::string_view> ids);
// Part `index` of a name, counted from 0 between slashes.
absl::string_view Part(absl::string_view name, size_t index);
size_t CountParts(absl::string_view name);
// `name` without its last two parts.
absl::string_view ParentOf(absl::string_view name);

}  // namespace names_internal

// A valid name of one kind. `Self` gives the pattern as `static constexpr absl::string_view
// kPattern`, e.g. "organizations/{organization}/teams/{team}". A value is always valid, except
// that a default-made one is empty. Immutable and cheap to hash.
template <typename Self>
class ResourceName {
 public:
  // INVALID_FIELDS naming `field` unless `name` follows the pattern.
  static absl::StatusOr<Self> Parse(absl::string_view name, absl::string_view field = "name") {
    std::string wrong = names_internal::DescribeMismatch(Self::kPattern, name, false);
    if (!wrong.empty()) return InvalidFields({{std::string(field), std::move(wrong)}});
    return Make(name);
  }

  // What a caller should be told of `name`; empty if it is right.
  static std::string WhatIsWrongWith(absl::string_view name) {
    return names_internal::DescribeMismatch(Self::kPattern, name, false);
  }

  // Reads the form that relative() writes.
  static absl::StatusOr<Self> FromRelative(absl::string_view organization_id,
                                           absl::string_view relative,
                                           absl::string_view field = "name") {
    std::string name = "organizations/";
    name.append(organization_id.data(), organization_id.size());
    if (!relative.empty()) name.append("/").append(relative.data(), relative.size());
    return Parse(name, field);
  }

  const std::string& ToString() const { return name_; }
  // The id of the organization, the part after "organizations/".
  absl::string_view organization_id() const { return names_internal::Part(name_, 1); }
  // The last part.
  absl::string_view id() const {
    const size_t slash = name_.rfind('/');
    return slash == std::string::npos ? absl::string_view()
                                      : absl::string_view(name_).substr(slash + 1);
  }
  // The name without "organizations/{organization}/", as stores key their rows; empty for an
  // organization.
  absl::string_view relative() const {
    const size_t prefix = sizeof("organizations/") + organization_id().size();
    return prefix >= name_.size() ? absl::string_view() : absl::string_view(name_).substr(prefix);
  }
  bool empty() const { return name_.empty(); }

  friend bool operator==(const ResourceName& a, const ResourceName& b) {
    return a.name_ == b.name_;
  }
  friend std::strong_ordering operator<=>(const ResourceName& a, const ResourceName& b) {
    return a.name_.compare(b.name_) <=> 0;
  }
  template <typename H>
  friend H AbslHashValue(H h, const ResourceName& name) {
    return H::combine(std::move(h), name.name_);
  }
  template <typename Stream>
  friend Stream& operator<<(Stream& out, const ResourceName& name) {
    out << name.name_;
    return out;
  }

 protected:
  ResourceName() = default;

  // `name` must follow the pattern.
  static Self Make(absl::string_view name) {
    Self self;
    self.name_.assign(name.data(), name.size());
    return self;
  }
  // Each id must be one, see IsResourceId.
  static Self Make(std::initializer_list<absl::string_view> ids) {
    return Make(absl::string_view(names_internal::Fill(Self::kPattern, ids)));
  }

  absl::string_view Part(size_t index) const { return names_internal::Part(name_, index); }
  absl::string_view ParentText() const { return names_internal::ParentOf(name_); }
  // Makes a name of another kind; `name` must follow its pattern.
  template <typename Other>
  static Other MakeOther(absl::string_view name) {
    return Other::Make(name);
  }

 private:
  template <typename>
  friend class ResourceName;

  std::string name_;
};

// The parent of a List request: a name in which ids after the organization may be "-", meaning any.
template <typename Name>
class ParentPattern {
 public:
  static absl::StatusOr<ParentPattern> Parse(absl::string_view parent,
                                             absl::string_view field = "parent") {
    std::string wrong = names_internal::DescribeMismatch(Name::kPattern, parent, true);
    if (!wrong.empty()) return InvalidFields({{std::string(field), std::move(wrong)}});
    return ParentPattern(parent);
  }

  const std::string& ToString() const { return text_; }
  absl::string_view organization_id() const { return names_internal::Part(text_, 1); }
  bool has_wildcard() const;
  // The id at `level` (1 is the first one after the organization); absent for "-".
  std::optional<std::string> id(size_t level) const;
  // The one parent meant; absent if there is a wildcard.
  std::optional<Name> exact() const;

 private:
  explicit ParentPattern(absl::string_view text) : text_(text) {}

  std::string text_;
};

template <typename Name>
bool ParentPattern<Name>::has_wildcard() const {
  for (size_t i = 3; i < names_internal::CountParts(text_); i += 2) {
    if (names_internal::Part(text_, i) == "-") return true;
  }
  return false;
}

template <typename Name>
std::optional<std::string> ParentPattern<Name>::id(size_t level) const {
  const absl::string_view part = names_internal::Part(text_, 2 * level + 1);
  if (part.empty() || part == "-") return std::nullopt;
  return std::string(part);
}

template <typename Name>
std::optional<Name> ParentPattern<Name>::exact() const {
  auto name = Name::Parse(text_);
  if (!name.ok()) return std::nullopt;
  return *std::move(name);
}

}  // namespace okr
