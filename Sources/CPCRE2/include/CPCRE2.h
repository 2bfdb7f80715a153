// Regular expressions through PCRE2 with a bound on the work of a match, without its header.
#ifndef CPCRE2_H
#define CPCRE2_H

#include <stddef.h>
#include <stdint.h>

/// A compiled expression with room for its groups.
typedef struct bounded_pattern bounded_pattern;

/// Compiles a pattern in UTF-8; returns NULL when it is no regular expression.
bounded_pattern *bounded_pattern_compile(const char *pattern, size_t length);

/// Looks for the first match of a pattern in a text in UTF-8.
///
/// Returns 1 when there is one, 0 when there is none and -1 when the search took more than
/// `steps` steps of the matcher.
int bounded_pattern_search(bounded_pattern *pattern, const char *text, size_t length,
                           uint32_t steps);

/// The number of named groups.
size_t bounded_pattern_names(const bounded_pattern *pattern);

/// The name of a named group.
const char *bounded_pattern_name(const bounded_pattern *pattern, size_t index);

/// Where a named group lies in the text of the last search that found something.
///
/// Returns 0 when the group took no part in the match.
int bounded_pattern_range(const bounded_pattern *pattern, size_t index, size_t *start,
                          size_t *end);

/// Frees a pattern.
void bounded_pattern_free(bounded_pattern *pattern);

#endif
