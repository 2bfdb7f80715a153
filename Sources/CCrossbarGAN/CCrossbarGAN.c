// The functions are those of the Swift module CInterface.
#include "crossbar_gan.h"
