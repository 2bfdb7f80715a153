#ifndef CHDF5_H
#define CHDF5_H

#include <stddef.h>
#include <stdint.h>

// Reading of HDF5 files by a few plain functions; the vendor's header stays out of Swift's sight.

/// What a path of a file is.
enum {
  chdf5_absent = 0,
  chdf5_numbers = 1,
  chdf5_compound = 2,
  chdf5_text = 3,
  chdf5_group = 4,
  chdf5_other = 5
};

/// A data set: kind, dimensions (last one fastest) and, of a compound, the number of its members.
typedef struct {
  int kind;
  int rank;
  uint64_t dimensions[4];
  int members;
} chdf5_shape;

/// Opens a file for reading; below 0 when it is none.
int64_t chdf5_open(const char *path);
void chdf5_close(int64_t file);

/// Calls `visit` with the path of every group and data set below the root, by name.
int chdf5_visit(int64_t file, void *context, void (*visit)(void *context, const char *path));

chdf5_shape chdf5_describe(int64_t file, const char *path);

/// The name of a compound's member into `name`; its kind, numbers or another.
int chdf5_member(int64_t file, const char *path, int member, char *name, size_t capacity);

/// Reads all values as doubles, of one member of a compound where `member` is not NULL; 0: done.
int chdf5_read(int64_t file, const char *path, const char *member, double *values);

/// Calls `take` with every string of a data set of text; 0: done.
int chdf5_strings(
  int64_t file, const char *path, void *context, void (*take)(void *context, const char *text));

/// A text attribute into `text`; 0: it is there.
int chdf5_attribute(
  int64_t file, const char *path, const char *name, char *text, size_t capacity);

/// A numeric attribute into `value`; 0: it is there.
int chdf5_number(int64_t file, const char *path, const char *name, double *value);

/// Writes one data set of doubles in a new or an open file, for tests and the virtual laboratory.
int64_t chdf5_create(const char *path);
int chdf5_write(int64_t file, const char *path, const double *values, uint64_t count);
int chdf5_write_strings(
  int64_t file, const char *path, const char *const *texts, uint64_t count);

#endif
