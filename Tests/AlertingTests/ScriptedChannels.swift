import Foundation
import Synchronization
import Vocabulary

@testable import Alerting

/// Answers its n-th delivery, counted from 1, as the script says.
final class ScriptedChannel: Channel {
    static let kind = "scripted"
    static let keys: [SettingDescription] = []
    static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> ScriptedChannel? { nil }

    private let script: @Sendable (Int) -> Delivery
    private let sent = Mutex(0)

    init(_ script: @escaping @Sendable (Int) -> Delivery) { self.script = script }

    var count: Int { sent.withLock { $0 } }

    func send(_ notification: Vocabulary.Notification, stop: StopSignal) -> Delivery {
        let number = sent.withLock { sent in
            sent += 1
            return sent
        }
        return script(number)
    }
}

/// Hangs until it is released or stopped.
final class HangingChannel: Channel {
    static let kind = "hanging"
    static let keys: [SettingDescription] = []
    static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> HangingChannel? { nil }

    /// One for each delivery that began.
    let entered = Handed<Bool>()
    private let began = Mutex(0)
    private let released = Mutex([Delivery]())
    private let signal = StopSignal()

    var count: Int { began.withLock { $0 } }

    func release(_ delivery: Delivery) {
        released.withLock { $0.append(delivery) }
        signal.raise()
    }

    func send(_ notification: Vocabulary.Notification, stop: StopSignal) -> Delivery {
        began.withLock { $0 += 1 }
        entered.put(true)
        while true {
            if let delivery = released.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return delivery }
            // Each release adds to the count of `signal`; reading it takes them all.
            var waits = [signal.descriptor, stop.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            poll(&waits, nfds_t(waits.count), -1)
            if waits[1].revents != 0 { return .failed("stopped") }
            var count: UInt64 = 0
            read(signal.descriptor, &count, 8)
        }
    }
}

/// Ends only when it is stopped, and then has delivered after all.
final class StubbornChannel: Channel {
    static let kind = "stubborn"
    static let keys: [SettingDescription] = []
    static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> StubbornChannel? { nil }

    let entered = Handed<Bool>()

    func send(_ notification: Vocabulary.Notification, stop: StopSignal) -> Delivery {
        entered.put(true)
        var wait = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, -1)
        return .delivered
    }
}
