#include "CLinux.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

int clinux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
int clinux_forbid_core_dumps(void) { return prctl(PR_SET_DUMPABLE, 0); }

long long clinux_tcp_bytes_received(int descriptor) {
  struct tcp_info info;
  socklen_t size = sizeof info;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
  if (size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) return -1;
  return (long long)info.tcpi_bytes_received;
}
