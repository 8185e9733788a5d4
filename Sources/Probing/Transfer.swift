import CNet
import Glibc
import Vocabulary

/// One of libcurl's easy handles with its buffers, lent to one HTTP probe at a time. All its callbacks come here; the
/// handle keeps this object as CURLOPT_PRIVATE and user data, so that nothing is looked up.
///
/// Options that never change are set once; those of a check when the handle changes to another check.
final class Transfer {
    /// Most bytes of all header lines of one response, informational ones and trailers included.
    static let headersMax = 256 << 10
    /// Header bytes kept as evidence.
    static let headersKeptMax = 8192

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
    private(set) var stop: Stop?
    /// The empty line after the last header has come.
    private(set) var isHeaderWhole = false
    /// Bytes of header lines since the request.
    private(set) var headerCount = 0
    private var settings: HTTPSettings?
    /// False when options differ from what `settings` says, after a redirect.
    private var isPristine = false
    private var bodyMax: Int64 = 0
    private var headersKept = 0
    private let headers = UnsafeMutablePointer<CChar>.allocate(capacity: Transfer.headersKeptMax)

    init?(poll: Poll) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        setUp(poll)
    }

    deinit {
        curl_easy_cleanup(easy)
        headers.deallocate()
    }

    /// Prepares the first request of a check's probe.
    func begin(_ settings: HTTPSettings, rules: BodyRules?, flight: HTTPFlight) {
        self.flight = flight
        bodyMax = settings.bodyMax
        if self.settings !== settings || !isPristine { apply(settings) }
        expectResponse(to: settings.url, rules: rules)
    }

    /// Prepares the next request of the same probe, after a redirect. `headers` is kept by the caller.
    func redirect(
        to url: URLText, method: String, body: [UInt8], headers: UnsafeMutablePointer<curl_slist>?, rules: BodyRules?
    ) {
        isPristine = false
        url.text.withCString { set(CURLOPT_URL, $0) }
        method.withCString { setRequest(method: $0, body: body) }
        set(CURLOPT_HTTPHEADER, headers)
        expectResponse(to: url, rules: rules)
    }

    /// Makes ready for the next probe.
    func end() {
        flight = nil
        scanner.clear()
        witness.clear()
        if !isPristine {
            // Its header list is about to go.
            set(CURLOPT_HTTPHEADER, nil)
            settings = nil
        }
    }

    /// The header lines of the last response, the status line first.
    var headerLines: [String] {
        String(decoding: UnsafeRawBufferPointer(start: headers, count: headersKept), as: UTF8.self)
            .split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }).map(String.init)
    }

    private func expectResponse(to url: URLText, rules: BodyRules?) {
        stop = nil
        headerCount = 0
        headersKept = 0
        isHeaderWhole = false
        scanner.begin(rules)
        if url.isHTTPS, let settings {
            witness.begin(host: url.endpoint.host, isAddress: url.isHostAddress, settings: settings.tls.settings)
        }
    }

    private func apply(_ settings: HTTPSettings) {
        self.settings = settings
        isPristine = true
        set(CURLOPT_URL, settings.urlC.bytes)
        setRequest(method: settings.methodC.bytes, body: settings.body)
        set(CURLOPT_HTTPHEADER, settings.headerList)
        let tls = settings.tls.settings
        set(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        set(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
    }

    private func setRequest(method: UnsafePointer<CChar>, body: [UInt8]) {
        let isPlainGet = strcmp(method, "GET") == 0 && body.isEmpty
        // Also takes back NOBODY and POST of the request before.
        set(CURLOPT_HTTPGET, 1)
        if strcmp(method, "HEAD") == 0 {
            set(CURLOPT_CUSTOMREQUEST, nil)
            return set(CURLOPT_NOBODY, 1)
        }
        if !body.isEmpty || strcmp(method, "POST") == 0 {
            cnet_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            body.withUnsafeBytes { set(CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(method)) }
        }
        set(CURLOPT_CUSTOMREQUEST, isPlainGet ? nil : method)
    }

    private func set(_ option: CURLoption, _ value: Int) { cnet_easy_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) { cnet_easy_set_pointer(easy, option, value) }
}

/// What is set once, and libcurl's callbacks.
extension Transfer {
    private func setUp(_ poll: Poll) {
        let me = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        set(CURLOPT_PRIVATE, me)
        set(CURLOPT_NOSIGNAL, 1)
        // Neither the environment's proxies nor redirects of libcurl's own.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        // An honest measurement: a connection and a handshake of its own for every request.
        set(CURLOPT_FRESH_CONNECT, 1)
        set(CURLOPT_FORBID_REUSE, 1)
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        set(CURLOPT_CONNECT_TO, HTTPDriver.connectTo)
        cnet_easy_set_opensocket(easy) { transfer, _, _ in Transfer.of(transfer)?.flight?.handOverSocket() ?? -1 }
        set(CURLOPT_OPENSOCKETDATA, me)
        // Told of the very moment, because the socket's number may be in use again before libcurl says that it is done.
        cnet_easy_set_closesocket(easy) { poll, socket in
            if let poll { Unmanaged<Poll>.fromOpaque(poll).takeUnretainedValue().forget(socket) }
            return close(socket)
        }
        set(CURLOPT_CLOSESOCKETDATA, UnsafeRawPointer(Unmanaged.passUnretained(poll).toOpaque()))
        cnet_easy_set_sockopt(easy) { _, _, _ in Int32(CURL_SOCKOPT_ALREADY_CONNECTED) }
        // The certificates come from the shared store, by the context callback, and never from libcurl's own files.
        set(CURLOPT_CAINFO, nil)
        set(CURLOPT_CAPATH, nil)
        cnet_easy_set_ssl_ctx(easy) { _, context, transfer in
            guard let context, let transfer = Transfer.of(transfer) else { return CURLE_ABORTED_BY_CALLBACK }
            return transfer.prepareHandshake(OpaquePointer(context))
        }
        set(CURLOPT_SSL_CTX_DATA, me)
        cnet_easy_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, _, count, transfer in
            guard let bytes, let transfer = Transfer.of(transfer) else { return 0 }
            return transfer.bodyArrived(bytes, count)
        }
        set(CURLOPT_WRITEDATA, me)
        cnet_easy_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, _, count, transfer in
            guard let bytes, let transfer = Transfer.of(transfer) else { return 0 }
            return transfer.headerArrived(bytes, count)
        }
        set(CURLOPT_HEADERDATA, me)
    }

    private func set(_ option: CURLoption, _ text: String) { text.withCString { set(option, UnsafeRawPointer($0)) } }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A count other than the one given ends the transfer.
    private func bodyArrived(_ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
        if scanner.count + Int64(count) > bodyMax {
            stop = .bodyTooLarge
            return 0
        }
        guard scanner.add(bytes, count) else {
            stop = .noMemory
            return 0
        }
        if scanner.hasSeenEnough {
            stop = .seenEnough
            return 0
        }
        return count
    }

    private func headerArrived(_ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
        headerCount += count
        guard headerCount <= Transfer.headersMax else {
            stop = .headerTooLarge
            return 0
        }
        if bytes[0] == 0x0d || bytes[0] == 0x0a { isHeaderWhole = true }
        // The status line of the next response, after an informational one.
        if count > 5, memcmp(bytes, "HTTP/", 5) == 0 {
            headersKept = 0
            isHeaderWhole = false
            // libcurl takes anything that begins so for a good answer.
            if !Transfer.isStatusLine(UnsafeBufferPointer(start: bytes, count: count)) {
                stop = .wrongStatusLine
                return 0
            }
        }
        let kept = min(count, Transfer.headersKeptMax - headersKept)
        memcpy(headers + headersKept, bytes, kept)
        headersKept += kept
        return count
    }

    /// `HTTP/1.1 200 …`, `HTTP/2 200 …`. Source: RFC 9112, 4.
    private static func isStatusLine(_ line: UnsafeBufferPointer<CChar>) -> Bool {
        func isDigit(_ place: Int) -> Bool { place < line.count && (0x30...0x39).contains(line[place]) }
        guard isDigit(5) else { return false }
        let space = line.count > 6 && line[6] == 0x2e ? 8 : 6
        return space < line.count && (space == 6 || isDigit(7)) && line[space] == 0x20
            && isDigit(space + 1) && isDigit(space + 2) && isDigit(space + 3) && !isDigit(space + 4)
    }

    private func prepareHandshake(_ context: OpaquePointer) -> CURLcode {
        guard let tls = settings?.tls, (try? tls.apply(to: context)) != nil else { return CURLE_SSL_CERTPROBLEM }
        TLSWitness.attach(toContext: context, witness)
        return CURLE_OK
    }
}
