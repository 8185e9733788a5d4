import Vocabulary

/// Runs a program for each notification, without a shell: JSON on its standard input, the most needed of it as
/// `SONDE_…` in its environment. Exit code 0 means that it is told.
package struct CommandChannel: Channel {
    package static let kind = "command"

    package static let keys = [
        SettingDescription(
            "argv", "The program and its arguments, a list; no shell reads them.",
            example: "[/usr/local/bin/page, --team, ops]"),
        SettingDescription(
            "timeout", "How long it may run; then it is killed with what it started.", example: "10s"),
    ]

    static let standardTimeoutNs = 10 * Duration.secondNs
    static let timeoutRangeNs = 50 * Duration.millisecondNs...4 * Duration.minuteNs
    /// How much of what the program printed goes into a message.
    private static let shownOutputMax = 200

    let name: String
    let argv: [String]
    let timeoutNs: Int64
    /// What must not be printed, even when the program prints it.
    let secrets: [String]

    package static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> CommandChannel? {
        let subject = "\(kind) channel \"\(plan.name)\""
        var found = Mistakes()
        let reader = SettingReader(plan.settings, subject: subject, keys: keys, &found)
        let texts = reader.texts("argv", &found) ?? []
        if plan.settings.entries != nil || plan.settings.node == .null, texts.isEmpty, found.isEmpty {
            found.add(
                reader.place("argv"),
                "\(subject) has no argv; give it a program, such as \"argv: [/usr/local/bin/page]\"")
        }
        for (text, place) in texts where text.value.utf8.contains(0) {
            found.add(place, "an argument of \(subject) holds a NUL byte")
        }
        var argv = texts.map(\.text.value)
        if let (program, place) = texts.first {
            argv[0] = CommandChannel.program(program, place, subject, &found)
        }
        let timeoutNs = reader.durationNs("timeout", in: timeoutRangeNs, &found) ?? standardTimeoutNs
        mistakes.add(found.all)
        guard found.isEmpty else { return nil }
        return CommandChannel(
            name: plan.name, argv: argv, timeoutNs: timeoutNs, secrets: texts.flatMap(\.text.secrets))
    }

    /// Where the program is. One that cannot be run is a mistake now, not at the first outage.
    private static func program(
        _ text: SettingText, _ place: Place, _ subject: String, _ mistakes: inout Mistakes
    ) -> String {
        let path = text.value.contains("/") ? FilePath.resolve(text.value, beside: place) : text.value
        if !CommandEnvironment.canRun(path) {
            let hint = path.contains(" ") ? "; argv is a list, and no shell splits it" : ""
            mistakes.add(place, "\(subject) cannot run \"\(text.shown)\": there is no such program\(hint)")
        }
        return path
    }

    package func send(_ notification: Notification, stop: StopSignal) -> Delivery {
        let environment = CommandEnvironment.variables(for: notification)
        let input = notification.json.text + "\n"
        switch ChildProcess.run(argv, environment, input: input, timeoutNs: timeoutNs, stop: stop) {
        case .exited(0, _): return .delivered
        case .exited(let code, let output): return .failed("\(name): exit code \(code)" + shown(output))
        case .killed(let signal, let output): return .failed("\(name): killed by signal \(signal)" + shown(output))
        case .timedOut(let output):
            return .failed("\(name): still running after \(Duration.text(timeoutNs)), killed" + shown(output))
        case .stopped: return .failed("\(name): cut off by the stop")
        case .notRun(let why): return .failed("\(name): cannot be run (\(why))")
        }
    }

    /// The first line the program printed, without secrets.
    private func shown(_ output: String) -> String {
        guard var line = output.split(whereSeparator: \.isNewline).first.map(String.init) else { return "" }
        for secret in secrets where !secret.isEmpty { line = CommandChannel.blanked(line, secret) }
        return ": " + escaped(line, limit: CommandChannel.shownOutputMax)
    }

    private static func blanked(_ line: String, _ secret: String) -> String {
        var blanked = ""
        var rest = Substring(line)
        while let found = rest.firstRange(of: secret) {
            blanked += rest[..<found.lowerBound] + "…"
            rest = rest[found.upperBound...]
        }
        return blanked + rest
    }
}
