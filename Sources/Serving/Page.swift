/// The pages there are, by their paths.
package enum Page: String, Hashable, Sendable, CaseIterable {
    case health = "/healthz"
    case status = "/"
    case statusJSON = "/status.json"
    case reportJSON = "/report.json"
    case metrics = "/metrics"
}
