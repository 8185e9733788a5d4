import CNet
import Glibc
import Vocabulary

/// One of libcurl's easy handles with its buffers, lent to one HTTP probe at a time. All its callbacks come here; the
/// handle keeps this object as CURLOPT_PRIVATE and user data, so that nothing is looked up.
///
/// Options that never change are set once; those of a check when the handle changes to another check.
final class Transfer {
    /// Why our own callbacks ended a transfer.
    enum Stop {
        case headerTooLarge
        case bodyTooLarge
        case wrongStatusLine
        case noMemory
        /// Everything that was asked of the body is answered.
        case seenEnough
    }

    let easy: UnsafeMutableRawPointer
    let witness = TLSWitness()
    let scanner = BodyScanner()
    /// Set while lent.
    unowned(unsafe) var flight: HTTPFlight?
    var stop: Stop?
    var header = ResponseHeader()
    private(set) var settings: HTTPSettings?
    /// False when options differ from what `settings` says, after a redirect.
    private var isPristine = false
    private(set) var bodyMax: Int64 = 0
    /// The request goes to the scheme, host and port of the check, and no redirect has led elsewhere before.
    private(set) var isSameOrigin = true
    /// A header line in front of a list that is not ours alone.
    private let proxyLine = UnsafeMutablePointer<curl_slist>.allocate(capacity: 1)

    init?(poll: Poll) {
        guard let easy = curl_easy_init() else {
            proxyLine.deallocate()
            return nil
        }
        self.easy = easy
        setUp(poll)
    }

    deinit {
        curl_easy_cleanup(easy)
        proxyLine.deallocate()
    }

    /// Prepares the first request of a check's probe.
    func begin(_ settings: HTTPSettings, rules: BodyRules?, flight: HTTPFlight) {
        self.flight = flight
        bodyMax = settings.bodyMax
        isSameOrigin = true
        if self.settings !== settings || !isPristine { apply(settings) }
        expectResponse(to: settings.url, rules: rules)
    }

    /// Prepares the next request of the same probe, after a redirect. `route` is kept by the caller.
    func redirect(_ route: RedirectRoute, rules: BodyRules?) {
        guard let settings else { return }
        isPristine = false
        isSameOrigin = isSameOrigin && route.url.hasSameOrigin(as: settings.url)
        set(CURLOPT_REQUEST_TARGET, nil)
        route.url.text.withCString { set(CURLOPT_URL, $0) }
        route.method.withCString {
            setRequest(method: $0, body: settings.body.bytes, count: route.keepsBody ? settings.body.count : 0)
        }
        set(CURLOPT_HTTPHEADER, route.headerList)
        expectResponse(to: route.url, rules: rules)
    }

    /// The request goes to an HTTP proxy: with the whole URL, and with what the proxy wants to know of us, which goes to
    /// it alone. Source: RFC 9112, 3.2.2. `route`: nil on the first hop.
    func goThrough(_ proxy: Proxy, to url: URLText, after route: RedirectRoute?) {
        isPristine = false
        url.text.withCString { set(CURLOPT_REQUEST_TARGET, $0) }
        guard let authorization = proxy.authorization else { return }
        proxyLine.pointee = curl_slist(data: authorization.bytes, next: route?.headerList ?? settings?.headerList)
        set(CURLOPT_HTTPHEADER, proxyLine)
    }

    /// Makes ready for the next probe.
    func end() {
        flight = nil
        scanner.clear()
        witness.clear()
        if !isPristine {
            // Its header list is about to go.
            set(CURLOPT_HTTPHEADER, nil)
            set(CURLOPT_REQUEST_TARGET, nil)
            settings = nil
        }
    }

    private func expectResponse(to url: URLText, rules: BodyRules?) {
        stop = nil
        header.begin()
        scanner.begin(rules)
        if url.isHTTPS, let settings {
            witness.begin(host: url.endpoint.host, isAddress: url.isHostAddress, settings: settings.tls.settings)
        }
    }

    private func apply(_ settings: HTTPSettings) {
        self.settings = settings
        isPristine = true
        set(CURLOPT_URL, settings.urlC.bytes)
        setRequest(method: settings.methodC.bytes, body: settings.body.bytes, count: settings.body.count)
        set(CURLOPT_HTTPHEADER, settings.headerList)
        let tls = settings.tls.settings
        set(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        set(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
    }

    /// `body`: of the settings, which libcurl's pointer does not outlive.
    private func setRequest(method: UnsafePointer<CChar>, body: UnsafePointer<CChar>, count: Int) {
        let isPlainGet = strcmp(method, "GET") == 0 && count == 0
        // Also takes back NOBODY and POST of the request before.
        set(CURLOPT_HTTPGET, 1)
        if strcmp(method, "HEAD") == 0 {
            set(CURLOPT_CUSTOMREQUEST, nil)
            return set(CURLOPT_NOBODY, 1)
        }
        if count > 0 || strcmp(method, "POST") == 0 {
            cnet_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, count)
            set(CURLOPT_POSTFIELDS, body)
        }
        set(CURLOPT_CUSTOMREQUEST, isPlainGet ? nil : method)
    }

    func set(_ option: CURLoption, _ value: Int) { cnet_easy_set_long(easy, option, value) }
    func set(_ option: CURLoption, _ value: UnsafeRawPointer?) { cnet_easy_set_pointer(easy, option, value) }
}
