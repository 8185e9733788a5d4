import Glibc

// What glibc declares only for GNU sources, so that Swift's import of it has none: plain C functions of integers and
// pointers, which both calling conventions pass alike.

/// Source: syncfs(2).
@_silgen_name("syncfs")
func syncfs(_ descriptor: Int32) -> Int32

/// Source: pthread_setname_np(3); at most 15 bytes.
@_silgen_name("pthread_setname_np")
func nameThread(_ thread: pthread_t, _ name: UnsafePointer<CChar>) -> Int32
