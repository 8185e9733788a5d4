import Loopback
import Support
import Vocabulary

/// A throw-away authority and the certificates the tests serve.
struct Certificates: Sendable {
    let folder: TemporaryFolder
    let root: CertificateAuthority
    private let middle: CertificateAuthority

    init() throws {
        folder = try TemporaryFolder()
        root = try CertificateAuthority(
            name: "Sonde test root", folder: folder.path, valid: Certificates.days(from: -400, to: 400))
        middle = try root.intermediate(
            name: "Sonde test intermediate", valid: Certificates.days(from: -400, to: 400))
    }

    /// What a client is to trust.
    var ca: SettingLiteral { .text(root.certificateFile) }

    /// The target's block of settings that trusts the root.
    var tls: SettingLiteral { ["ca": ca] }

    /// A good certificate for 127.0.0.1, through the intermediate authority.
    func good(host: String = "127.0.0.1", daysLeft: Int64 = 90) throws -> ServerIdentity {
        try middle.issue(host: host, valid: Certificates.days(from: -1, to: daysLeft))
    }

    func expired() throws -> ServerIdentity {
        try middle.issue(host: "127.0.0.1", valid: Certificates.days(from: -90, to: -1))
    }

    func notYetValid() throws -> ServerIdentity {
        try middle.issue(host: "127.0.0.1", valid: Certificates.days(from: 1, to: 90))
    }

    func withoutIntermediate() throws -> ServerIdentity {
        try middle.issue(host: "127.0.0.1", valid: Certificates.days(from: -1, to: 90), sendsChain: false)
    }

    func selfSigned() throws -> ServerIdentity {
        try CertificateAuthority.selfSigned(
            host: "127.0.0.1", valid: Certificates.days(from: -1, to: 90), folder: folder.path)
    }

    /// A whole chain, its root included, of an authority that nobody knows.
    func untrusted() throws -> ServerIdentity {
        let stranger = try CertificateAuthority(
            name: "Stranger", folder: folder.path, valid: Certificates.days(from: -1, to: 90))
        return try stranger.issue(
            host: "127.0.0.1", valid: Certificates.days(from: -1, to: 90), sendsRoot: true)
    }

    /// Days counted from now; half an hour is added, so that whole days stay whole while the test runs.
    static func days(from: Int64, to: Int64) -> Interval {
        let now = Asking.wallNow() + 30 * Duration.minuteNs
        return Interval(start: now + from * Duration.dayNs - Duration.hourNs, end: now + to * Duration.dayNs)
    }
}
