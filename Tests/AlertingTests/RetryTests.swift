import Testing
import Vocabulary

@testable import Alerting

@Suite("When a delivery is tried again")
struct RetryTests {
    @Test(
        "the waits double from one second to five minutes",
        arguments: [
            (attempts: 1, seconds: 1), (attempts: 2, seconds: 2), (attempts: 3, seconds: 4),
            (attempts: 8, seconds: 128), (attempts: 9, seconds: 256), (attempts: 10, seconds: 300),
            (attempts: 11, seconds: 300),
            (attempts: 295, seconds: 300), (attempts: 296, seconds: nil), (attempts: Int.max, seconds: nil),
        ] as [(attempts: Int, seconds: Int64?)])
    func schedule(row: (attempts: Int, seconds: Int64?)) {
        let now = Instant(seconds: 1_000)
        #expect(Retry.nextAttempt(attempts: row.attempts, now: now) == row.seconds.map { now + $0 * Duration.secondNs })
    }

    @Test("it is tried for 24 hours, less than one more wait")
    func inAll() {
        var now = Instant(seconds: 0)
        var attempts = 1
        while let next = Retry.nextAttempt(attempts: attempts, now: now) {
            now = next
            attempts += 1
        }
        #expect(now.seconds <= 86_400 && now.seconds > 86_400 - 300)
    }
}
