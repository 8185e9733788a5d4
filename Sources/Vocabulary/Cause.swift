/// What happened: a closed list, numbered and never renumbered, because slots store the number.
/// The text form is public and stable.
@usableFromInline package enum Cause: UInt8, Hashable, Sendable, CaseIterable {
    case ok = 0

    // Our own fault: the verdict is unknown.
    case late = 1
    case noDescriptors = 2
    case noMemory = 3
    case noRoute = 4
    case sentinelsFailed = 5
    case clockImplausible = 6
    case sourceUnavailable = 7
    case stopped = 8
    case resolverUnreachable = 9
    case internalFault = 10
    /// A verdict that came without a cause, by import.
    case unstated = 15

    // Names.
    case nameNotFound = 16
    case dnsServfail = 17
    case dnsTimeout = 18
    case dnsRefused = 19
    case dnsNoAddress = 20
    case dnsMalformed = 21

    // Connecting.
    case refused = 24
    case unreachable = 25
    case reset = 26
    case addressBlocked = 27
    case closedEarly = 28

    // The one deadline, by the leg it ended in.
    case timeoutResolve = 32
    case timeoutConnect = 33
    case timeoutHandshake = 34
    case timeoutWait = 35
    case timeoutTransfer = 36

    // TLS.
    case certificateExpired = 40
    case certificateNotYetValid = 41
    case certificateWrongHost = 42
    case certificateUntrusted = 43
    case certificateSelfSigned = 44
    case certificateIncompleteChain = 45
    case certificateRevoked = 46
    case certificateInvalid = 47
    case tlsVersion = 48
    case tlsCipher = 49
    /// The alert's number stands in the sample's status.
    case tlsAlert = 50
    case tlsProtocol = 51
    case ocspMissing = 52
    case ocspInvalid = 53
    case tlsALPN = 54
    case starttlsRefused = 55
    /// Bytes came before the handshake that nobody had asked for, as of one who sits in between.
    case starttlsInjection = 56
    /// What came before TLS is not the protocol that was to lead to it.
    case starttlsProtocol = 57
    /// More certificates, or more bytes of them, than are taken.
    case certificateChainTooLarge = 58

    // HTTP.
    case protocolError = 64
    case headerTooLarge = 65
    case bodyTooLarge = 66
    case decodingFailed = 67
    case redirectLoop = 68
    case redirectRefused = 69
    case tooManyRedirects = 70
    case httpVersion = 71
    case redirectWithoutLocation = 72
    /// HTTP/2: the server broke off the request's stream.
    case streamReset = 73
    /// HTTP/2: the server did not take the request (REFUSED_STREAM, GOAWAY).
    case streamRefused = 74
    /// What came does not begin as an HTTP answer.
    case notHTTP = 76
    case chunkMalformed = 77
    case lengthMalformed = 78
    case headerMalformed = 79
    case status1xx = 80
    case status2xx = 81
    case status3xx = 82
    case status4xx = 83
    case status5xx = 84
    // The token endpoint of `oauth2`, never the target.
    case tokenUnavailable = 85
    case tokenRefused = 86
    case tokenMalformed = 87
    case tokenTimeout = 88
    case digestUnsupported = 89
    case tooManyInterim = 90

    // Expectations that were answered with no.
    case bodyMismatch = 96
    case headerMismatch = 97
    case replyMismatch = 98
    case totalOver = 99
    case legOver = 100
    case certificateExpiring = 101
    case httpVersionMismatch = 102
    case tlsVersionMismatch = 103
    case addressMismatch = 104
    case causeMismatch = 105

    // Proxies: of the region, so their trouble is our own.
    case proxyNameNotFound = 112
    case proxyRefused = 113
    case proxyAuthentication = 114
    case proxyStatus = 115
    case proxyTimeout = 116
    case proxyProtocol = 117
    case proxyUnreachable = 118

    // TLS alerts that the target sent, by the names of RFC 8446, section 6, and of the RFCs before it; others are
    // `tlsAlert`. The alert's number stands in the sample's status.
    case tlsAlertUnexpectedMessage = 128
    case tlsAlertBadRecordMAC = 129
    case tlsAlertDecryptionFailed = 130
    case tlsAlertRecordOverflow = 131
    case tlsAlertDecompressionFailure = 132
    case tlsAlertHandshakeFailure = 133
    case tlsAlertNoCertificate = 134
    case tlsAlertBadCertificate = 135
    case tlsAlertUnsupportedCertificate = 136
    case tlsAlertCertificateRevoked = 137
    case tlsAlertCertificateExpired = 138
    case tlsAlertCertificateUnknown = 139
    case tlsAlertIllegalParameter = 140
    case tlsAlertUnknownCA = 141
    case tlsAlertAccessDenied = 142
    case tlsAlertDecodeError = 143
    case tlsAlertDecryptError = 144
    case tlsAlertExportRestriction = 145
    case tlsAlertInternalError = 146
    case tlsAlertInappropriateFallback = 147
    case tlsAlertUserCanceled = 148
    case tlsAlertNoRenegotiation = 149
    case tlsAlertMissingExtension = 150
    case tlsAlertUnsupportedExtension = 151
    case tlsAlertUnrecognizedName = 152
    case tlsAlertBadCertificateStatusResponse = 153
    case tlsAlertCertificateRequired = 154

    // Statuses that are common enough to be told by themselves; the others are told by their class.
    case status301 = 160
    case status302 = 161
    case status303 = 162
    case status304 = 163
    case status307 = 164
    case status308 = 165
    case status400 = 166
    case status401 = 167
    case status403 = 168
    case status404 = 169
    case status405 = 170
    case status406 = 171
    case status408 = 172
    case status409 = 173
    case status410 = 174
    case status413 = 175
    case status415 = 176
    case status421 = 177
    case status422 = 178
    case status429 = 179
    case status451 = 180
    case status500 = 181
    case status501 = 182
    case status502 = 183
    case status503 = 184
    case status504 = 185
    case status511 = 186

    /// The probe could not ask, through no fault of the target: the verdict is unknown.
    package var isOwnFault: Bool {
        switch rawValue {
        case 1...10, 112...127: true
        default: false
        }
    }

    /// The broader cause that it is a case of: `status-404` is also a `status-4xx`, `tls-alert-unknown-ca` a
    /// `tls-alert`; nil for most.
    package var broader: Cause? {
        switch rawValue {
        case Cause.tlsAlertUnexpectedMessage.rawValue...Cause.tlsAlertCertificateRequired.rawValue: .tlsAlert
        case Cause.status301.rawValue..<Cause.status400.rawValue: .status3xx
        case Cause.status400.rawValue..<Cause.status500.rawValue: .status4xx
        case Cause.status500.rawValue...Cause.status511.rawValue: .status5xx
        default: nil
        }
    }

    /// Whether it is `other`, or a case of it.
    package func isA(_ other: Cause) -> Bool { self == other || broader == other }

    /// A status that was not allowed: its own cause, or its class; `protocolError` for what is no status.
    package static func status(_ status: UInt16) -> Cause {
        if let own = Cause(name: "status-\(status)") { return own }
        return switch status / 100 {
        case 1: .status1xx
        case 2: .status2xx
        case 3: .status3xx
        case 4: .status4xx
        case 5: .status5xx
        default: .protocolError
        }
    }

    /// The stable text form, `name-not-found`.
    package var name: String { Cause.names[Int(rawValue)] }

    /// nil when no cause has that name.
    package init?(name: some StringProtocol) {
        guard let cause = Cause.byName[String(name)] else { return nil }
        self = cause
    }

    private static let names: [String] = {
        var names = [String](repeating: "", count: 256)
        for cause in Cause.allCases { names[Int(cause.rawValue)] = hyphenated("\(cause)") }
        return names
    }()

    private static let byName = Dictionary(uniqueKeysWithValues: Cause.allCases.map { ($0.name, $0) })

    /// `nameNotFound` → `name-not-found`, `tlsALPN` → `tls-alpn`, `status5xx` → `status-5xx`.
    private static func hyphenated(_ identifier: String) -> String {
        var text: [UInt8] = []
        var wasWordEnd = false
        for byte in identifier.utf8 {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if wasWordEnd && (isUpper || isNumber) { text.append(UInt8(ascii: "-")) }
            wasWordEnd = !isUpper && !isNumber
            text.append(isUpper ? byte | 0x20 : byte)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
