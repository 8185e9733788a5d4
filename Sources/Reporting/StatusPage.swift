import Accounting

package enum StatusPage: StatusFormat {
    package static let name = "html"
    package static let contentType = ContentType.html
    package static func render(_ status: Status, _ style: TextStyle) -> String { "" }
}
