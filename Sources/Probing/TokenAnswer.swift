import Foundation
import Vocabulary

/// The answer of a token endpoint. Source: RFC 6749, 5.1 and 5.2.
enum TokenAnswer: Equatable {
    /// `lifeNs`: nil when the answer does not say.
    case token(String, lifeNs: Int64?)
    /// Why the client gets none: the endpoint's own word, such as `invalid_client`.
    case refused(String)
    /// What is wrong with it.
    case malformed(String)

    /// Longest life believed, in seconds.
    private static let lifeSecondsMax: Int64 = 366 * 86_400

    init(_ body: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            // Whatever the parser minds, the caller can only say that it is no JSON.
            self = .malformed("it is no JSON object")
            return
        }
        if let error = object["error"] as? String {
            self = .refused(error)
            return
        }
        guard let token = object["access_token"] as? String else {
            self = .malformed("it holds no access_token")
            return
        }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            self = .malformed("its access_token cannot stand in a header")
            return
        }
        if let type = object["token_type"] as? String, type.lowercased() != "bearer" {
            self = .malformed("its token_type is not bearer")
            return
        }
        let seconds =
            (object["expires_in"] as? NSNumber)?.int64Value ?? (object["expires_in"] as? String).flatMap(Int64.init)
        let lifeNs = seconds.map { min(max(0, $0), TokenAnswer.lifeSecondsMax) * Duration.secondNs }
        self = .token(token, lifeNs: lifeNs)
    }
}
