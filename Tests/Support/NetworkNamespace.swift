import Glibc

/// Two networks of the test's own, `near` and `far`, joined by a cable; gone when released. Nothing outside of them is
/// touched. Names bear the test's pid.
package final class NetworkPair: Sendable {
    package static let nearFour = "10.77.0.1"
    package static let farFour = "10.77.0.2"
    package static let farSix = "fd77::2"
    package static let nearInterface = "near0"

    /// Whether this machine lets us make networks.
    package static let isPermitted: Bool = {
        guard let folder = try? TemporaryFolder() else { return false }
        let name = "sonde-\(getpid())-try"
        guard (try? ChildProgram.run(["ip", "netns", "add", name], in: folder.path)) != nil else { return false }
        return (try? ChildProgram.run(["ip", "netns", "del", name], in: folder.path)) != nil
    }()

    private let folder: TemporaryFolder
    private let name: String
    private var near: String { name + "-near" }
    private var far: String { name + "-far" }

    package init() throws {
        folder = try TemporaryFolder()
        name = "sonde-\(getpid())-\(UInt16.random(in: 0 ... .max))"
        for space in [near, far] { try run("ip netns add \(space)") }
        try run("ip -n \(near) link add near0 type veth peer name far0 netns \(far)")
        for (space, link, four, six) in [
            (near, "near0", NetworkPair.nearFour, "fd77::1"), (far, "far0", NetworkPair.farFour, NetworkPair.farSix),
        ] {
            try run("ip -n \(space) link set lo up")
            try run("ip -n \(space) link set \(link) up")
            try run("ip -n \(space) address add \(four)/24 dev \(link)")
            try run("ip -n \(space) address add \(six)/64 dev \(link) nodad")
        }
        // Every refusal is told, also when many come at once.
        for limit in ["ipv4/icmp_ratelimit", "ipv6/icmp/ratelimit"] {
            try ChildProgram.run(
                ["ip", "netns", "exec", far, "sh", "-c", "echo 0 > /proc/sys/net/\(limit)"], in: folder.path)
        }
        try run("ip netns exec \(far) nft add table inet sonde")
        try run("ip netns exec \(far) nft add chain inet sonde input { type filter hook input priority 0 ; }")
    }

    deinit {
        for space in [near, far] { _ = try? run("ip netns del \(space)") }
    }

    /// What becomes of packets that come to the far network: a rule of nft.
    package func filter(_ rule: String) throws { try run("ip netns exec \(far) nft add rule inet sonde input \(rule)") }

    /// Runs `body` inside: sockets it opens, threads and programs it starts belong there.
    package func inNear<Value>(_ body: () throws -> Value) throws -> Value { try inside(near, body) }
    package func inFar<Value>(_ body: () throws -> Value) throws -> Value { try inside(far, body) }

    private func run(_ words: String) throws {
        try ChildProgram.run(words.split(separator: " ").map(String.init), in: folder.path)
    }

    private func inside<Value>(_ space: String, _ body: () throws -> Value) throws -> Value {
        let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        let there = open("/run/netns/\(space)", O_RDONLY | O_CLOEXEC)
        defer {
            close(home)
            close(there)
        }
        guard home >= 0, there >= 0, NetworkPair.enter(there) else {
            throw ChildProgram.Failure(description: "cannot enter the network \(space): errno \(errno)")
        }
        // Left outside its own network, the thread would mislead whatever runs on it next.
        defer { precondition(NetworkPair.enter(home), "a thread returns to its own network") }
        return try body()
    }

    /// `setns(2)` for the calling thread, which Swift's Glibc does not show.
    private static func enter(_ space: Int32) -> Bool {
        guard let symbol = dlsym(nil, "setns") else { return false }
        typealias Call = @convention(c) (Int32, Int32) -> Int32
        // CLONE_NEWNET
        return unsafeBitCast(symbol, to: Call.self)(space, 0x4000_0000) == 0
    }
}
