#include "CLinux.h"

#include <sys/eventfd.h>
#include <sys/prctl.h>

int clinux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
int clinux_forbid_core_dumps(void) { return prctl(PR_SET_DUMPABLE, 0); }
