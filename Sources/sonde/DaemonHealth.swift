import Glibc
import Probing
import Storage
import Vocabulary

extension StatusPages {
    /// What /healthz says: `ok`, or what keeps the store from taking samples, and who says so. Probing and alerting go
    /// on either way, so the status is 200 for both: a restart would only lose what waits.
    static func health(storeFault: String?) -> String {
        storeFault.map { "\(storeWord)\($0)\n\(processWord)\(getpid())\n" } ?? "ok\n"
    }

    /// Why the process that writes the store of `plan` takes no samples, by its own word: only it can know. nil while
    /// all is well, when nobody writes, or when another process answers, or none in time.
    static func storeFault(sayingOf plan: Plan, _ store: StoreReader) -> String? {
        // Who writes is wanted for this alone: a lock that cannot be read takes no figures from anybody.
        guard plan.listen.port != 0, let writer = try? store.writer(), let pid = writer.pid,
            let lines = health(sayingOf: plan)?.split(separator: "\n"), lines.contains("\(processWord)\(pid)")
        else { return nil }
        return lines.first { $0.hasPrefix(storeWord) }.map { String($0.dropFirst(storeWord.count)) }
    }

    private static func health(sayingOf plan: Plan) -> String? {
        let host = plan.listen.host.contains(":") ? "[\(plan.listen.host)]" : plan.listen.host
        let check = Check(
            name: "daemon", kind: "http", settings: .text("http://\(host):\(plan.listen.port)/healthz", path: "listen"),
            timeoutNs: healthTimeoutNs, regions: ["local"])
        let asking = Plan(
            store: plan.store, listen: plan.listen, zone: .utc, regions: [Region(name: "local")], checks: [check])
        var mistakes = Mistakes()
        guard let book = ProbeBook.compile(asking, collectsFindings: true, readsSystem: false, &mistakes),
            // A reactor that cannot start is as if nobody had answered.
            let answer = try? ProbeRound(plan: asking, book: book).ask().first, answer.cause == .ok
        else { return nil }
        return answer.findings?.evidence?.body
    }

    private static let storeWord = "store: "
    private static let processWord = "process: "
    private static let healthTimeoutNs = 500 * Duration.millisecondNs
}
