#include "CNet.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A request of libcurl's takes some forty pieces of memory and gives them all back, of the same sizes each time. glibc
 * keeps seven of a size at hand and none above 1,032 bytes, and its calloc does not look there. Here each thread keeps
 * what it was given back, by size, as much as some forty requests at a time need; so malloc is seldom asked.
 *
 * Every piece has a header, so libcurl must not have taken anything before it knows of this. */

/* Whoever watches memory wants to see each piece come and go. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_WATCHED 1
#endif
#endif
#ifndef IS_WATCHED
#define IS_WATCHED 0
#endif

enum {
    GRAIN = 32,
    /* In grains: enough for libcurl's receive buffer of 16 KiB. Larger pieces are malloc's own, and of this class. */
    CLASSES = (17 << 10) / GRAIN,
    /* Bytes that one thread keeps. Pieces of more grains than SMALL leave half of it to the others, of which there are
     * more. */
    KEPT_MAX = 1 << 20,
    SMALL = 64,
};

/* What stands before a piece; as long as malloc's alignment. */
struct header {
    /* How many grains it holds. */
    size_t class;
    /* While it is kept. Veiled by where it stands, as in glibc's own lists: what runs over the end of a piece can not
     * say what is taken next. */
    uintptr_t next;
};
_Static_assert(sizeof(struct header) % _Alignof(max_align_t) == 0, "pieces are aligned");

static __thread struct header *shelves[CLASSES];
static __thread size_t kept;
static pthread_key_t leaving;

static uintptr_t veil(const struct header *piece, uintptr_t next) { return ((uintptr_t)piece >> 12) ^ next; }

/* NULL: none is kept. */
static struct header *pop(size_t class) {
    struct header *piece = shelves[class];
    if (!piece) return NULL;
    uintptr_t next = veil(piece, piece->next);
    if (next % _Alignof(max_align_t)) abort();
    shelves[class] = (struct header *)next;
    kept -= class * GRAIN;
    return piece;
}

static void *take(size_t bytes) {
    size_t class = bytes / GRAIN + 1;
    struct header *piece = NULL;
    if (IS_WATCHED || class >= CLASSES) {
        if (bytes <= SIZE_MAX - sizeof *piece) piece = malloc(sizeof *piece + bytes);
        class = CLASSES;
    } else if (!(piece = pop(class))) {
        piece = malloc(sizeof *piece + class * GRAIN);
    }
    if (!piece) return NULL;
    piece->class = class;
    return piece + 1;
}

static void give_back(void *memory) {
    if (!memory) return;
    struct header *piece = (struct header *)memory - 1;
    size_t bytes = piece->class * GRAIN;
    if (piece->class >= CLASSES || kept + bytes > (piece->class > SMALL ? KEPT_MAX / 2 : KEPT_MAX)) {
        free(piece);
        return;
    }
    if (!kept) pthread_setspecific(leaving, shelves);
    piece->next = veil(piece, (uintptr_t)shelves[piece->class]);
    shelves[piece->class] = piece;
    kept += bytes;
}

static void *take_zeroed(size_t count, size_t each) {
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes)) return NULL;
    void *memory = take(bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}

static void *resize(void *memory, size_t bytes) {
    if (!memory) return take(bytes);
    struct header *piece = (struct header *)memory - 1;
    if (piece->class >= CLASSES) {
        if (bytes > SIZE_MAX - sizeof *piece) return NULL;
        piece = realloc(piece, sizeof *piece + bytes);
        return piece ? piece + 1 : NULL;
    }
    size_t held = piece->class * GRAIN;
    if (bytes <= held) return memory;
    void *new = take(bytes);
    if (!new) return NULL;
    memcpy(new, memory, held);
    give_back(memory);
    return new;
}

static char *copy(const char *text) {
    size_t bytes = strlen(text) + 1;
    char *new = take(bytes);
    return new ? memcpy(new, text, bytes) : NULL;
}

/* The thread ends. */
static void empty(void *mine) {
    (void)mine;
    for (size_t class = 0; class < CLASSES; class++) {
        for (struct header *piece; (piece = pop(class));) free(piece);
    }
}

int cnet_heap_serve_transfers(void) {
    return pthread_key_create(&leaving, empty) == 0
        && curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, give_back, resize, copy, take_zeroed) == CURLE_OK;
}
