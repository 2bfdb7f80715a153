#include "include/CMatio.h"

#include <matio.h>
#include <stdlib.h>
#include <string.h>

static void keep_silent(int level, char *message) {
  (void)level;
  (void)message;
}

void *cmatio_open(const char *path) {
  Mat_LogInitFunc("matio", keep_silent);
  return Mat_Open(path, MAT_ACC_RDONLY);
}

void cmatio_close(void *file) { Mat_Close(file); }

void *cmatio_next(void *file) { return Mat_VarReadNext(file); }

void cmatio_free(void *variable) { Mat_VarFree(variable); }

const char *cmatio_name(const void *variable) {
  const matvar_t *found = variable;
  return found->name ? found->name : "";
}

int cmatio_kind(const void *variable) {
  const matvar_t *found = variable;
  if (found->isComplex) return cmatio_other;
  switch (found->class_type) {
  case MAT_C_DOUBLE:
  case MAT_C_SINGLE:
  case MAT_C_INT8:
  case MAT_C_UINT8:
  case MAT_C_INT16:
  case MAT_C_UINT16:
  case MAT_C_INT32:
  case MAT_C_UINT32:
  case MAT_C_INT64:
  case MAT_C_UINT64:
    return cmatio_numbers;
  case MAT_C_STRUCT:
    return cmatio_struct;
  case MAT_C_CHAR:
    return cmatio_text;
  case MAT_C_CELL:
    return cmatio_cell;
  default:
    return cmatio_other;
  }
}

int cmatio_rank(const void *variable) { return ((const matvar_t *)variable)->rank; }

size_t cmatio_dimension(const void *variable, int at) {
  const matvar_t *found = variable;
  return found->dims && at < found->rank ? found->dims[at] : 0;
}

static size_t element_count(const matvar_t *variable) {
  size_t count = 1;
  for (int at = 0; at < variable->rank; at++) count *= variable->dims[at];
  return count;
}

int cmatio_count(const void *variable) {
  const matvar_t *found = variable;
  if (found->class_type == MAT_C_STRUCT) return (int)Mat_VarGetNumberOfFields((matvar_t *)found);
  return found->class_type == MAT_C_CELL ? (int)element_count(found) : 0;
}

const char *cmatio_field_name(const void *variable, int at) {
  char *const *names = Mat_VarGetStructFieldnames((matvar_t *)variable);
  return names && at < cmatio_count(variable) ? names[at] : NULL;
}

const void *cmatio_element(const void *variable, int at) {
  const matvar_t *found = variable;
  if (at >= cmatio_count(variable)) return NULL;
  if (found->class_type == MAT_C_CELL) return Mat_VarGetCell((matvar_t *)found, at);
  if (element_count(found) != 1) return NULL;
  return Mat_VarGetStructFieldByIndex((matvar_t *)found, (size_t)at, 0);
}

#define COPY(type)                                                              \
  do {                                                                          \
    const type *from = found->data;                                             \
    for (size_t at = 0; at < count; at++) values[at] = (double)from[at];        \
    return 0;                                                                   \
  } while (0)

int cmatio_read(const void *variable, double *values, size_t count) {
  const matvar_t *found = variable;
  if (!found->data || element_count(found) != count) return 1;
  switch (found->class_type) {
  case MAT_C_DOUBLE: COPY(double);
  case MAT_C_SINGLE: COPY(float);
  case MAT_C_INT8: COPY(int8_t);
  case MAT_C_UINT8: COPY(uint8_t);
  case MAT_C_INT16: COPY(int16_t);
  case MAT_C_UINT16: COPY(uint16_t);
  case MAT_C_INT32: COPY(int32_t);
  case MAT_C_UINT32: COPY(uint32_t);
  case MAT_C_INT64: COPY(int64_t);
  case MAT_C_UINT64: COPY(uint64_t);
  default: return 1;
  }
}

int cmatio_read_text(const void *variable, char *text, size_t capacity) {
  const matvar_t *found = variable;
  size_t count = element_count(found);
  if (!found->data || count >= capacity) return 1;
  for (size_t at = 0; at < count; at++) {
    text[at] = found->data_type == MAT_T_UINT16 || found->data_type == MAT_T_UTF16
      ? (char)((const uint16_t *)found->data)[at]
      : ((const char *)found->data)[at];
  }
  text[count] = 0;
  return 0;
}

void *cmatio_create(const char *path) {
  Mat_LogInitFunc("matio", keep_silent);
  // A header without the date that matio would write: the same values are the same bytes.
  return Mat_CreateVer(path, "MATLAB 5.0 MAT-file, written by crossbar-gan", MAT_FT_MAT5);
}

static int put(void *file, matvar_t *variable) {
  if (!variable) return 1;
  int failed = Mat_VarWrite(file, variable, MAT_COMPRESSION_ZLIB);
  Mat_VarFree(variable);
  return failed;
}

int cmatio_write(void *file, const char *name, const double *values, size_t count) {
  size_t dimensions[2] = {count, 1};
  return put(
    file, Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dimensions, (void *)values, 0));
}

int cmatio_write_texts(void *file, const char *name, const char *const *texts, size_t count) {
  size_t dimensions[2] = {count, 1};
  matvar_t *cells = Mat_VarCreate(name, MAT_C_CELL, MAT_T_CELL, 2, dimensions, NULL, 0);
  if (!cells) return 1;
  for (size_t at = 0; at < count; at++) {
    size_t length[2] = {1, strlen(texts[at])};
    Mat_VarSetCell(
      cells, (int)at,
      Mat_VarCreate(NULL, MAT_C_CHAR, MAT_T_UINT8, 2, length, (void *)texts[at], 0));
  }
  return put(file, cells);
}
