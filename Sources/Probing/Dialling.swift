import Vocabulary

/// How far a flight has come with connecting: whom it asks for, the addresses, and what each said.
struct Dialling {
    /// A connection to one address.
    struct Attempt {
        let address: SocketAddress
        /// -1 once it has failed or won.
        var socket: Int32
        /// `ok` while it is under way, and when it won.
        var cause = Cause.ok
    }

    /// What is connected to: the target, or the proxy on the way to it.
    var endpoint = HostPort.none
    /// nil: the target itself is connected to.
    var proxy: Proxy?
    /// What the proxy is asked for; nil when the proxy needs no asking.
    var dialogue: ProxyDialogue?
    /// What is still to be sent to the proxy.
    var unsent: ArraySlice<UInt8> = []

    /// Set while answers of name servers are to come.
    var lookup: Lookup?
    /// `endpoint` is a name that somebody had to look up.
    var isLookedUp = false
    var queue = AddressQueue()
    /// What name servers said other than addresses.
    var troubles: [Lookup.Trouble] = []

    /// In the order they were begun.
    var attempts: [Attempt] = []
    /// How many of them are under way.
    var openCount = 0
    /// The attempt whose connection stands.
    var winner: Int?
    /// When the newest attempt was begun.
    var begunNs: Int64 = 0
    /// When the next one may begin although others are under way; `.max` when nothing is waited for.
    var nextNs = Int64.max
    /// The most telling of what the failed attempts said.
    var cause = Cause.ok

    /// Makes ready for the next dialling; memory is kept.
    mutating func clear() {
        if proxy != nil { proxy = nil }
        if dialogue != nil { dialogue = nil }
        if !unsent.isEmpty { unsent = [] }
        isLookedUp = false
        queue.clear()
        if !troubles.isEmpty { troubles.removeAll() }
        attempts.removeAll(keepingCapacity: true)
        openCount = 0
        winner = nil
        nextNs = .max
        cause = .ok
    }
}
