#include "CSuiteSparse.h"
