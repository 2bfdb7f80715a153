// Sparse Cholesky factors of symmetric positive definite systems through CHOLMOD.
#ifndef CSUITESPARSE_H
#define CSUITESPARSE_H

#endif
