#ifndef SUBNETKIT_CLINUX_H
#define SUBNETKIT_CLINUX_H

#include "Confinement.h"

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>

/// Linux calls that the Glibc module does not import.

/// `eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)`: the Glibc module lacks eventfd.
int clinux_eventfd(void);

/// `prctl(PR_SET_PDEATHSIG, signal)`: prctl is variadic, which Swift cannot call.
int clinux_die_with_parent(int signal);

/// `prctl(PR_SET_DUMPABLE, 0)`: keeps key material out of core files.
int clinux_forbid_core_dumps(void);

/// `pidfd_open(pid, 0)`, close-on-exec by nature: the Glibc module lacks it.
int clinux_pidfd_open(int pid);

/// `environ`: a global variable, which Swift 6 does not read.
char **clinux_environment(void);

/// Milliseconds since 1970 of `CLOCK_REALTIME`: `timespec` belongs to a module that Swift keeps to itself.
uint64_t clinux_milliseconds_since_1970(void);

/// `pthread_setname_np(pthread_self(), name)`, at most 15 bytes: the Glibc module lacks it.
void clinux_name_thread(const char *name);

/// Blocks every signal in the calling thread but those that its own faults raise. A blocked fault ends the process past its
/// handler, and threads inherit the mask: the runtime's workers too, when such a thread is the one that wakes them.
int clinux_block_signals(void);

/// `pipe2(ends, O_CLOEXEC)`: the Glibc module lacks it.
int clinux_pipe(int ends[2]);

/// `posix_spawn_file_actions_addclosefrom_np(actions, from)`: the Glibc module lacks it.
int clinux_close_from(posix_spawn_file_actions_t *actions, int from);

/// From now on SIGTERM and SIGINT write their number, one byte, to `descriptor` and do nothing else. A handler may call
/// next to nothing, and Swift does not promise which of its code is among that.
int clinux_send_stop_signals_to(int descriptor);

/// Bytes that a TCP connection has received since it began, or -1: Glibc's `tcp_info` ends before that field.
long long clinux_tcp_bytes_received(int descriptor);

/// From now on a trap of any thread (SIGILL, SIGTRAP) ends this process with `status`. What the thread was at work on is
/// written to `path` first: a handler may call next to nothing, so the note is ready before the work begins.
int clinux_end_traps(const char *path, int status);

/// What this thread is at work on, copied; 128 KiB at most count. No bytes: nothing to note.
void clinux_begin_work(const void *head, size_t head_count, const void *body, size_t body_count);

/// What changes about a file when it is written or replaced.
struct clinux_file_mark {
  uint64_t inode;
  int64_t bytes;
  int64_t nanoseconds;
  int is_folder;
};

/// `stat`, the time of change as one number: `timespec` belongs to a module that Swift keeps to itself. 0, or -1.
int clinux_mark_file(const char *path, struct clinux_file_mark *mark);

/// `POSIX_SPAWN_SETSID`: the Glibc module lacks it.
short clinux_new_session_flag(void);

/// Locks a whole file for this open description, without waiting; 0, or -1 with EAGAIN when another has it. Unlike a lock
/// of `lockf` it is not lost when the process closes another description of the file; Glibc's module lacks the command.
int clinux_lock(int descriptor);

/// Gives back what `clinux_lock` took, for every copy of the descriptor; 0, or -1 with errno.
int clinux_unlock(int descriptor);

/// 1 when another open description holds a lock of the file, 0 when none does, -1 on an error. Takes no lock itself.
int clinux_is_locked(int descriptor);

#endif
