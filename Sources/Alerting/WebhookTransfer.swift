import CNet
import Glibc
import Vocabulary

/// One POST on its way: owns libcurl's handles. Fresh connection, no redirects, no proxy of the environment.
struct WebhookTransfer: ~Copyable {
    enum Outcome {
        case answered(status: Int)
        case unanswered(why: String)
        case stopped
    }

    private let multi: UnsafeMutableRawPointer
    private let easy: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>
    /// What has come so far; libcurl's callbacks write here.
    private let answer: UnsafeMutablePointer<WebhookAnswer>

    /// nil when there is no memory for it.
    init?(_ request: WebhookRequest, _ notification: Notification) {
        guard let headers = WebhookTransfer.headers(request, notification) else { return nil }
        guard let easy = curl_easy_init() else {
            curl_slist_free_all(headers)
            return nil
        }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            curl_slist_free_all(headers)
            return nil
        }
        self.multi = multi
        self.easy = easy
        self.headers = headers
        answer = .allocate(capacity: 1)
        answer.initialize(to: WebhookAnswer())
        setUp(request, body: notification.json.text)
        curl_multi_add_handle(multi, easy)
    }

    deinit {
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        curl_slist_free_all(headers)
        answer.deallocate()
    }

    /// Blocks until the answer, the timeout or the stop.
    mutating func run(stop: StopSignal) -> Outcome {
        var wakeUp = curl_waitfd(fd: stop.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        var running: Int32 = 1
        while true {
            var code = curl_multi_perform(multi, &running)
            if code == CURLM_OK, running > 0 { code = curl_multi_poll(multi, &wakeUp, 1, 1000, nil) }
            guard code == CURLM_OK else { return .unanswered(why: String(cString: curl_multi_strerror(code))) }
            guard running > 0 else { return outcome() }
            if wakeUp.revents != 0 {
                // A name that is being looked up would hold the clean-up until the resolver gives up.
                cnet_easy_set_long(easy, CURLOPT_QUICK_EXIT, 1)
                return .stopped
            }
        }
    }

    private func outcome() -> Outcome {
        if answer.pointee.status >= 200 { return .answered(status: answer.pointee.status) }
        var left: Int32 = 0
        guard let message = curl_multi_info_read(multi, &left), cnet_message_result(message) != CURLE_OK else {
            return .unanswered(why: "no status line")
        }
        // libcurl's own texts, without names: the URL may be a secret.
        return .unanswered(why: String(cString: curl_easy_strerror(cnet_message_result(message))))
    }

    private static func headers(
        _ request: WebhookRequest, _ notification: Notification
    ) -> UnsafeMutablePointer<curl_slist>? {
        // Without "Expect:" libcurl asks first whether a long body is wanted, and waits a second for the answer.
        let own = ["Content-Type: application/json", "Idempotency-Key: \(notification.key)", "Expect:"]
        var list: UnsafeMutablePointer<curl_slist>?
        for line in own + request.headers {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }

    private func setUp(_ request: WebhookRequest, body: String) {
        cnet_easy_set_pointer(easy, CURLOPT_URL, request.url.value)
        cnet_easy_set_pointer(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        cnet_easy_set_pointer(easy, CURLOPT_PROXY, "")
        cnet_easy_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        cnet_easy_set_pointer(easy, CURLOPT_USERAGENT, "sonde")
        cnet_easy_set_long(easy, CURLOPT_POSTFIELDSIZE, body.utf8.count)
        cnet_easy_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, body)
        cnet_easy_set_long(easy, CURLOPT_TIMEOUT_MS, Int(request.timeoutNs / Duration.millisecondNs))
        cnet_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        if let caFile = request.caFile {
            cnet_easy_set_pointer(easy, CURLOPT_CAINFO, caFile)
            cnet_easy_set_pointer(easy, CURLOPT_CAPATH, nil)
        }
        if request.isInsecure {
            cnet_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            cnet_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
        }
        cnet_easy_set_write(easy, CURLOPT_HEADERFUNCTION) { line, size, count, answer in
            WebhookAnswer.take(line, bytes: size * count, isHeader: true, answer)
        }
        cnet_easy_set_pointer(easy, CURLOPT_HEADERDATA, answer)
        cnet_easy_set_write(easy, CURLOPT_WRITEFUNCTION) { body, size, count, answer in
            WebhookAnswer.take(body, bytes: size * count, isHeader: false, answer)
        }
        cnet_easy_set_pointer(easy, CURLOPT_WRITEDATA, answer)
    }
}
