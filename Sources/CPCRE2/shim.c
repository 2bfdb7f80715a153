#include "CPCRE2.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

struct bounded_pattern {
  pcre2_code *code;
  pcre2_match_data *match;
  pcre2_match_context *limits;
  PCRE2_SPTR names;
  uint32_t name_count;
  uint32_t entry_size;
};

// No pattern may reach outside its text or take it apart into single bytes.
static const uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;

bounded_pattern *bounded_pattern_compile(const char *pattern, size_t length) {
  bounded_pattern *result = calloc(1, sizeof *result);
  if (result == NULL) return NULL;
  int code;
  PCRE2_SIZE place;
  result->code = pcre2_compile((PCRE2_SPTR)pattern, length, options, &code, &place, NULL);
  if (result->code != NULL) {
    result->match = pcre2_match_data_create_from_pattern(result->code, NULL);
    result->limits = pcre2_match_context_create(NULL);
  }
  if (result->match == NULL || result->limits == NULL) {
    bounded_pattern_free(result);
    return NULL;
  }
  pcre2_pattern_info(result->code, PCRE2_INFO_NAMECOUNT, &result->name_count);
  pcre2_pattern_info(result->code, PCRE2_INFO_NAMEENTRYSIZE, &result->entry_size);
  pcre2_pattern_info(result->code, PCRE2_INFO_NAMETABLE, &result->names);
  return result;
}

int bounded_pattern_search(bounded_pattern *pattern, const char *text, size_t length,
                           uint32_t steps) {
  pcre2_set_match_limit(pattern->limits, steps);
  int found =
      pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, pattern->match, pattern->limits);
  return found > 0 ? 1 : found == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

size_t bounded_pattern_names(const bounded_pattern *pattern) { return pattern->name_count; }

static PCRE2_SPTR entry(const bounded_pattern *pattern, size_t index) {
  return pattern->names + index * pattern->entry_size;
}

// An entry is the group's number in two bytes, then its name.
const char *bounded_pattern_name(const bounded_pattern *pattern, size_t index) {
  return (const char *)entry(pattern, index) + 2;
}

int bounded_pattern_range(const bounded_pattern *pattern, size_t index, size_t *start,
                          size_t *end) {
  PCRE2_SPTR name = entry(pattern, index);
  uint32_t group = (uint32_t)name[0] << 8 | name[1];
  const PCRE2_SIZE *places = pcre2_get_ovector_pointer(pattern->match);
  if (group >= pcre2_get_ovector_count(pattern->match)) return 0;
  *start = places[2 * group];
  *end = places[2 * group + 1];
  return *start != PCRE2_UNSET && *end != PCRE2_UNSET && *start <= *end;
}

void bounded_pattern_free(bounded_pattern *pattern) {
  if (pattern == NULL) return;
  pcre2_match_context_free(pattern->limits);
  pcre2_match_data_free(pattern->match);
  pcre2_code_free(pattern->code);
  free(pattern);
}
