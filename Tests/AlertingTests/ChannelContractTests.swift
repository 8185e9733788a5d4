import Foundation
import Support
import Testing
import Vocabulary

@testable import Alerting

/// What holds for every kind of channel.
@Suite("The contract of channels", .timeLimit(.minutes(1)))
struct ChannelContractTests {
    static let receivers: [any Receiver.Type] = [WebhookReceiver.self, CommandReceiver.self]
    static let kinds = receivers.map { $0.kind }

    static func receiver(_ kind: String) throws -> any Receiver.Type {
        try #require(receivers.first { $0.kind == kind })
    }

    static func open(_ receiver: any Receiver) throws -> any Channel {
        let (channel, mistakes) = channel(type(of: receiver).kind, receiver.settings)
        #expect(mistakes == [])
        return try #require(channel)
    }

    @Test("every kind stands in this suite")
    func complete() {
        #expect(Self.kinds == ChannelKinds.names)
    }

    @Test("a receiver that takes a notification gets its JSON and its key, byte for byte", arguments: kinds)
    func delivered(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.takes)
        let channel = try Self.open(receiver)
        for change in [Notification.Change.opened, .closed, .test] {
            let notification = notification(change)
            #expect(await onThread { channel.send(notification) } == .delivered)
            let expected = Arrival(key: "shop-20261122T120000Z/\(change.rawValue)", body: notification.json.text)
            #expect(await receiver.arrived.take(1) == [expected])
        }
    }

    @Test("the second delivery of a notification is the same as the first", arguments: kinds)
    func again(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.takes)
        let channel = try Self.open(receiver)
        for _ in 1...2 { #expect(await onThread { channel.send(notification()) } == .delivered) }
        let arrivals = await receiver.arrived.take(2)
        #expect(arrivals.count == 2 && arrivals[0] == arrivals[1])
    }

    @Test("a receiver in trouble is asked again, and the message names the channel", arguments: kinds)
    func failed(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.fails)
        let channel = try Self.open(receiver)
        let texts = ["webhook": "ops: answered 500", "command": "ops: exit code 3"]
        #expect(await onThread { channel.send(notification()) } == .failed(try #require(texts[kind])))
        #expect(await receiver.arrived.take(1).count == 1)
    }

    @Test("a receiver that hangs costs the timeout and no more", arguments: kinds)
    func hanging(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.hangs)
        let channel = try Self.open(receiver)
        let texts = [
            "webhook": "ops: no answer (Timeout was reached)", "command": "ops: still running after 2s, killed",
        ]
        let (answer, took) = await onThread {
            let start = ContinuousClock.now
            return (channel.send(notification()), ContinuousClock.now - start)
        }
        #expect(answer == .failed(try #require(texts[kind])))
        #expect(took < .seconds(10))
        #expect(await receiver.arrived.take(1).count == 1)
    }

    @Test("the stop cuts off a delivery at once", arguments: kinds)
    func stopped(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.hangs)
        let patient = SettingLiteral.map(
            try #require(receiver.settings.members).map { $0.0 == "timeout" ? ("timeout", "2m") : $0 })
        let channel = try #require(channel(kind, patient).channel)
        let stop = StopSignal()
        async let delivery = onThread { channel.send(notification(), stop: stop) }
        _ = await receiver.arrived.take(1)
        stop.raise()
        #expect(await delivery == .failed("ops: cut off by the stop"))
    }

    @Test("many may send through one channel at once", arguments: kinds)
    func concurrent(kind: String) async throws {
        let receiver = try Self.receiver(kind).init(.takes)
        let channel = try Self.open(receiver)
        let all = await withTaskGroup(of: Delivery.self) { group in
            for _ in 0..<8 { group.addTask { await onThread { channel.send(notification()) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all == Array(repeating: .delivered, count: 8))
        #expect(await receiver.arrived.take(8).count == 8)
    }

    @Test("every key says what it means and gives an example", arguments: kinds)
    func described(kind: String) throws {
        let keys = try #require(ChannelKinds.all.first { $0.kind == kind }).keys
        #expect(Set(keys.map(\.name)).count == keys.count)
        for key in keys { #expect(!key.meaning.isEmpty && !key.example.isEmpty, "\(key.name)") }
    }

    @Test("an unknown key is a mistake that names the nearest known one", arguments: kinds)
    func unknownKey(kind: String) throws {
        let receiver = try Self.receiver(kind).init(.takes)
        let settings = SettingLiteral.map(try #require(receiver.settings.members) + [("timout", "5s")])
        #expect(
            channel(kind, settings).mistakes == [
                "sonde.yaml:3:5: unknown key \"timout\" in \(kind) channel \"ops\"; did you mean \"timeout\"?"
            ])
    }
}

extension SettingLiteral {
    var members: [(String, SettingLiteral)]? {
        if case .map(let members) = self { return members }
        return nil
    }
}
