import Support
import Synchronization
import Testing
import Vocabulary

@testable import Alerting

@Suite("The courier", .timeLimit(.minutes(1)))
struct CourierTests {
    struct Outcome: Equatable, Sendable {
        let id: Int64
        let delivery: Delivery
    }

    let outcomes = Handed<Outcome>()

    func courier(_ channels: [String: any Channel]) -> Courier {
        Courier(book: ChannelBook(channels)) { [outcomes] in outcomes.put(Outcome(id: $0, delivery: $1)) }
    }

    func items(_ ids: [Int64], to channel: String) -> [(id: Int64, channel: String, notification: Notification)] {
        ids.map { (id: $0, channel: channel, notification: notification()) }
    }

    @Test("a channel's deliveries go out one after the other, in the order they were handed in")
    func order() async {
        let courier = courier(["ops": ScriptedChannel { .failed("\($0)") }])
        courier.deliver(items(Array(1...50), to: "ops"))
        #expect(await outcomes.take(50) == (1...50).map { Outcome(id: $0, delivery: .failed("\($0)")) })
    }

    @Test("a channel that hangs delays no other")
    func isolation() async {
        let hanging = HangingChannel()
        let courier = courier(["slow": hanging, "ops": ScriptedChannel { _ in .delivered }])
        courier.deliver(items([1, 2, 3], to: "slow") + items([4, 5], to: "ops"))
        _ = await hanging.entered.take(1)
        #expect(await outcomes.take(2) == [Outcome(id: 4, delivery: .delivered), Outcome(id: 5, delivery: .delivered)])
        courier.stop()
    }

    @Test("what is under way is not sent twice, however often it is handed in")
    func onceUnderWay() async {
        let hanging = HangingChannel()
        let courier = courier(["ops": hanging])
        courier.deliver(items([1, 2], to: "ops"))
        _ = await hanging.entered.take(1)
        courier.deliver(items([1, 2, 1], to: "ops"))
        hanging.release(.delivered)
        hanging.release(.delivered)
        #expect(await outcomes.take(2) == [Outcome(id: 1, delivery: .delivered), Outcome(id: 2, delivery: .delivered)])
        courier.deliver(items([3], to: "ops"))
        hanging.release(.delivered)
        #expect(await outcomes.take(1) == [Outcome(id: 3, delivery: .delivered)])
        #expect(hanging.count == 3)
    }

    @Test("what is handed in again after it was delivered or rejected is reported again, not sent again")
    func reportedAgain() async {
        let script: [Delivery] = [.delivered, .rejected("no"), .failed("once"), .failed("twice")]
        let channel = ScriptedChannel { script[$0 - 1] }
        let courier = courier(["ops": channel])
        courier.deliver(items([1, 2, 3], to: "ops"))
        #expect(await outcomes.take(3) == (1...3).map { Outcome(id: $0, delivery: script[Int($0) - 1]) })
        courier.deliver(items([1, 2, 3], to: "ops"))
        #expect(
            await outcomes.take(3) == [
                Outcome(id: 1, delivery: .delivered), Outcome(id: 2, delivery: .rejected("no")),
                Outcome(id: 3, delivery: .failed("twice")),
            ])
        #expect(channel.count == 4)
    }

    @Test("a full queue says so at once, and loses nothing that was in it")
    func bound() async {
        let hanging = HangingChannel()
        let courier = courier(["ops": hanging])
        let bound = Int64(CourierLane.queueMax)
        courier.deliver(items(Array(1...bound + 1), to: "ops"))
        #expect(
            await outcomes.take(1) == [
                Outcome(
                    id: bound + 1, delivery: .failed("ops: 1000 deliveries wait for this channel already"))
            ])
        for _ in 1...bound { hanging.release(.delivered) }
        #expect(await outcomes.take(Int(bound)).map(\.id) == Array(1...bound))
    }

    @Test("stopping cuts off what hangs, joins the threads and reports nothing that did not end")
    func stop() async {
        let hanging = HangingChannel()
        let courier = courier(["ops": hanging, "desk": ScriptedChannel { _ in .delivered }])
        courier.deliver(items([1, 2], to: "ops"))
        _ = await hanging.entered.take(1)
        await onThread { courier.stop() }
        courier.stop()
        courier.deliver(items([3], to: "ops"))
        // The only report: nothing came before it.
        courier.deliver(items([4], to: "gone"))
        let rejected = Delivery.rejected("gone: the configuration has no such channel any more")
        #expect(await outcomes.take(1) == [Outcome(id: 4, delivery: rejected)])
        #expect(hanging.count == 1)
    }

    @Test("what was delivered in spite of the stop is reported")
    func deliveredAtStop() async {
        let stubborn = StubbornChannel()
        let courier = courier(["ops": stubborn])
        courier.deliver(items([1], to: "ops"))
        _ = await stubborn.entered.take(1)
        await onThread { courier.stop() }
        #expect(await outcomes.take(1) == [Outcome(id: 1, delivery: .delivered)])
    }
}
