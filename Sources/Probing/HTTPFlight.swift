import CNet
import Glibc
import Vocabulary

/// One HTTP probe: for each request a connection of its own, a borrowed `Transfer`, and the decision whether the answer
/// is the last one.
final class HTTPFlight: Flight {
    private unowned(unsafe) let driver: HTTPDriver
    private(set) var settings: HTTPSettings?
    private(set) var transfer: Transfer?
    /// The transfer is in libcurl's hands.
    private var isTransferring = false

    /// nil on the first request, when nothing had to be asked before it.
    var route: RequestRoute?
    var url: URLText? { route?.url ?? settings?.url }
    var isHTTPS: Bool { route?.url.isHTTPS ?? settings?.url.isHTTPS ?? false }

    // HTTPFlight+Token.swift.
    var isFetchingToken = false
    /// The token that this probe sends.
    var token: String?
    var hasFetchedToken = false

    init(core: ReactorCore, driver: HTTPDriver) {
        self.driver = driver
        super.init(core: core)
    }

    func start(_ settings: HTTPSettings) {
        self.settings = settings
        if let client = settings.oauth2 { return start(settings, client) }
        dial(settings.url, settings)
    }

    private func dial(_ url: URLText, _ settings: HTTPSettings) {
        dial(
            url.endpoint, through: settings.proxy, tunnels: url.isHTTPS,
            addresses: settings.resolve?.addresses(of: url.endpoint))
    }

    /// The HTTP proxy that gets this hop's request itself; nil when the target does.
    private var speaksTo: Proxy? {
        guard let proxy = dialling.proxy, proxy.kind == .http, !isHTTPS else { return nil }
        return proxy
    }

    /// The next request; on a connection of its own, as all are.
    func go(_ route: RequestRoute) {
        guard let settings else { return }
        // From libcurl's end of the answer before to our next step.
        if transfer != nil { endLeg(.transfer) }
        self.route = route
        status = 0
        dial(route.url, settings)
    }

    override func connected() {
        guard let settings, let transfer = transfer ?? driver.takeTransfer() else { return fail(.noMemory) }
        self.transfer = transfer
        let rules = question.expectations.body
        if transfer.flight == nil { transfer.begin(settings, rules: rules, flight: self) }
        if let route { transfer.prepare(route, rules: isFetchingToken ? nil : rules, collects: isFetchingToken) }
        if let speaksTo, let url { transfer.goThrough(speaksTo, to: url, after: route) }
        guard driver.add(transfer) else { return fail(.internalFault) }
        isTransferring = true
    }

    /// libcurl takes the connected socket, and closes it. -1 when it asks for a second one.
    func handOverSocket() -> Int32 {
        defer { socket = -1 }
        if socket < 0 { transfer?.askedAgain = true } else { ReactorClock.noteArrivals(at: socket) }
        return socket
    }

    override func connectionReady(_ socket: Int32, _ events: UInt32) {
        noteArrival(socket, events)
        driver.act(on: socket, events)
    }

    /// The response is here, or will not come.
    func transferEnded(_ result: CURLcode) {
        guard let settings, let transfer else { return }
        isTransferring = false
        let totalUs = arrivedNs.map { max(1, ($0 - markNs) / 1000) } ?? infoUs(CURLINFO_TOTAL_TIME_T)
        addLegs(totalUs: totalUs)
        markNs += totalUs * 1000
        // libcurl calls a status line that it cannot read a 200.
        status = transfer.stop == .wrongStatusLine ? 0 : UInt16(clamping: info(CURLINFO_RESPONSE_CODE))
        let ending = TransferEnding(result, transfer, isHTTPS: isHTTPS)
        if let cause = ending.cause {
            if let alert = ending.alert { status = UInt16(alert) }
            detail = ending.detail
            return fail(cause)
        }
        if status == 407, let speaksTo {
            detail = "the proxy \(speaksTo.endpoint.text) wants a user name and password that it knows"
            return fail(.proxyAuthentication)
        }
        if isFetchingToken { return tokenAnswered(settings, transfer) }
        if status >= 300, leadsOn(settings, transfer) { return }
        judge(settings)
    }

    override func fail(_ cause: Cause) {
        if isFetchingToken { tokenFailed(told(cause)) } else { super.fail(cause) }
    }

    override func timedOut(_ nowNs: Int64) {
        guard isTransferring else { return super.timedOut(nowNs) }
        if transfer?.header.count ?? 0 > 0 { status = UInt16(clamping: info(CURLINFO_RESPONSE_CODE)) }
        let leg = legInProgress()
        addLegs(totalUs: (nowNs - markNs) / 1000)
        fail(.timeout(in: leg))
    }

    override func legInProgress() -> Leg {
        if isHTTPS, infoUs(CURLINFO_APPCONNECT_TIME_T) == 0 { return .handshake }
        return firstByteUs == 0 ? .wait : .transfer
    }

    override func findings(_ outcome: Outcome) -> Findings { describe(outcome) }

    override func landed() {
        if let transfer {
            if isTransferring { driver.remove(transfer) }
            driver.giveBack(transfer)
            self.transfer = nil
        }
        isTransferring = false
        route = nil
        isFetchingToken = false
        token = nil
        hasFetchedToken = false
        settings = nil
        driver.landed(self)
    }

    /// The answer is the last one: asks the expectations.
    private func judge(_ settings: HTTPSettings) {
        if settings.transport.version == .two, info(CURLINFO_HTTP_VERSION) != Int(CURL_HTTP_VERSION_2_0) {
            return fail(.httpVersion)
        }
        var outcome = Outcome()
        let question = question
        if !question.expectations.status.allows(status) {
            let isMissingLocation = settings.follow && RequestRoute.isRedirect(status)
            outcome.miss(
                isMissingLocation ? .redirectWithoutLocation : .status(status), question.expectations.status.severity)
        }
        transfer?.scanner.end(&outcome)
        notAfter = handshake?.notAfter
        question.expectations.judge(self, &outcome)
        finish(outcome)
    }

    /// From the connection to the first byte of the answer; 0 before it.
    private var firstByteUs: Int64 {
        guard let transfer else { return 0 }
        if transfer.firstByteNs != 0 { return max(1, (transfer.firstByteNs - markNs) / 1000) }
        // After a body libcurl takes the first byte sent for the first received.
        return transfer.sendsBody ? 0 : infoUs(CURLINFO_STARTTRANSFER_TIME_T)
    }

    /// Adds this hop's parts of handshake, wait and transfer, which libcurl counts from its own start.
    private func addLegs(totalUs: Int64) {
        let isHTTPS = isHTTPS
        let handshakenUs = isHTTPS ? infoUs(CURLINFO_APPCONNECT_TIME_T) : 0
        let firstByteUs = firstByteUs
        let isShaking = isHTTPS && handshakenUs == 0
        let handshakeUs = isShaking ? totalUs : min(handshakenUs, totalUs)
        let waitUs = isShaking ? 0 : (firstByteUs == 0 ? totalUs : min(firstByteUs, totalUs)) - handshakeUs
        legs.handshakeUs &+= UInt32(clamping: handshakeUs)
        legs.waitUs &+= UInt32(clamping: waitUs)
        legs.transferUs &+= UInt32(clamping: totalUs - handshakeUs - max(0, waitUs))
    }

    func info(_ info: CURLINFO) -> Int {
        var value = 0
        if let transfer { cnet_easy_get_long(transfer.easy, info, &value) }
        return value
    }

    private func infoUs(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        if let transfer { cnet_easy_get_offset(transfer.easy, info, &value) }
        return Int64(value)
    }
}
