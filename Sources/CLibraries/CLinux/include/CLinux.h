#ifndef SUBNETKIT_CLINUX_H
#define SUBNETKIT_CLINUX_H

/// Linux calls that the Glibc module does not import.

/// `eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)`: the Glibc module lacks eventfd.
int clinux_eventfd(void);

/// `prctl(PR_SET_PDEATHSIG, signal)`: prctl is variadic, which Swift cannot call.
int clinux_die_with_parent(int signal);

/// `prctl(PR_SET_DUMPABLE, 0)`: keeps key material out of core files.
int clinux_forbid_core_dumps(void);

/// Bytes that a TCP connection has received since it began, or -1: Glibc's `tcp_info` ends before that field.
long long clinux_tcp_bytes_received(int descriptor);

#endif
