import Hummingbird
import Reporting

/// The answer to a request: a page for GET and HEAD of its path, whatever the query; 404 for anything else.
enum Answer {
    static func to(_ request: Request, _ pages: @Sendable (Page) async -> Document) async -> Response {
        guard request.method == .get || request.method == .head, let page = Page(rawValue: request.uri.path) else {
            return response(notFound, isHead: request.method == .head)
        }
        return response(await pages(page), isHead: request.method == .head)
    }

    private static let notFound = Document(
        contentType: "text/plain; charset=utf-8",
        body: "Nothing here. There are \(Page.allCases.map(\.rawValue).joined(separator: ", ")).\n", status: 404)

    private static func response(_ document: Document, isHead: Bool) -> Response {
        var headers = safety
        headers[.contentType] = document.contentType
        let body = ByteBuffer(string: document.body)
        guard isHead else {
            return Response(
                status: .init(code: document.status), headers: headers, body: ResponseBody(byteBuffer: body))
        }
        // The length of what GET would give. RFC 9110, 9.3.2.
        headers[.contentLength] = String(body.readableBytes)
        return Response(status: .init(code: document.status), headers: headers)
    }

    /// A page loads nothing, runs nothing and is shown in no other; nobody keeps it, as figures age.
    private static let safety: HTTPFields = {
        var fields = HTTPFields()
        fields[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
        fields[.xContentTypeOptions] = "nosniff"
        if let name = HTTPFields.Element.Name("Referrer-Policy") { fields[name] = "no-referrer" }
        fields[.cacheControl] = "no-store"
        return fields
    }()
}
