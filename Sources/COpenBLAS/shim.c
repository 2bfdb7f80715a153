#include "COpenBLAS.h"

#include <cblas.h>

static CBLAS_TRANSPOSE operation(bool transpose) { return transpose ? CblasTrans : CblasNoTrans; }

void openblas_gemm_float(bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
                         const float *a, int lda, const float *b, int ldb, float beta, float *c,
                         int ldc) {
  cblas_sgemm(CblasRowMajor, operation(transpose_a), operation(transpose_b), m, n, k, alpha, a,
              lda, b, ldb, beta, c, ldc);
}

void openblas_gemm_double(bool transpose_a, bool transpose_b, int m, int n, int k, double alpha,
                          const double *a, int lda, const double *b, int ldb, double beta,
                          double *c, int ldc) {
  cblas_dgemm(CblasRowMajor, operation(transpose_a), operation(transpose_b), m, n, k, alpha, a,
              lda, b, ldb, beta, c, ldc);
}

const char *openblas_description(void) { return openblas_get_config(); }

const char *openblas_kernel(void) { return openblas_get_corename(); }

void openblas_use_calling_thread_only(void) { openblas_set_num_threads(1); }
