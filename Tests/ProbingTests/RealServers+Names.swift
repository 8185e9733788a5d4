import Loopback
import Support

extension RealServers {
    /// dnsmasq, with names of its own and nobody else to ask.
    func dnsmasq(_ names: [String]) throws -> Running {
        try start { port in
            [
                "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root",
                "--port=\(port)", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts",
                "--log-facility=-", "--local=/test/",
            ] + names
        }
    }

    /// haproxy: `plain` speaks HTTP, `secure` HTTP/2 and 1.1 over TLS, `strict` takes no connection. `gone` and `slow`:
    /// the ports of servers behind it.
    func haproxy(gone: Int, slow: Int) throws -> (plain: Running, secure: Int, strict: Int) {
        let secure = try ChildProgram.freePort()
        let strict = try ChildProgram.freePort()
        let both = try folder.file("both.pem")
        try ChildProgram.run(
            ["sh", "-c", "cat \(identity.certificateFile) \(identity.keyFile) > \(both)"], in: folder.path)
        let plain = try start { port in
            let file = try folder.file(
                "haproxy.cfg",
                """
                global
                    maxconn 100
                defaults
                    mode http
                    timeout connect 1s
                    timeout client 20s
                    timeout server 200ms
                    retries 0
                frontend plain
                    bind 127.0.0.1:\(port)
                    http-request deny deny_status 403 if { path /denied }
                    http-request deny deny_status 429 if { path /limited }
                    http-request reject if { path /rejected }
                    http-request redirect location / code 302 if { path /moved }
                    http-request redirect location /round code 308 if { path /round }
                    http-request return status 200 content-type text/plain string "up" if { path / }
                    use_backend gone if { path /gone }
                    use_backend slow if { path /slow }
                    use_backend none
                backend gone
                    server one 127.0.0.1:\(gone)
                backend slow
                    server one 127.0.0.1:\(slow)
                backend none
                frontend secure
                    bind 127.0.0.1:\(secure) ssl crt \(both) alpn h2,http/1.1 ssl-min-ver TLSv1.3
                    http-request deny deny_status 410 if { path /denied }
                    http-request return status 200 content-type text/plain string "up"
                frontend strict
                    mode tcp
                    bind 127.0.0.1:\(strict)
                    tcp-request connection reject

                """)
            return ["haproxy", "-db", "-f", file]
        }
        return (plain, secure, strict)
    }
}
