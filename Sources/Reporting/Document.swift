/// The bytes of one output and what they are: what Serving hands out.
package struct Document: Hashable, Sendable {
    /// As HTTP says it: `text/html; charset=utf-8`.
    package let contentType: String
    package let body: String
    /// HTTP status; 200 unless the page itself reports trouble (`/healthz`).
    package let status: Int

    package init(contentType: String, body: String, status: Int = 200) {
        self.contentType = contentType
        self.body = body
        self.status = status
    }
}
