// Sparse Cholesky factors of symmetric positive definite systems through CHOLMOD.
#ifndef CSUITESPARSE_H
#define CSUITESPARSE_H

/// The symbolic analysis and the numerical factor of one matrix pattern.
typedef struct sparse_cholesky sparse_cholesky;

enum sparse_cholesky_status {
  SPARSE_CHOLESKY_OK = 0,
  SPARSE_CHOLESKY_OUT_OF_MEMORY = 1,
  SPARSE_CHOLESKY_NOT_POSITIVE_DEFINITE = 2,
  SPARSE_CHOLESKY_INTERNAL = 3,
};

/// Analyses the lower triangle of an n × n symmetric matrix in compressed columns.
///
/// Columns begin with the diagonal. `order` lists the unknowns in the order of their elimination.
/// The arrays are copied. Returns NULL and sets `status` on failure.
sparse_cholesky *sparse_cholesky_create(int n, const int *column_pointers, const int *row_indices,
                                        const int *order, int *status);

/// Numbers the factor will hold, known from the analysis.
double sparse_cholesky_factor_entries(const sparse_cholesky *self);

/// Factorises the values, given in the order of the row indices. Returns a status.
int sparse_cholesky_factorize(sparse_cholesky *self, const double *values);

/// Solves in place for `count` right-hand sides, stored one after the other. Returns a status.
int sparse_cholesky_solve(sparse_cholesky *self, double *vectors, int count);

void sparse_cholesky_free(sparse_cholesky *self);

#endif
