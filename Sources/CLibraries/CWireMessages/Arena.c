#include "CWireMessages.h"

static void *arena_alloc(void *data, size_t size) {
  CWireArena *arena = data;
  size_t free = arena->size - arena->used;
  if (size > free || ((size + 15) & ~(size_t)15) > free) {
    arena->refused = 1;
    return NULL;
  }
  void *at = arena->base + arena->used;
  arena->used += (size + 15) & ~(size_t)15;
  return at;
}

static void arena_free(void *data, void *pointer) {
  (void)data;
  (void)pointer;
}

void cwire_arena_init(CWireArena *arena, void *base, size_t size) {
  arena->allocator.alloc = arena_alloc;
  arena->allocator.free = arena_free;
  arena->allocator.allocator_data = arena;
  arena->base = base;
  arena->size = size;
  arena->used = 0;
  arena->refused = 0;
}
