#ifndef CISOLATION_H
#define CISOLATION_H

#include <stdint.h>

/// Starts a copy of this process that reads a file with a library nobody can vouch for.
///
/// The copy may open files for reading and write to the pipe: no other files, programs, sockets or
/// processes. It ends with its parent, after `seconds` of processor time, or when it takes `bytes`
/// of memory more than it has.
///
/// Returns 0 in the copy, its process number in the parent, below 0 where none can be started.
/// `descriptor` is the end of the pipe: to write in the copy, to read in the parent.
int32_t isolation_start(int32_t *descriptor, uint64_t seconds, uint64_t bytes);

/// Ends the copy at once, without the duties of an exit.
_Noreturn void isolation_end(int32_t code);

/// Waits for the copy: its exit code, or the signal that ended it below 0.
int32_t isolation_wait(int32_t process);

#endif
