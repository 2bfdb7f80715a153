#include "include/CHDF5.h"

#include <hdf5/serial/hdf5.h>
#include <stdlib.h>
#include <string.h>

int64_t chdf5_open(const char *path) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

void chdf5_close(int64_t file) { H5Fclose(file); }

typedef struct {
  void *context;
  void (*visit)(void *context, const char *path);
} visitor;

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  visitor *to = data;
  (void)group;
  (void)info;
  to->visit(to->context, name);
  return 0;
}

int chdf5_visit(int64_t file, void *context, void (*visit)(void *context, const char *path)) {
  visitor to = {context, visit};
  return H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, visit_link, &to) < 0;
}

static int kind_of(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
  case H5T_FLOAT:
    return chdf5_numbers;
  case H5T_COMPOUND:
    return chdf5_compound;
  case H5T_STRING:
    return chdf5_text;
  default:
    return chdf5_other;
  }
}

chdf5_shape chdf5_describe(int64_t file, const char *path) {
  chdf5_shape shape;
  memset(&shape, 0, sizeof shape);
  hid_t object = H5Oopen(file, path, H5P_DEFAULT);
  if (object < 0) return shape;
  if (H5Iget_type(object) == H5I_GROUP) shape.kind = chdf5_group;
  if (H5Iget_type(object) == H5I_DATASET) {
    hid_t type = H5Dget_type(object), space = H5Dget_space(object);
    hsize_t dimensions[H5S_MAX_RANK];
    shape.kind = kind_of(type);
    shape.rank = H5Sget_simple_extent_dims(space, dimensions, NULL);
    if (shape.rank < 0 || shape.rank > 4) shape.kind = chdf5_other;
    for (int at = 0; at < shape.rank && at < 4; at++) shape.dimensions[at] = dimensions[at];
    if (shape.kind == chdf5_compound) shape.members = H5Tget_nmembers(type);
    H5Sclose(space);
    H5Tclose(type);
  }
  H5Oclose(object);
  return shape;
}

int chdf5_member(int64_t file, const char *path, int member, char *name, size_t capacity) {
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  if (set < 0) return chdf5_absent;
  hid_t type = H5Dget_type(set);
  int kind = chdf5_absent;
  char *found = H5Tget_member_name(type, (unsigned)member);
  if (found) {
    strncpy(name, found, capacity - 1);
    name[capacity - 1] = 0;
    H5free_memory(found);
    hid_t own = H5Tget_member_type(type, (unsigned)member);
    kind = kind_of(own);
    H5Tclose(own);
  }
  H5Tclose(type);
  H5Dclose(set);
  return kind;
}

int chdf5_read(int64_t file, const char *path, const char *member, double *values) {
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  if (set < 0) return 1;
  hid_t type = H5T_NATIVE_DOUBLE;
  if (member) {
    type = H5Tcreate(H5T_COMPOUND, sizeof(double));
    H5Tinsert(type, member, 0, H5T_NATIVE_DOUBLE);
  }
  herr_t status = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  if (member) H5Tclose(type);
  H5Dclose(set);
  return status < 0;
}

int chdf5_strings(
  int64_t file, const char *path, void *context, void (*take)(void *context, const char *text)) {
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  if (set < 0) return 1;
  hid_t type = H5Dget_type(set), space = H5Dget_space(set);
  hssize_t count = H5Sget_simple_extent_npoints(space);
  int failed = count < 0;
  if (!failed && count > 0 && H5Tis_variable_str(type) > 0) {
    char **texts = calloc((size_t)count, sizeof *texts);
    failed = !texts || H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0;
    for (hssize_t at = 0; !failed && at < count; at++) take(context, texts[at] ? texts[at] : "");
    if (!failed) H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    free(texts);
  } else if (!failed && count > 0) {
    size_t size = H5Tget_size(type);
    char *texts = calloc((size_t)count, size), *one = calloc(size + 1, 1);
    failed = !texts || !one || H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0;
    for (hssize_t at = 0; !failed && at < count; at++) {
      memcpy(one, texts + (size_t)at * size, size);
      take(context, one);
    }
    free(one);
    free(texts);
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(set);
  return failed;
}

int chdf5_attribute(
  int64_t file, const char *path, const char *name, char *text, size_t capacity) {
  if (H5Aexists_by_name(file, path, name, H5P_DEFAULT) <= 0) return 1;
  hid_t attribute = H5Aopen_by_name(file, path, name, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0) return 1;
  hid_t type = H5Aget_type(attribute);
  int failed = H5Tget_class(type) != H5T_STRING;
  memset(text, 0, capacity);
  if (!failed && H5Tis_variable_str(type) > 0) {
    char *found = NULL;
    hid_t memory = H5Tcopy(H5T_C_S1);
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    failed = H5Aread(attribute, memory, &found) < 0 || !found;
    if (!failed) strncpy(text, found, capacity - 1);
    if (found) H5free_memory(found);
    H5Tclose(memory);
  } else if (!failed) {
    failed = H5Tget_size(type) >= capacity || H5Aread(attribute, type, text) < 0;
  }
  H5Tclose(type);
  H5Aclose(attribute);
  return failed;
}

int chdf5_number(int64_t file, const char *path, const char *name, double *value) {
  if (H5Aexists_by_name(file, path, name, H5P_DEFAULT) <= 0) return 1;
  hid_t attribute = H5Aopen_by_name(file, path, name, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0) return 1;
  hid_t space = H5Aget_space(attribute);
  int failed = H5Sget_simple_extent_npoints(space) != 1
    || H5Aread(attribute, H5T_NATIVE_DOUBLE, value) < 0;
  H5Sclose(space);
  H5Aclose(attribute);
  return failed;
}

int64_t chdf5_create(const char *path) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}

static int write_set(
  int64_t file, const char *path, hid_t type, const void *values, uint64_t count) {
  hsize_t length = count;
  hid_t space = H5Screate_simple(1, &length, NULL), links = H5Pcreate(H5P_LINK_CREATE);
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  // Without the time of writing: the same values are the same bytes.
  H5Pset_obj_track_times(creation, 0);
  hid_t set = H5Dcreate2(file, path, type, space, links, creation, H5P_DEFAULT);
  int failed = set < 0 || H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
  if (set >= 0) H5Dclose(set);
  H5Pclose(creation);
  H5Pclose(links);
  H5Sclose(space);
  return failed;
}

int chdf5_write(int64_t file, const char *path, const double *values, uint64_t count) {
  return write_set(file, path, H5T_NATIVE_DOUBLE, values, count);
}

int chdf5_write_strings(
  int64_t file, const char *path, const char *const *texts, uint64_t count) {
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  int failed = write_set(file, path, type, texts, count);
  H5Tclose(type);
  return failed;
}
