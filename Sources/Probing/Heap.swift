import CNet

/// What malloc keeps for the whole process. Here, because it is C, and because what comes and goes in it is libcurl's.
package enum Heap {
    /// Gives free pages back to the kernel, between pieces in use too. Takes some milliseconds, in which whoever
    /// allocates may have to wait: not for every day.
    package static func giveBack() { cnet_heap_give_back() }

    /// From now on what is freed stays with the process: for a command that reports on many checks, where the next
    /// asks for as much as the last gave back, and malloc would fetch it from the kernel page by page.
    package static func keep() { cnet_heap_keep() }

    /// Sets libcurl up so that each thread keeps at hand what libcurl gives back, up to 1 MiB, for the next request:
    /// for a program that probes all day. The first thing it does, before a URL is read, and once. False when libcurl
    /// can not be set up; nothing of it may be used then.
    package static func serveTransfers() -> Bool { cnet_heap_serve_transfers() != 0 }
}
