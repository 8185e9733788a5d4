import Foundation
import Glibc
import Loopback
import Support

/// Debian's servers that begin without TLS, each in a folder of its own with a certificate of the test's authority.
struct RealServers {
    let folder: TemporaryFolder
    let identity: ServerIdentity
    /// Some servers do not run as root.
    private let isRoot = getuid() == 0

    init(_ identity: ServerIdentity) throws {
        folder = try TemporaryFolder()
        self.identity = identity
        try ChildProgram.run(["chmod", "711", folder.path], in: folder.path)
    }

    struct Running {
        let program: ChildProgram
        /// What the server has open.
        let folder: TemporaryFolder
        let port: Int
        var address: String { "127.0.0.1:\(port)" }
    }

    func start(_ arguments: (Int) throws -> [String]) throws -> Running {
        let port = try ChildProgram.freePort()
        return Running(
            program: try ChildProgram(try arguments(port), in: folder.path, listeningOn: port), folder: folder,
            port: port)
    }

    func smtp() throws -> Running {
        let script = try folder.file(
            "smtp.py",
            """
            import asyncio, ssl, sys
            from aiosmtpd.smtp import SMTP
            from aiosmtpd.handlers import Sink

            async def main():
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(sys.argv[1], sys.argv[2])
                loop = asyncio.get_running_loop()
                server = await loop.create_server(
                    lambda: SMTP(Sink(), hostname="mail.test", tls_context=context, loop=loop),
                    "127.0.0.1", int(sys.argv[3]))
                await server.serve_forever()

            asyncio.run(main())
            """)
        return try start { ["python3", script, identity.certificateFile, identity.keyFile, "\($0)"] }
    }

    /// IMAP and POP3.
    func dovecot() throws -> (imap: Running, popPort: Int) {
        let popPort = try ChildProgram.freePort()
        let user = isRoot ? "" : "default_internal_user = \(NSUserName())\ndefault_login_user = \(NSUserName())\n"
        func listener(_ name: String, _ port: Int) -> String {
            """
            service \(name)-login {
              chroot =
              inet_listener \(name) {
                address = 127.0.0.1
                port = \(port)
              }
              inet_listener \(name)s {
                port = 0
              }
            }

            """
        }
        let imap = try start { port in
            let file = try folder.file(
                "dovecot.conf",
                """
                base_dir = \(folder.path)/dovecot
                log_path = /dev/stderr
                protocols = imap pop3
                ssl = yes
                ssl_cert = <\(identity.certificateFile)
                ssl_key = <\(identity.keyFile)
                \(user)\(listener("imap", port))\(listener("pop3", popPort))passdb {
                  driver = static
                }
                userdb {
                  driver = static
                  args = uid=65534 gid=65534 home=/tmp
                }

                """)
            return ["dovecot", "-F", "-c", file]
        }
        return (imap, popPort)
    }

    func ftp() throws -> Running {
        try start { port in
            let file = try folder.file(
                "vsftpd.conf",
                """
                listen=YES
                listen_address=127.0.0.1
                listen_port=\(port)
                background=NO
                anonymous_enable=YES
                ssl_enable=YES
                ssl_ciphers=HIGH
                rsa_cert_file=\(identity.certificateFile)
                rsa_private_key_file=\(identity.keyFile)
                secure_chroot_dir=\(folder.path)
                run_as_launching_user=YES
                seccomp_sandbox=NO

                """)
            // Its configuration must be its own.
            return ["vsftpd", file]
        }
    }

    func xmpp() throws -> Running {
        try start { port in
            let file = try folder.file(
                "prosody.cfg.lua",
                """
                run_as_root = true
                daemonize = false
                pidfile = "\(folder.path)/prosody.pid"
                data_path = "\(folder.path)"
                modules_enabled = { "tls" }
                modules_disabled = { "s2s", "offline" }
                interfaces = { "127.0.0.1" }
                c2s_ports = { \(port) }
                c2s_require_encryption = true
                ssl = { certificate = "\(identity.certificateFile)", key = "\(identity.keyFile)" }
                log = { info = "*console" }
                VirtualHost "localhost"

                """)
            return ["prosody", "-F", "--config", file]
        }
    }

    func ldap(hasTLS: Bool = true) throws -> Running {
        let tls = "TLSCertificateFile \(identity.certificateFile)\nTLSCertificateKeyFile \(identity.keyFile)\n"
        let file = try folder.file("slapd-\(hasTLS).conf", hasTLS ? tls : "\n")
        return try start { ["slapd", "-f", file, "-h", "ldap://127.0.0.1:\($0)", "-d", "256"] }
    }

    func mariadb() throws -> Running {
        let data = folder.path + "/mariadb"
        let user = isRoot ? ["--user=root"] : []
        try ChildProgram.run(
            [
                "mariadb-install-db", "--no-defaults", "--datadir=\(data)", "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ] + user, in: folder.path)
        return try start { port in
            ["mariadbd", "--no-defaults", "--datadir=\(data)", "--socket=\(folder.path)/mariadb.sock"]
                + ["--port=\(port)", "--bind-address=127.0.0.1", "--pid-file=\(data)/mariadb.pid"]
                + ["--ssl-cert=\(identity.certificateFile)", "--ssl-key=\(identity.keyFile)"] + user
        }
    }

    /// `hasTLS` false: it answers N.
    func postgres(hasTLS: Bool = true) throws -> Running {
        let home = try folder.file("postgres-\(hasTLS)")
        try ChildProgram.run(["mkdir", home], in: folder.path)
        try ChildProgram.run(["cp", identity.certificateFile, home + "/server.pem"], in: folder.path)
        try ChildProgram.run(["cp", identity.keyFile, home + "/server.key"], in: folder.path)
        if isRoot { try ChildProgram.run(["chown", "-R", "nobody:nogroup", home], in: folder.path) }
        let versions = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")
        let programs = "/usr/lib/postgresql/\(versions.max() ?? "")/bin"
        let nobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        try ChildProgram.run(
            nobody + ["\(programs)/initdb", "-D", "\(home)/data", "-A", "trust", "-N", "-U", "postgres"],
            in: folder.path)
        let tls = ["ssl=on", "ssl_cert_file=\(home)/server.pem", "ssl_key_file=\(home)/server.key"]
        let running = try start { port in
            let settings = ["listen_addresses=127.0.0.1", "port=\(port)", "fsync=off"] + (hasTLS ? tls : [])
            return nobody + ["\(programs)/postgres", "-D", "\(home)/data", "-k", ""] + settings.flatMap { ["-c", $0] }
        }
        // It listens before it is ready.
        let isReady = "\(programs)/pg_isready -h 127.0.0.1 -p \(running.port)"
        try ChildProgram.run(["sh", "-c", "until \(isReady); do sleep 0.02; done"], in: folder.path)
        return running
    }

    func redis() throws -> Running {
        try start { ["redis-server", "--port", "\($0)", "--bind", "127.0.0.1", "--save", "", "--dir", folder.path] }
    }

    /// redis behind TLS alone.
    func redisTLS() throws -> Running {
        try start { port in
            ["redis-server", "--port", "0", "--tls-port", "\(port)", "--bind", "127.0.0.1", "--save", ""]
                + ["--dir", folder.path, "--tls-cert-file", identity.certificateFile]
                + ["--tls-key-file", identity.keyFile, "--tls-auth-clients", "no"]
                + ["--tls-ca-cert-file", identity.certificateFile]
        }
    }
}
