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
        case wrongLength
        case tooManyInterim
        case noMemory
        /// Everything that was asked of the body is answered.
        case seenEnough
    }

    /// Most fields of one name that are read.
    private static let fieldsMax = 64

    /// Bytes that libcurl receives at a time; its own default.
    private static let bufferMax = 16 << 10
    /// An HTTP/2 header, at most 64 KiB and what separates its fields, must fit: of one that does not, libcurl leaves
    /// the rest lying until more arrives.
    private static let bufferMaxVersion2 = 96 << 10

    let easy: UnsafeMutableRawPointer
    /// The URL in parts: given as text, libcurl reads and writes it anew for each request, a tenth of what it does.
    private let urlParts: OpaquePointer
    let witness = TLSWitness()
    let scanner = BodyScanner()
    /// Set while lent.
    unowned(unsafe) var flight: HTTPFlight?
    var stop: Stop?
    var header = ResponseHeader()
    /// libcurl wanted a second connection: it would ask once more, which is ours to decide.
    var askedAgain = false
    /// The body as a whole, where it is the answer of a token endpoint; nil otherwise.
    private(set) var collected: [UInt8]?
    private(set) var settings: HTTPSettings?
    /// False when options differ from what `settings` says, after a redirect.
    private var isPristine = false
    private(set) var bodyMax: Int64 = 0
    /// The request goes to the scheme, host and port of the check, and no redirect has led elsewhere before.
    private(set) var isSameOrigin = true
    private var transport = HTTPTransport.plain
    private let nothing = CText("")
    private var hasLongBuffer = false
    /// The request has a body.
    private(set) var sendsBody = false
    /// When the answer began; 0 when it has not, or only libcurl knows.
    private(set) var firstByteNs: Int64 = 0
    /// libcurl's own words about a failure.
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// A header line in front of a list that is not ours alone.
    private let proxyLine = UnsafeMutablePointer<curl_slist>.allocate(capacity: 1)

    init?(poll: Poll) {
        let (handle, parts) = (curl_easy_init(), curl_url())
        guard let easy = handle, let urlParts = parts else {
            // Neither minds nil.
            curl_easy_cleanup(handle)
            curl_url_cleanup(parts)
            words.deallocate()
            proxyLine.deallocate()
            return nil
        }
        self.easy = easy
        self.urlParts = urlParts
        words[0] = 0
        set(CURLOPT_ERRORBUFFER, UnsafeRawPointer(words))
        setUp(poll)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_url_cleanup(urlParts)
        words.deallocate()
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

    /// Prepares a request other than the check's own: after a redirect, with or for a token. `route` is kept by the
    /// caller. `collects`: the body is wanted as a whole.
    func prepare(_ route: RequestRoute, rules: BodyRules?, collects: Bool = false) {
        guard let settings else { return }
        isPristine = false
        isSameOrigin = route.isHome
        set(CURLOPT_REQUEST_TARGET, nil)
        route.url.text.withCString { setURL($0) }
        route.method.withCString { setRequest(method: $0, body: route.body) }
        set(CURLOPT_HTTPHEADER, route.headerList)
        if settings.transport.version == .two {
            set(CURLOPT_HTTP_VERSION, settings.transport.curlVersion(isHTTPS: route.url.isHTTPS))
        }
        bodyMax = collects ? OAuthClient.answerMax : settings.bodyMax
        expectResponse(to: route.url, rules: rules)
        collected = collects ? [] : nil
    }

    /// The request goes to an HTTP proxy: with the whole URL, and with what the proxy wants to know of us, which goes
    /// to it alone. Source: RFC 9112, 3.2.2. `route`: nil on the first hop.
    func goThrough(_ proxy: Proxy, to url: URLText, after route: RequestRoute?) {
        isPristine = false
        url.text.withCString { set(CURLOPT_REQUEST_TARGET, $0) }
        guard let authorization = proxy.authorization else { return }
        proxyLine.pointee = curl_slist(data: authorization.bytes, next: route?.headerList ?? settings?.headerList)
        set(CURLOPT_HTTPHEADER, proxyLine)
    }

    /// Makes ready for the next probe.
    func end() {
        flight = nil
        collected = nil
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
        words[0] = 0
        askedAgain = false
        firstByteNs = 0
        header.begin()
        scanner.begin(rules)
        let mayBeVersion2 = url.isHTTPS || settings?.transport.version == .two
        if mayBeVersion2 != hasLongBuffer {
            hasLongBuffer = mayBeVersion2
            set(CURLOPT_BUFFERSIZE, mayBeVersion2 ? Transfer.bufferMaxVersion2 : Transfer.bufferMax)
        }
        if url.isHTTPS, let settings {
            witness.begin(host: url.endpoint.host, isAddress: url.isHostAddress, settings: settings.tls.settings)
        }
    }

    private func apply(_ settings: HTTPSettings) {
        self.settings = settings
        isPristine = true
        setURL(settings.urlC.bytes)
        setRequest(method: settings.methodC.bytes, body: settings.body.orNil)
        set(CURLOPT_HTTPHEADER, settings.headerList)
        let tls = settings.tls.settings
        set(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        set(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
        // What depends on the scheme may have been set for another one.
        if settings.transport != transport || transport.version == .two {
            apply(settings.transport, isHTTPS: settings.url.isHTTPS)
        }
    }

    private func setURL(_ text: UnsafePointer<CChar>) {
        // What libcurl refuses now it refuses again, with its words, when it is asked. CURLINFO_EFFECTIVE_URL knows
        // nothing of the parts.
        let isRead = curl_url_set(urlParts, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
        set(CURLOPT_CURLU, isRead ? UnsafeRawPointer(urlParts) : nil)
        if !isRead { set(CURLOPT_URL, text) }
    }

    private func apply(_ transport: HTTPTransport, isHTTPS: Bool) {
        self.transport = transport
        set(CURLOPT_HTTP_VERSION, transport.curlVersion(isHTTPS: isHTTPS))
        if transport.isCompressed {
            set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br")
        } else {
            set(CURLOPT_ACCEPT_ENCODING, nil)
        }
    }

    /// `body`: libcurl keeps a pointer to it; nil for none.
    private func setRequest(method: UnsafePointer<CChar>, body: CText?) {
        sendsBody = body != nil
        let isPlainGet = strcmp(method, "GET") == 0 && body == nil
        // Also takes back NOBODY and POST of the request before.
        set(CURLOPT_HTTPGET, 1)
        if strcmp(method, "HEAD") == 0 {
            set(CURLOPT_CUSTOMREQUEST, nil)
            return set(CURLOPT_NOBODY, 1)
        }
        if body != nil || strcmp(method, "POST") == 0 {
            cnet_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, body?.count ?? 0)
            set(CURLOPT_POSTFIELDS, (body ?? nothing).bytes)
        }
        set(CURLOPT_CUSTOMREQUEST, isPlainGet ? nil : method)
    }

    /// The values of the fields of that name in the last response, in order.
    func fields(_ name: String) -> [String] {
        var values: [String] = []
        var found: UnsafeMutablePointer<curl_header>?
        while curl_easy_header(easy, name, values.count, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK,
            let field = found,
            values.count < Transfer.fieldsMax
        {
            values.append(String(cString: field.pointee.value))
        }
        return values
    }

    /// The first line of an answer is here.
    func answerBegins() { firstByteNs = flight?.arrivedNs ?? (sendsBody ? ReactorClock.monotonicNs() : 0) }

    /// Takes in more of the body that is wanted as a whole.
    func collect(_ bytes: UnsafePointer<CChar>, _ count: Int) {
        UnsafeRawBufferPointer(start: bytes, count: count).withMemoryRebound(to: UInt8.self) {
            collected?.append(contentsOf: $0)
        }
    }

    /// A body that ends with its connection came to no proper end over TLS: somebody may have cut it off. Source: RFC
    /// 9112, 9.8.
    var isCutOff: Bool {
        guard !witness.hasSaidGoodbye, header.endsByClosing, scanner.count > 0 else { return false }
        var version = 0
        cnet_easy_get_long(easy, CURLINFO_HTTP_VERSION, &version)
        return version != Int(CURL_HTTP_VERSION_2_0)
    }

    /// HTTP/2 was spoken without asking whether the server knows it.
    var wantsVersion2Unasked: Bool { transport.version == .two && flight?.url?.isHTTPS == false }

    /// libcurl's own words about how it ended; nil when it had none.
    var libcurlWords: String? { words[0] == 0 ? nil : String(cString: words) }

    func set(_ option: CURLoption, _ value: Int) { cnet_easy_set_long(easy, option, value) }
    func set(_ option: CURLoption, _ value: UnsafeRawPointer?) { cnet_easy_set_pointer(easy, option, value) }
}
