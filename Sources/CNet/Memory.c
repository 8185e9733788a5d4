#include "CNet.h"

#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A request of libcurl's takes some forty pieces of memory and gives them all back, of the same sizes each time. glibc
 * keeps seven of a size at hand and none above 1,032 bytes, and its calloc does not look there. Here each thread keeps
 * what it was given back, by size, as much as some forty requests at a time need; so malloc is seldom asked.
 *
 * Every piece is malloc's own, and its size is asked of malloc: whoever frees it, whenever it was taken, is right. */

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
    /* In grains: enough for libcurl's receive buffer of 16 KiB. */
    CLASSES = (17 << 10) / GRAIN,
    /* Bytes that one thread keeps. */
    KEPT_MAX = 1 << 20,
};

/* A piece that is kept. */
struct piece {
    /* Veiled by where it stands, as in glibc's own lists: what runs over its end can not say what is taken next. */
    uintptr_t next;
};

/* Those that hold at least so many grains. */
static __thread struct piece *shelves[CLASSES];
static __thread size_t kept;
static pthread_key_t leaving;

static uintptr_t veil(const struct piece *piece, uintptr_t next) { return ((uintptr_t)piece >> 12) ^ next; }

static struct piece *pop(size_t class) {
    struct piece *piece = shelves[class];
    if (!piece) return NULL;
    uintptr_t next = veil(piece, piece->next);
    if (next % _Alignof(max_align_t)) abort();
    shelves[class] = (struct piece *)next;
    kept -= class * GRAIN;
    return piece;
}

static void *take(size_t bytes) {
    size_t class = bytes ? (bytes + GRAIN - 1) / GRAIN : 1;
    if (IS_WATCHED || class >= CLASSES) return malloc(bytes);
    void *memory = pop(class);
    return memory ? memory : malloc(class * GRAIN);
}

static void give_back(void *memory) {
    if (!memory) return;
    size_t class = malloc_usable_size(memory) / GRAIN;
    if (IS_WATCHED || !class || class >= CLASSES || kept + class * GRAIN > KEPT_MAX) {
        free(memory);
        return;
    }
    if (!kept) pthread_setspecific(leaving, shelves);
    struct piece *piece = memory;
    piece->next = veil(piece, (uintptr_t)shelves[class]);
    shelves[class] = piece;
    kept += class * GRAIN;
}

static void *take_zeroed(size_t count, size_t each) {
    size_t bytes;
    if (__builtin_mul_overflow(count, each, &bytes)) return NULL;
    void *memory = take(bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}

static void *resize(void *memory, size_t bytes) {
    if (IS_WATCHED) return realloc(memory, bytes);
    size_t held = malloc_usable_size(memory);
    if (memory && bytes <= held && bytes > held / 2) return memory;
    void *new = take(bytes);
    if (!new || !memory) return new;
    memcpy(new, memory, bytes < held ? bytes : held);
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
        for (struct piece *piece; (piece = pop(class));) free(piece);
    }
}

static int has_key;
static void make_key(void) { has_key = pthread_key_create(&leaving, empty) == 0; }

CURLcode cnet_global_init(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    if (!has_key) return curl_global_init(CURL_GLOBAL_DEFAULT);
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, give_back, resize, copy, take_zeroed);
}
