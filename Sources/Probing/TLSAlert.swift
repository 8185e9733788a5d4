import Vocabulary

/// What an alert of the target means.
enum TLSAlert {
    /// `number`: as it came. Alerts that say why no agreement was reached have causes of their own.
    static func cause(_ number: UInt8) -> Cause { causes[number] ?? .tlsAlert }

    /// Source: RFC 8446, 6; RFC 5246, 7.2; RFC 6066, 9; RFC 7507.
    private static let causes: [UInt8: Cause] = [
        10: .tlsAlertUnexpectedMessage,
        20: .tlsAlertBadRecordMAC,
        21: .tlsAlertDecryptionFailed,
        22: .tlsAlertRecordOverflow,
        30: .tlsAlertDecompressionFailure,
        40: .tlsAlertHandshakeFailure,
        41: .tlsAlertNoCertificate,
        42: .tlsAlertBadCertificate,
        43: .tlsAlertUnsupportedCertificate,
        44: .tlsAlertCertificateRevoked,
        45: .tlsAlertCertificateExpired,
        46: .tlsAlertCertificateUnknown,
        47: .tlsAlertIllegalParameter,
        48: .tlsAlertUnknownCA,
        49: .tlsAlertAccessDenied,
        50: .tlsAlertDecodeError,
        51: .tlsAlertDecryptError,
        60: .tlsAlertExportRestriction,
        80: .tlsAlertInternalError,
        86: .tlsAlertInappropriateFallback,
        90: .tlsAlertUserCanceled,
        100: .tlsAlertNoRenegotiation,
        109: .tlsAlertMissingExtension,
        110: .tlsAlertUnsupportedExtension,
        112: .tlsAlertUnrecognizedName,
        113: .tlsAlertBadCertificateStatusResponse,
        116: .tlsAlertCertificateRequired,
        70: .tlsVersion,
        71: .tlsCipher,
        120: .tlsALPN,
    ]
}
