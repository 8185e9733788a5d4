import Vocabulary

/// The keys of a check's `expect:` block.
package enum ExpectationKey: String, CaseIterable, Sendable {
    case status
    case body
    case headers
    case httpVersion = "http_version"
    case total
    case legs
    case certificate
    case tls
    case remoteAddress = "remote_address"
    case cause

    package var description: SettingDescription {
        switch self {
        case .status:
            SettingDescription(
                rawValue, "HTTP status codes and ranges that are fine; default 200-299", example: "[200-299, 304]")
        case .body:
            SettingDescription(rawValue, "what the body must and must not hold", example: "{contains: pong}")
        case .headers:
            SettingDescription(
                rawValue, "what header fields must hold", example: "{content-type: {matches: json}}", isBuilt: false)
        case .httpVersion:
            SettingDescription(rawValue, "HTTP versions that are fine", example: "[\"1.1\", 2]", isBuilt: false)
        case .total:
            SettingDescription(
                rawValue, "the limit of the whole time; misses degrade unless said otherwise", example: "{under: 800ms}"
            )
        case .legs:
            SettingDescription(rawValue, "limits of single legs", example: "{connect: {under: 100ms}}", isBuilt: false)
        case .certificate:
            SettingDescription(
                rawValue, "days the certificate must still be valid; misses degrade unless said otherwise",
                example: "{days_left: 14}")
        case .tls:
            SettingDescription(rawValue, "TLS versions that are fine", example: "{version: 1.3}", isBuilt: false)
        case .remoteAddress:
            SettingDescription(
                rawValue, "networks the target must answer from", example: "{in: 192.0.2.0/24}", isBuilt: false)
        case .cause:
            SettingDescription(
                rawValue, "the probe must fail in one of these ways, then it is up", example: "[refused]",
                isBuilt: false)
        }
    }

    package static let bodyKeys = [
        SettingDescription("contains", "a text the body must hold; or a list of texts", example: "pong"),
        SettingDescription("not_contains", "a text the body must not hold; or a list of texts", example: "error"),
        SettingDescription(
            "matches", "a regular expression (RE2) found in the body; or a list", example: "\"^\\\\{\""),
        SettingDescription("json", "values at JSON paths", example: "{\"$.ok\": true}", isBuilt: false),
        SettingDescription("severity", "what a miss weighs: fail, degrade or warn; default fail", example: "degrade"),
    ]

    package static let totalKeys = [
        SettingDescription("under", "the limit; a probe that takes as long or longer misses it", example: "800ms"),
        SettingDescription("severity", "what a miss weighs: fail, degrade or warn; default degrade", example: "fail"),
    ]

    package static let certificateKeys = [
        SettingDescription("days_left", "days it must still be valid, 0 to 3650", example: "14"),
        SettingDescription("severity", "what a miss weighs: fail, degrade or warn; default degrade", example: "fail"),
    ]
}
