import CNet
import Glibc
import Vocabulary

/// One look-up of one name: a question for each family, each asked of one name server after the other until one knows.
/// c-ares cannot take a single question back, so a flight that ends earlier lets go of its look-up.
final class Lookup {
    /// How often a question is asked in all, when there are fewer name servers: silence may be a lost packet.
    static let triesMin = 3

    /// One family's question.
    private struct Question {
        var isOpen = false
        var tries = 0
        /// The servers that need not be asked again: they answered, though of no use.
        var answered: UInt8 = 0
        var cause = Cause.ok
        /// Whom it is put to now.
        var place = 0
    }

    /// What a name server said other than addresses.
    struct Trouble {
        let isSix: Bool
        let server: NameServerAddress
        let cause: Cause
    }

    unowned(unsafe) var flight: Flight?
    private let host: String
    private let family: AddressFamily
    private let resolver: Resolver
    /// The search domain being tried; those of the resolver, then none.
    private var domain: Int
    private var six = Question()
    private var four = Question()
    private var hasAddresses = false

    init(_ host: String, _ family: AddressFamily, _ resolver: Resolver, for flight: Flight) {
        self.host = host
        self.family = family
        self.resolver = resolver
        self.flight = flight
        // A name with a dot is meant as it stands: a search could only turn it into another one.
        domain = resolver.domains.isEmpty || host.utf8.contains(0x2e) ? resolver.domains.count : 0
    }

    func begin() {
        six = Question(isOpen: family != .ipv4)
        four = Question(isOpen: family != .ipv6)
        let (asksSix, asksFour) = (six.isOpen, four.isOpen)
        // IPv6 first. Source: RFC 8305, 3.
        if asksSix { ask(isSix: true) }
        if asksFour { ask(isSix: false) }
    }

    private subscript(isSix isSix: Bool) -> Question {
        get { isSix ? six : four }
        set { if isSix { six = newValue } else { four = newValue } }
    }

    private func ask(isSix: Bool) {
        let server = self[isSix: isSix].place
        guard server < resolver.servers.count else { return settle(isSix: isSix, .resolverUnreachable) }
        self[isSix: isSix].tries += 1
        let luggage = Unmanaged.passRetained(self).toOpaque()
        let name = domain < resolver.domains.count ? "\(host).\(resolver.domains[domain])" : host
        let callback: ares_callback =
            isSix
            ? { luggage, status, _, bytes, count in Lookup.answered(luggage, isSix: true, status, bytes, count) }
            : { luggage, status, _, bytes, count in Lookup.answered(luggage, isSix: false, status, bytes, count) }
        resolver.servers[server].ask(name, isSix: isSix, callback, luggage)
    }

    private static func answered(
        _ luggage: UnsafeMutableRawPointer?, isSix: Bool, _ status: Int32, _ bytes: UnsafeMutablePointer<UInt8>?,
        _ count: Int32
    ) {
        guard let luggage else { return }
        let lookup = Unmanaged<Lookup>.fromOpaque(luggage).takeRetainedValue()
        lookup.resolver.servers[lookup[isSix: isSix].place].answered(status)
        guard let flight = lookup.flight else { return }
        let cause = status == ARES_SUCCESS ? read(bytes, count, isSix: isSix, for: flight) : Lookup.cause(status)
        lookup.heard(cause, isSix: isSix)
    }

    private func heard(_ cause: Cause, isSix: Bool) {
        switch cause {
        case .ok, .nameNotFound, .dnsNoAddress, .internalFault, .noMemory: settle(isSix: isSix, cause)
        default:
            var question = self[isSix: isSix]
            flight?.dialling.troubles.append(
                Trouble(isSix: isSix, server: resolver.servers[question.place].server, cause: cause))
            if Lookup.weight(cause) > Lookup.weight(question.cause) { question.cause = cause }
            if cause != .dnsTimeout { question.answered |= 1 << question.place }
            let next = nextServer(question)
            question.place = next ?? question.place
            self[isSix: isSix] = question
            if next != nil { ask(isSix: isSix) } else { settle(isSix: isSix, question.cause) }
        }
    }

    /// nil when there is none to ask any more.
    private func nextServer(_ question: Question) -> Int? {
        let count = resolver.servers.count
        guard question.tries < max(Lookup.triesMin, count) else { return nil }
        return (1...count).lazy.map { (question.place + $0) % count }.first { question.answered & 1 << $0 == 0 }
    }

    /// The question is answered, or never will be.
    private func settle(isSix: Bool, _ cause: Cause) {
        guard let flight else { return }
        self[isSix: isSix].isOpen = false
        self[isSix: isSix].cause = cause
        if cause == .ok { hasAddresses = true }
        let isLast = !six.isOpen && !four.isOpen
        if isLast, !hasAddresses, domain < resolver.domains.count, isAbsent(six.cause), isAbsent(four.cause) {
            domain += 1
            return begin()
        }
        if isLast {
            self.flight = nil
            flight.dialling.lookup = nil
        }
        flight.namesAnswered(isLast: isLast, isSix: isSix, cause: isLast && !hasAddresses ? worst : cause)
    }

    private func isAbsent(_ cause: Cause) -> Bool { [.ok, .nameNotFound, .dnsNoAddress].contains(cause) }

    private var worst: Cause { Lookup.weight(six.cause) > Lookup.weight(four.cause) ? six.cause : four.cause }

    /// The more it tells, the more it weighs.
    private static func weight(_ cause: Cause) -> Int {
        switch cause {
        case .ok: 0
        case .dnsNoAddress: 1
        case .resolverUnreachable: 2
        case .dnsTimeout: 3
        case .dnsMalformed: 4
        case .dnsRefused: 5
        case .dnsServfail: 6
        case .nameNotFound: 7
        default: 8
        }
    }

    /// Puts the addresses of an answer into the flight's queue.
    private static func read(
        _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32, isSix: Bool, for flight: Flight
    ) -> Cause {
        isSix ? readSix(bytes, count, for: flight) : readFour(bytes, count, for: flight)
    }

    private static func readFour(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32, for flight: Flight) -> Cause {
        withUnsafeTemporaryAllocation(of: ares_addrttl.self, capacity: AddressQueue.addressesMax) { found in
            var number = Int32(found.count)
            let status = ares_parse_a_reply(bytes, count, nil, found.baseAddress, &number)
            guard status == ARES_SUCCESS else { return cause(status) }
            for place in 0..<Int(number) {
                flight.dialling.queue.add(SocketAddress(v4: found[place].ipaddr, port: flight.dialling.endpoint.port))
            }
            return number > 0 ? .ok : .dnsNoAddress
        }
    }

    private static func readSix(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32, for flight: Flight) -> Cause {
        withUnsafeTemporaryAllocation(of: ares_addr6ttl.self, capacity: AddressQueue.addressesMax) { found in
            var number = Int32(found.count)
            let status = ares_parse_aaaa_reply(bytes, count, nil, found.baseAddress, &number)
            guard status == ARES_SUCCESS else { return cause(status) }
            for place in 0..<Int(number) {
                var address = in6_addr()
                withUnsafeMutableBytes(of: &address) { to in
                    withUnsafeBytes(of: found[place].ip6addr) { to.copyMemory(from: $0) }
                }
                flight.dialling.queue.add(SocketAddress(v6: address, port: flight.dialling.endpoint.port))
            }
            return number > 0 ? .ok : .dnsNoAddress
        }
    }

    /// The cause a question ended with.
    private static func cause(_ status: Int32) -> Cause {
        switch status {
        case ARES_SUCCESS: .ok
        case ARES_ENODATA: .dnsNoAddress
        case ARES_ENOTFOUND: .nameNotFound
        case ARES_ESERVFAIL, ARES_ENOTIMP: .dnsServfail
        case ARES_EREFUSED: .dnsRefused
        case ARES_ETIMEOUT: .dnsTimeout
        case ARES_EFORMERR, ARES_EBADRESP, ARES_EBADNAME, ARES_EBADQUERY: .dnsMalformed
        case ARES_ECONNREFUSED, ARES_ECANCELLED: .resolverUnreachable
        case ARES_ENOMEM: .noMemory
        default: .internalFault
        }
    }
}
