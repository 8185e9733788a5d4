import Vocabulary

/// The keys of a check's `expect:` block. A new expectation is a file of its own and a line in `type`.
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

    var type: any ExpectationType.Type {
        switch self {
        case .status: StatusExpectation.self
        case .body: BodyRules.self
        case .headers: HeaderExpectation.self
        case .httpVersion: HTTPVersionExpectation.self
        case .total: TotalExpectation.self
        case .legs: LegExpectation.self
        case .certificate: CertificateExpectation.self
        case .tls: TLSVersionExpectation.self
        case .remoteAddress: AddressExpectation.self
        case .cause: CauseExpectation.self
        }
    }

    package var description: SettingDescription {
        SettingDescription(rawValue, type.meaning, example: type.example)
    }

    /// The maps inside `expect:` with their keys, for the reference: `expect: body`.
    package static var blocks: [(name: String, keys: [SettingDescription])] {
        allCases.flatMap { key in key.type.blocks.map { ("expect: \($0.name)", $0.keys) } }
    }
}
