import Glibc
import Vocabulary

/// What a program of a command channel finds in its environment: where programs are, who runs it, and the message.
enum CommandEnvironment {
    private static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private static let kept = ["HOME", "LANG", "TZ", "USER"]

    /// `NAME=value`, in the order of the JSON.
    static func variables(for notification: Notification) -> [String] {
        let incident = notification.incident
        let message = [
            ("KEY", notification.key), ("CHANGE", notification.change.rawValue), ("TIME", notification.time.rfc3339),
            ("INCIDENT", incident.id), ("CHECK", incident.check), ("TITLE", incident.title),
            ("OPENED", incident.opened.rfc3339), ("CLOSED", incident.closed?.rfc3339 ?? ""),
            ("CAUSE", incident.cause.name), ("REGIONS", incident.regions.joined(separator: " ")),
        ]
        return ["PATH=\(path)"] + kept.compactMap { name in value(name).map { "\(name)=\($0)" } }
            + message.map { "SONDE_\($0)=\($1)" }
    }

    /// Whether `program`, a path or a name to be found on PATH, is a file this user may execute.
    static func canRun(_ program: String) -> Bool {
        if program.contains("/") { return isExecutable(program) }
        return path.split(separator: ":").contains { isExecutable("\($0)/\(program)") }
    }

    private static var path: String { value("PATH") ?? standardPath }

    private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func isExecutable(_ file: String) -> Bool {
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(file, X_OK) == 0
    }
}
