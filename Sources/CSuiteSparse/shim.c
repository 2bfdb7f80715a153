// RTLD_DEFAULT is an extension.
#define _GNU_SOURCE
#include "CSuiteSparse.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <suitesparse/cholmod.h>

struct sparse_cholesky {
  cholmod_common common;
  cholmod_sparse *matrix;
  cholmod_factor *factor;
  cholmod_dense *solution;
  cholmod_dense *work;
  cholmod_dense *second_work;
};

static void (*set_levels)(int);
static pthread_once_t levels_found = PTHREAD_ONCE_INIT;

static void find_levels(void) {
  *(void **)&set_levels = dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
}

// CHOLMOD asks OpenMP for four threads whatever the machine and OMP_NUM_THREADS say. For the arrays
// here they cost more than they bring, and threads are ours to give. No level of parallelism leaves
// the calling thread alone; the setting belongs to the thread, hence before every call. Looked up
// at run time because CHOLMOD may have been built without OpenMP.
static void use_calling_thread_only(void) {
  pthread_once(&levels_found, find_levels);
  if (set_levels != NULL) set_levels(0);
}

static int status_of(const cholmod_common *common) {
  switch (common->status) {
    case CHOLMOD_OK:
    case CHOLMOD_DSMALL: return SPARSE_CHOLESKY_OK;
    case CHOLMOD_NOT_POSDEF: return SPARSE_CHOLESKY_NOT_POSITIVE_DEFINITE;
    case CHOLMOD_OUT_OF_MEMORY:
    case CHOLMOD_TOO_LARGE: return SPARSE_CHOLESKY_OUT_OF_MEMORY;
    default: return SPARSE_CHOLESKY_INTERNAL;
  }
}

// Below this ratio of operations to entries of the factor, arrays of up to some 180 lines, columns
// one by one beat blocks of columns: 5 times at 32 lines, twice at 128, on one thread.
static const double supernodal_switch = 150;

static void configure(cholmod_common *common) {
  common->print = 0;
  common->supernodal = CHOLMOD_AUTO;
  common->supernodal_switch = supernodal_switch;
  common->final_ll = 1;
  common->nmethods = 1;
  common->method[0].ordering = CHOLMOD_GIVEN;
  common->postorder = 1;
}

sparse_cholesky *sparse_cholesky_create(int n, const int *column_pointers, const int *row_indices,
                                        const int *order, int *status) {
  use_calling_thread_only();
  *status = SPARSE_CHOLESKY_OUT_OF_MEMORY;
  sparse_cholesky *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  cholmod_start(&self->common);
  configure(&self->common);
  const size_t entries = (size_t)column_pointers[n];
  self->matrix = cholmod_allocate_sparse((size_t)n, (size_t)n, entries, 0, 1, -1, CHOLMOD_REAL,
                                         &self->common);
  if (self->matrix != NULL) {
    memcpy(self->matrix->p, column_pointers, ((size_t)n + 1) * sizeof(int));
    memcpy(self->matrix->i, row_indices, entries * sizeof(int));
    memset(self->matrix->x, 0, entries * sizeof(double));
    // CHOLMOD copies the permutation; its signature only lacks the const.
    self->factor = cholmod_analyze_p(self->matrix, (int *)order, NULL, 0, &self->common);
  }
  if (self->factor == NULL) {
    *status = status_of(&self->common);
    if (*status == SPARSE_CHOLESKY_OK) *status = SPARSE_CHOLESKY_INTERNAL;
    sparse_cholesky_free(self);
    return NULL;
  }
  *status = SPARSE_CHOLESKY_OK;
  return self;
}

double sparse_cholesky_factor_entries(const sparse_cholesky *self) { return self->common.lnz; }

int sparse_cholesky_factorize(sparse_cholesky *self, const double *values) {
  use_calling_thread_only();
  const size_t entries = (size_t)((int *)self->matrix->p)[self->matrix->ncol];
  memcpy(self->matrix->x, values, entries * sizeof(double));
  cholmod_factorize(self->matrix, self->factor, &self->common);
  const int status = status_of(&self->common);
  if (status != SPARSE_CHOLESKY_OK) return status;
  // A semidefinite matrix ends with a pivot that CHOLMOD may pass as a tiny positive number.
  return self->factor->minor < self->factor->n ? SPARSE_CHOLESKY_NOT_POSITIVE_DEFINITE : status;
}

int sparse_cholesky_solve(sparse_cholesky *self, double *vectors, int count) {
  use_calling_thread_only();
  const size_t n = self->factor->n;
  cholmod_dense right = {.nrow = n, .ncol = (size_t)count, .nzmax = n * (size_t)count, .d = n,
                         .x = vectors, .xtype = CHOLMOD_REAL, .dtype = CHOLMOD_DOUBLE};
  if (!cholmod_solve2(CHOLMOD_A, self->factor, &right, NULL, &self->solution, NULL, &self->work,
                      &self->second_work, &self->common)) {
    const int status = status_of(&self->common);
    return status == SPARSE_CHOLESKY_OK ? SPARSE_CHOLESKY_INTERNAL : status;
  }
  memcpy(vectors, self->solution->x, n * (size_t)count * sizeof(double));
  return SPARSE_CHOLESKY_OK;
}

void sparse_cholesky_free(sparse_cholesky *self) {
  if (self == NULL) return;
  cholmod_free_dense(&self->solution, &self->common);
  cholmod_free_dense(&self->work, &self->common);
  cholmod_free_dense(&self->second_work, &self->common);
  cholmod_free_factor(&self->factor, &self->common);
  cholmod_free_sparse(&self->matrix, &self->common);
  cholmod_finish(&self->common);
  free(self);
}
