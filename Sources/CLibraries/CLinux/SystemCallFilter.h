#ifndef SUBNETKIT_SYSTEM_CALL_FILTER_H
#define SUBNETKIT_SYSTEM_CALL_FILTER_H

// From now on the calling process, with all it becomes, can start no process, trace and signal nobody else, change no
// file system, and open no socket (or only internet sockets). 0, or -1 with `errno`. Takes no lock and no memory.
int clinux_filter_system_calls(int allows_network);

#endif
