import CNet
import Glibc
import Vocabulary

/// What is set once at an easy handle, and libcurl's callbacks.
extension Transfer {
    func setUp(_ poll: Poll) {
        let me = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        set(CURLOPT_PRIVATE, me)
        set(CURLOPT_NOSIGNAL, 1)
        // Neither the environment's proxies nor redirects of libcurl's own.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        // An honest measurement: a connection and a handshake of its own for every request.
        set(CURLOPT_FRESH_CONNECT, 1)
        set(CURLOPT_FORBID_REUSE, 1)
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        setUpSockets(me, poll)
        setUpHandshake(me)
        setUpResponse(me)
    }

    private func setUpSockets(_ me: UnsafeRawPointer, _ poll: Poll) {
        set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        set(CURLOPT_CONNECT_TO, HTTPDriver.connectTo)
        // There is one address: without this libcurl looks after 200 ms whether it should try another.
        set(CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, Int(Duration.dayNs / Duration.millisecondNs))
        cnet_easy_set_opensocket(easy) { transfer, _, _ in Transfer.of(transfer)?.flight?.handOverSocket() ?? -1 }
        set(CURLOPT_OPENSOCKETDATA, me)
        // Told of the very moment, because the socket's number may be in use again before libcurl says that it is
        // done.
        cnet_easy_set_closesocket(easy) { poll, socket in
            if let poll { Unmanaged<Poll>.fromOpaque(poll).takeUnretainedValue().forget(socket) }
            return close(socket)
        }
        set(CURLOPT_CLOSESOCKETDATA, UnsafeRawPointer(Unmanaged.passUnretained(poll).toOpaque()))
        cnet_easy_set_sockopt(easy) { _, _, _ in Int32(CURL_SOCKOPT_ALREADY_CONNECTED) }
    }

    private func setUpHandshake(_ me: UnsafeRawPointer) {
        // The certificates come from the shared store, by the context callback, and never from libcurl's own files.
        set(CURLOPT_CAINFO, nil)
        set(CURLOPT_CAPATH, nil)
        cnet_easy_set_ssl_ctx(easy) { _, context, transfer in
            guard let context, let transfer = Transfer.of(transfer) else { return CURLE_ABORTED_BY_CALLBACK }
            return transfer.prepareHandshake(OpaquePointer(context))
        }
        set(CURLOPT_SSL_CTX_DATA, me)
    }

    private func setUpResponse(_ me: UnsafeRawPointer) {
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

    func set(_ option: CURLoption, _ text: String) { text.withCString { set(option, UnsafeRawPointer($0)) } }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A count other than the one given ends the transfer.
    private func bodyArrived(_ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
        if scanner.count + Int64(count) > bodyMax {
            stop = .bodyTooLarge
            return 0
        }
        if collected != nil { collect(bytes, count) }
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
        if header.count == 0 { answerBegins() }
        switch header.add(UnsafeBufferPointer(start: bytes, count: count)) {
        case .taken: return count
        case .tooLarge: stop = .headerTooLarge
        case .wrongStatusLine: stop = .wrongStatusLine
        case .wrongLength: stop = .wrongLength
        case .tooManyInterim: stop = .tooManyInterim
        }
        return 0
    }

    private func prepareHandshake(_ context: OpaquePointer) -> CURLcode {
        guard let tls = settings?.tls, (try? tls.apply(to: context, isSameOrigin: isSameOrigin)) != nil else {
            return CURLE_SSL_CERTPROBLEM
        }
        TLSWitness.attach(toContext: context, witness)
        return CURLE_OK
    }
}
