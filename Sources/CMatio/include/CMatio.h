#ifndef CMATIO_H
#define CMATIO_H

#include <stddef.h>
#include <stdint.h>

// Reading of MATLAB files to version 7.2 by a few plain functions.

/// What a variable is.
enum { cmatio_numbers = 1, cmatio_struct = 2, cmatio_text = 3, cmatio_cell = 4, cmatio_other = 5 };

/// Opens a file for reading; NULL when it is none.
void *cmatio_open(const char *path);
void cmatio_close(void *file);

/// The next variable with its values, to be freed; NULL after the last one.
void *cmatio_next(void *file);
void cmatio_free(void *variable);

const char *cmatio_name(const void *variable);
int cmatio_kind(const void *variable);
/// Dimensions, first one fastest: their number, and one of them.
int cmatio_rank(const void *variable);
size_t cmatio_dimension(const void *variable, int at);

/// Fields of a struct of one element, and elements of a cell array; NULL where there is none.
int cmatio_count(const void *variable);
const char *cmatio_field_name(const void *variable, int at);
const void *cmatio_element(const void *variable, int at);

/// Values as doubles, first dimension fastest; 0: done.
int cmatio_read(const void *variable, double *values, size_t count);
/// Characters of a text, first dimension fastest; 0: done.
int cmatio_read_text(const void *variable, char *text, size_t capacity);

/// A new file of version 5, and a column of doubles or of text in it; 0: done.
void *cmatio_create(const char *path);
int cmatio_write(void *file, const char *name, const double *values, size_t count);
int cmatio_write_texts(void *file, const char *name, const char *const *texts, size_t count);

#endif
