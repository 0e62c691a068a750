#ifndef SUBNETKIT_CWIREMESSAGES_H
#define SUBNETKIT_CWIREMESSAGES_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

// The messages that travel or are stored by themselves, by index from 0; NULL after the last. Every other type is
// reached from these. A function, because Swift cannot take the address of a C constant.
const ProtobufCMessageDescriptor *cwire_root(size_t index);

// Memory for one decoded message: a bump pointer that refuses when full and frees nothing by itself.
// In C, because protobuf-c asks through function pointers.
typedef struct {
  ProtobufCAllocator allocator;
  unsigned char *base;
  size_t size;
  size_t used;
  int refused;
} CWireArena;

// Lets `arena` hand out `size` bytes from `base`, which is aligned to 16. The arena may not move afterwards.
void cwire_arena_init(CWireArena *arena, void *base, size_t size);

#endif
