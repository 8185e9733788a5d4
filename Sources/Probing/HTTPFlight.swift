import CNet
import Glibc
import Vocabulary

/// One HTTP probe: for each hop a connection of its own, a request through a borrowed `Transfer`, and the decision
/// whether the answer is the last one.
final class HTTPFlight: Flight {
    private unowned(unsafe) let driver: HTTPDriver
    private(set) var settings: HTTPSettings?
    private(set) var transfer: Transfer?
    /// The transfer is in libcurl's hands.
    private var isTransferring = false

    // Where redirects have led; Redirect.swift.
    /// nil on the first hop.
    var route: RedirectRoute?
    var redirects: Int { route?.visited.count ?? 0 }
    var url: URLText? { route?.url ?? settings?.url }

    init(core: ReactorCore, driver: HTTPDriver) {
        self.driver = driver
        super.init(core: core)
    }

    func start(_ settings: HTTPSettings) {
        self.settings = settings
        dial(settings.url.endpoint)
    }

    override func connected() {
        guard let settings, let transfer = transfer ?? driver.takeTransfer() else { return fail(.noMemory) }
        self.transfer = transfer
        let rules = question.expectations.body
        if let route {
            transfer.redirect(route, rules: rules)
        } else {
            transfer.begin(settings, rules: rules, flight: self)
        }
        guard driver.add(transfer) else { return fail(.internalFault) }
        isTransferring = true
    }

    /// libcurl takes the connected socket, and closes it. -1 when it asks for a second one.
    func handOverSocket() -> Int32 {
        defer { socket = -1 }
        return socket
    }

    /// The response is here, or will not come.
    func transferEnded(_ result: CURLcode) {
        guard let settings, let transfer else { return }
        isTransferring = false
        let nowNs = ReactorClock.monotonicNs()
        addLegs(totalUs: infoUs(CURLINFO_TOTAL_TIME_T))
        markNs = nowNs
        // libcurl calls a status line that it cannot read a 200.
        status = transfer.stop == .wrongStatusLine ? 0 : UInt16(clamping: info(CURLINFO_RESPONSE_CODE))
        let ending = TransferEnding(result, transfer, isHTTPS: url?.isHTTPS == true)
        if let cause = ending.cause {
            if let alert = ending.alert { status = UInt16(alert) }
            detail = ending.detail
            return fail(cause)
        }
        if settings.follow, RedirectRoute.isRedirect(status) { return redirect(settings) }
        judge(settings)
    }

    override func timedOut(_ nowNs: Int64) {
        guard isTransferring else { return super.timedOut(nowNs) }
        if transfer?.header.count ?? 0 > 0 { status = UInt16(clamping: info(CURLINFO_RESPONSE_CODE)) }
        let leg = legInProgress()
        addLegs(totalUs: (nowNs - markNs) / 1000)
        fail(.timeout(in: leg))
    }

    override func legInProgress() -> Leg {
        if url?.isHTTPS == true, infoUs(CURLINFO_APPCONNECT_TIME_T) == 0 { return .handshake }
        return infoUs(CURLINFO_STARTTRANSFER_TIME_T) == 0 ? .wait : .transfer
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
        settings = nil
        driver.landed(self)
    }

    /// The answer is the last one: asks the expectations.
    private func judge(_ settings: HTTPSettings) {
        var outcome = Outcome()
        let expectations = question.expectations
        if !expectations.status.allows(status) {
            let isMissingLocation = settings.follow && RedirectRoute.isRedirect(status)
            outcome.miss(isMissingLocation ? .redirectWithoutLocation : .status(status), .fail)
        }
        transfer?.scanner.end(&outcome)
        notAfter = url?.isHTTPS == true ? transfer?.witness.notAfter : nil
        expectations.judgeCommon(&outcome, totalUs: legs.totalUs, notAfter: notAfter, now: start)
        finish(outcome)
    }

    private func redirect(_ settings: HTTPSettings) {
        var pointer: UnsafeMutableRawPointer?
        if let transfer { cnet_easy_get_pointer(transfer.easy, CURLINFO_REDIRECT_URL, &pointer) }
        guard let pointer, let url else { return judge(settings) }
        let location = String(cString: pointer.assumingMemoryBound(to: CChar.self))
        switch RedirectRoute.next(after: route, from: url, status: status, to: location, settings) {
        case .refuse(let cause, let words):
            detail = words
            fail(cause)
        case .follow(let route):
            self.route = route
            status = 0
            dial(route.url.endpoint)
        }
    }

    /// Adds this hop's parts of handshake, wait and transfer, which libcurl counts from its own start.
    private func addLegs(totalUs: Int64) {
        let handshakenUs = url?.isHTTPS == true ? infoUs(CURLINFO_APPCONNECT_TIME_T) : 0
        let firstByteUs = infoUs(CURLINFO_STARTTRANSFER_TIME_T)
        let isShaking = url?.isHTTPS == true && handshakenUs == 0
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

extension Cause {
    /// The class of a status that was not allowed.
    static func status(_ status: UInt16) -> Cause {
        switch status / 100 {
        case 1: .status1xx
        case 2: .status2xx
        case 3: .status3xx
        case 4: .status4xx
        case 5: .status5xx
        default: .protocolError
        }
    }
}
